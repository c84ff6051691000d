/// A request for a connection of one's own. Confined to its loop.
final class Lease: Waiting, @unchecked Sendable {
    /// The connection, once the request has been granted.
    var connection: PipelineConnection?
}
