import Postgres
import Service

extension Database {
    /// Runs a change in a transaction, and answers the violation of a named constraint with the refusal it stands for.
    func changing<T: Sendable>(
        refusing refusals: [String: Problem] = [:], _ body: () async throws -> T
    ) async throws -> T {
        do {
            return try await transaction { _ in try await body() }
        } catch let error as DatabaseError {
            guard let name = error.constraint, error.violates(name), let refusal = refusals[name] else { throw error }
            throw refusal
        }
    }

    /// A savepoint when a transaction is under way, so that a refused statement does not spoil it; nothing otherwise.
    func transaction<T: Sendable>(inside isNested: Bool, _ body: () async throws -> T) async throws -> T {
        isNested ? try await transaction { _ in try await body() } : try await body()
    }
}
