import Runtime

/// Asks the like questions of many requests with one statement: those that arrive while earlier ones are under way are
/// gathered and sent together, a row of arrays each (the pattern known as DataLoader).
///
/// One execution for sixteen rows costs PostgreSQL a third of sixteen executions, because a statement's start, its
/// description and its commit are paid once. Nobody waits for company: a question that comes alone is sent alone.
///
/// A statement that writes is one transaction for all its questions. When PostgreSQL refuses it, nothing has happened,
/// and each is asked again by itself, so that one cannot spoil the others. It should therefore pass over rows that
/// others have locked (`skip locked`), or one waits for all; and answer no row for what it has not done.
///
/// Inside a transaction a question is asked at once and alone, in that transaction.
package final class Batcher<Question: Sendable, Output: Row>: Sendable {
    private let database: Database
    private let statement: @Sendable ([Question]) -> Statement<Placed<Output>>
    /// In the order of the database's shards.
    private let lines: [BatchLine<Question, Output>]

    /// - Parameters:
    ///   - limit: questions in one statement.
    ///   - atOnce: how many statements of a loop may be under way: more than one where they write, so that some are worked on
    ///     while others wait for the disk.
    ///   - statement: asks several questions; its rows may come in any order, each with its question's place.
    package init(
        _ database: Database, limit: Int = 32, atOnce: Int = 1,
        _ statement: @escaping @Sendable ([Question]) -> Statement<Placed<Output>>
    ) {
        self.database = database
        self.statement = statement
        lines = database.shards.map {
            BatchLine($0, database, limit: limit, atOnce: atOnce, statement)
        }
    }

    /// The rows that answer a question.
    package func all(_ question: Question) async throws -> [Output] {
        if let asked = try await answered(question) { return try asked.answers() }
        return try await allAlone(question)
    }

    /// The first row that answers a question, or nil when none does.
    package func first(_ question: Question) async throws -> Output? {
        if let asked = try await answered(question) { return try asked.first() }
        return try await firstAlone(question)
    }

    // Functions of their own, so that the usual way does not make room for what only they need.

    private func allAlone(_ question: Question) async throws -> [Output] {
        try await database.all(statement([question])).map { $0.output }
    }

    private func firstAlone(_ question: Question) async throws -> Output? {
        try await database.first(statement([question]))?.output
    }

    /// The question with its answers; nil when it is to be asked alone.
    private func answered(_ question: Question) async throws -> Asked<Question>? {
        guard !database.isInTransaction, let shard = database.shard else { return nil }
        let asked = Asked(question)
        try await lines[shard.number].wait(asked)
        return asked.isSpoiled ? nil : asked
    }
}
