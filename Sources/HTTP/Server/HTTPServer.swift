import CSystem
import Glibc
import Runtime
import Synchronization

/// An HTTP/1.1 server: a listening socket per loop, and connections that are dealt evenly to the loops and stay there.
package final class HTTPServer: Sendable {
    private let parts: [ServerLoop]
    private let census: ConnectionCensus
    package let limits: ServerLimits
    private let state = Mutex(State())

    private struct State {
        var address: SocketAddress?
        var descriptors: [Int32] = []
    }

    package init(loops: LoopGroup, limits: ServerLimits = ServerLimits(), responder: any Responder) {
        self.limits = limits
        let census = ConnectionCensus(limits: limits)
        self.census = census
        parts = loops.loops.map {
            ServerLoop(loop: $0, limits: limits, responder: responder, census: census, loops: loops.loops.count)
        }
        for part in parts { part.know(parts) }
    }

    /// Where the server listens, with the port the kernel chose if 0 was asked for; nil before `start`.
    package var address: SocketAddress? { state.withLock { $0.address } }

    /// Connections of all loops.
    package var activeConnections: Int { census.all }

    /// What each loop has done, in the order of the group.
    package var counters: [ServerCounters] { parts.map(\.counters) }

    /// Binds one socket per loop to the address and begins to accept. Throws `SystemError` when that cannot be done.
    ///
    /// - Parameter sharing: another process may listen on the same port at the same time. Off, a second server is told
    ///   EADDRINUSE instead of silently taking half of the connections.
    package func start(on address: SocketAddress, sharing: Bool = false) throws {
        var descriptors: [Int32] = []
        do {
            var address = address
            if !sharing { try ListeningSocket.requireFree(address) }
            for _ in parts {
                descriptors.append(try ListeningSocket.open(address, backlog: limits.backlog))
                // The first socket settles the port for the others.
                address = try ListeningSocket.address(of: descriptors[0])
                // A path has one socket; its queue is shared.
                guard address.family != .unix else { break }
            }
        } catch {
            for fd in descriptors { close(fd) }
            throw error
        }
        try start(adopting: descriptors)
    }

    /// Goes on with sockets that listen already: inherited from a supervisor, or handed over by the process that this
    /// one replaces. They are dealt to the loops in turn and owned from here on.
    package func start(adopting descriptors: [Int32]) throws {
        guard let first = descriptors.first else { throw SystemError("listen", code: EINVAL) }
        let address = try ListeningSocket.address(of: first)
        // A supervisor may hand over blocking ones; accepting from such a socket would stop the loop.
        for fd in descriptors { try checked("fcntl", fcntl(fd, F_SETFL, O_NONBLOCK)) }
        state.withLock {
            $0.address = address
            $0.descriptors = descriptors
        }
        for (index, part) in parts.enumerated() {
            var mine = descriptors.enumerated().filter { $0.offset % parts.count == index }.map(\.element)
            // Fewer sockets than loops: the rest share the first one's queue.
            if mine.isEmpty { mine = [try checked("fcntl", fcntl(first, F_DUPFD_CLOEXEC, 0))] }
            let listening = mine
            part.loop.execute {
                do { try part.start(listening: listening) } catch { preconditionFailure("cannot listen: \(error)") }
            }
        }
    }

    /// The listening sockets, to be handed to a successor. Valid until the server stops listening.
    package var listeningDescriptors: [Int32] { state.withLock { $0.descriptors } }

    /// Takes what waits to be accepted and closes the listening sockets, on every loop. Running connections go on.
    package func stopListening() async {
        state.withLock { $0.descriptors = [] }
        await onEachLoop { part, done in
            part.stopListening()
            done()
        }
    }

    /// Stops gracefully: no new connections, idle ones close, requests under way have `grace` to finish; what is left
    /// then is cut off. Returns when no connection is left.
    package func drain(grace: Duration = .seconds(30)) async {
        state.withLock { $0.descriptors = [] }
        await onEachLoop { part, done in
            let deadline = part.loop.timer(after: grace) { part.abandon() }
            part.drain {
                deadline.cancel()
                done()
            }
        }
    }

    /// Ends everything now: a second signal, or the end of a test.
    package func stopAtOnce() {
        state.withLock { $0.descriptors = [] }
        for part in parts { part.loop.execute { part.stopAtOnce() } }
    }

    /// Bytes of memory that all connections hold for what they have received and not answered, or answered and not sent.
    package func heldBytes() async -> Int {
        let sum = Atomic<Int>(0)
        await onEachLoop { part, done in
            sum.add(part.connections.reduce(0) { $0 + $1.held }, ordering: .relaxed)
            done()
        }
        return sum.load(ordering: .acquiring)
    }

    private func onEachLoop(_ body: @escaping @Sendable (ServerLoop, @escaping @Sendable () -> Void) -> Void) async {
        let left = Countdown(parts.count)
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            for part in parts {
                part.loop.execute { body(part) { if left.isLast() { continuation.resume() } } }
            }
        }
    }

    /// Counts the loops that are still busy.
    private final class Countdown: Sendable {
        private let left: Atomic<Int>
        init(_ count: Int) { left = Atomic(count) }
        func isLast() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
    }
}
