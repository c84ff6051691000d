import Synchronization
import Values

@testable import Payments

/// The sandbox behind a line that breaks: what is asked of it is done or not, and its answer is lost.
final class FragileProvider: PaymentProvider {
    enum Call { case open, find, status, cancel, refund, findRefund }
    enum Break { case beforeIt, afterIt, refusing }
    struct LineBroken: Error {}

    let sandbox: SandboxProvider
    private let line: Line

    init(_ sandbox: SandboxProvider, _ line: Line) {
        self.sandbox = sandbox
        self.line = line
    }

    /// What the test does to the line, and what has gone over it.
    final class Line: Sendable {
        private let breaks = Mutex<[Call: Break]>([:])
        private let calls = Mutex<[Call]>([])

        func fail(_ call: Call, _ moment: Break) { breaks.withLock { $0[call] = moment } }
        func mend() { breaks.withLock { $0 = [:] } }
        func count(_ call: Call) -> Int { calls.withLock { $0.filter { $0 == call }.count } }

        fileprivate func carry<T>(_ call: Call, _ body: () async throws -> T) async throws -> T {
            calls.withLock { $0.append(call) }
            let moment = breaks.withLock { $0[call] }
            if moment == .beforeIt { throw LineBroken() }
            let answer = try await body()
            if moment == .afterIt { throw LineBroken() }
            return answer
        }

        fileprivate var refuses: Bool { breaks.withLock { $0[.refund] == .refusing } }
    }

    var name: String { sandbox.name }
    var isLive: Bool { sandbox.isLive }

    func open(_ order: OrderRequest) async throws -> ProviderOrder {
        try await line.carry(.open) { try await sandbox.open(order) }
    }

    func find(_ order: OrderRequest) async throws -> ProviderOrder? {
        try await line.carry(.find) { try await sandbox.find(order) }
    }

    func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        try await line.carry(.status) { try await sandbox.status(of: attempt) }
    }

    func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        try await line.carry(.cancel) { try await sandbox.cancel(attempt) }
    }

    func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        try await line.carry(.refund) {
            line.refuses ? .refused("the account is empty") : try await sandbox.refund(refund)
        }
    }

    func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        try await line.carry(.findRefund) { try await sandbox.find(refund) }
    }

    func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice { try sandbox.read(webhook, now: now) }
}
