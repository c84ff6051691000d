/// A place among the connections that the server counts, in all and per address; given back when nobody holds it.
final class ConnectionPlace: Sendable {
    private let census: ConnectionCensus
    private let peer: PeerAddress

    /// The place must have been taken: `ConnectionCensus.enter`.
    init(of peer: PeerAddress, in census: ConnectionCensus) {
        self.census = census
        self.peer = peer
    }

    deinit { census.leave(peer) }
}
