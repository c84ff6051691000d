import HTTP
import JSON
import Realtime
import Runtime
import Support
import Synchronization
import Testing

@testable import UrgentServices

/// What is left of a socket that ends while it is being judged.
@Suite struct SocketEndTests {
    /// The socket goes while its own room is entered: no timer of a day stays behind, and its place is free.
    @Test func whoGoesWhileHeIsProvedLeavesNothing() async throws {
        try await withBoard { board in
            try await board.come(1)
            let sockets = board.doors.sockets
            let proof = JSONValue.object([("type", "auth"), ("init_data", .string(Board.initData(1)))]).jsonBytes
            let loop = TestLoops.group.loops[0]
            let isStopped = Mutex(false)
            await loop.spawn {
                let line = HeldLine(loop: loop)
                let talk = BoardTalk(line, sockets)
                proof.withUnsafeBytes { talk.heard($0, isText: true) }
                try? await line.isEntering.value()
                talk.ended()
                line.letIn.resume(returning: ())
                await line.work?.value
                isStopped.withLock { $0 = talk.timer?.isCancelled != false }
            }.value
            #expect(isStopped.withLock { $0 })
            for _ in 0..<SocketCensus.perUser { #expect(sockets.census.enter(1)) }
        }
    }
}

/// A socket that enters a room when it is let in. Used on its loop.
private final class HeldLine: SocketLine, @unchecked Sendable {
    let address = "192.0.2.7"
    let loop: EventLoop
    let isOpen = true
    let roomCount = 0
    let isEntering = Waiter<Void>(), letIn = Waiter<Void>()
    private(set) var work: Task<Void, Never>?

    init(loop: EventLoop) { self.loop = loop }

    func say(_ text: [UInt8]) {}
    func close(_ code: CloseCode, _ reason: String) {}
    func leave(_ room: String) {}
    func isIn(_ room: String) -> Bool { false }
    func perform(_ body: @escaping () async -> Void) {
        nonisolated(unsafe) let body = body
        work = loop.spawn { await body() }
    }

    func enter(_ room: String) async throws {
        isEntering.resume(returning: ())
        try await letIn.value()
    }
}
