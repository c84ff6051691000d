import CSystem
import Glibc
import Runtime
import Testing

@testable import HTTP

/// A server of its own for one test: its loops, its port, its responder. Stopped when the test lets it go.
final class TestServer: Sendable {
    let group: LoopGroup
    let server: HTTPServer
    let responder: TestResponder

    init(
        loops: Int = 1, limits: ServerLimits = ServerLimits(), responder: TestResponder = TestResponder(),
        adopting descriptors: [Int32] = []
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        self.responder = responder
        group = try LoopGroup(count: loops)
        server = HTTPServer(loops: group, limits: limits, responder: responder)
        group.start()
        if descriptors.isEmpty {
            try server.start(on: try #require(SocketAddress(ip: "127.0.0.1", port: 0)))
        } else {
            try server.start(adopting: descriptors)
        }
    }

    var port: UInt16 { server.address?.port ?? 0 }

    func connect() throws -> RawClient { try RawClient(port: port) }

    /// The sum of one counter over all loops.
    func sum(_ counter: (ServerCounters) -> Int) -> Int { server.counters.reduce(0) { $0 + counter($1) } }

    deinit {
        server.stopAtOnce()
        group.stopAndJoin()
    }
}

/// Short times, for tests in which a limit is to be reached.
func quickLimits(_ change: (inout ServerLimits) -> Void = { _ in }) -> ServerLimits {
    var limits = ServerLimits()
    limits.tick = .milliseconds(5)
    change(&limits)
    return limits
}

extension TestServer {
    var limits: ServerLimits { server.limits }

    /// Memory that the server's connections hold for bytes in either direction.
    func held() async -> Int {
        await server.heldBytes()
    }
}
