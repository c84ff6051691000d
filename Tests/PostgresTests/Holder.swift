import Postgres
import Support

/// A transaction that stands still, with what it has locked and the connection it has leased, until it is let go: by the
/// test, or when the test has failed and forgets it.
final class Holder: Sendable {
    private let gate: AsyncStream<Void>.Continuation
    private let task: Task<Void, any Error>

    /// Returns when `work` has been done in the transaction.
    init(_ database: Database, _ work: @escaping @Sendable () async throws -> Void) async {
        let (taken, arrival) = AsyncStream<Void>.makeStream()
        let (opened, gate) = AsyncStream<Void>.makeStream()
        self.gate = gate
        task = Task {
            defer { arrival.finish() }
            try await TestLoops.run {
                try await database.transaction { _ in
                    try await work()
                    arrival.finish()
                    for await _ in opened {}
                }
            }
        }
        for await _ in taken {}
    }

    deinit { gate.finish() }

    /// Returns when the transaction has committed; throws what it threw.
    func letGo() async throws {
        gate.finish()
        try await task.value
    }
}
