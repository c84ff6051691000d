import Runtime

/// A polling request that waits on its own loop for what a session on perhaps another one has to tell.
final class PollReply: @unchecked Sendable {
    enum Outcome: Sendable {
        case payload([UInt8])
        case refused(EngineError)
    }

    let loop: EventLoop
    private let waiter = Waiter<Outcome>()

    init(loop: EventLoop) { self.loop = loop }

    /// From any thread.
    func answer(_ outcome: Outcome) { loop.execute { self.waiter.resume(returning: outcome) } }

    /// On the request's loop. Throws when the request is given up.
    func outcome() async throws -> Outcome {
        try await withTaskCancellationHandler {
            try await waiter.value()
        } onCancel: {
            loop.execute { self.waiter.resume(throwing: CancellationError()) }
        }
    }
}
