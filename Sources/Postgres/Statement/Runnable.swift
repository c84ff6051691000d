/// A statement or command as a member of a group: `let (readings, touched) = try await database.write(insert, update)`.
package protocol Runnable: Sendable {
    /// What running it answers.
    associatedtype Answer

    var sql: SQL { get }
    /// Reads the answer from what came back.
    func answer(from outcome: Outcome) throws -> Answer
}

/// What PostgreSQL answered to one statement.
package struct Outcome {
    let pending: Pending
}

extension Statement: Runnable {
    package func answer(from outcome: Outcome) throws -> [Output] { try outcome.pending.rows() }
}

extension Command: Runnable {
    package func answer(from outcome: Outcome) throws -> Int { outcome.pending.affected }
}
