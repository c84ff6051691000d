import Postgres

/// Keys are kept 24 hours.
package enum IdempotencyUpkeep {
    package static func clean(_ database: Database) async throws {
        try await database.execute(IdempotencyQueries.clean())
    }
}
