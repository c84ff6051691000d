import Postgres

/// The server's side of a test's connections.
enum Backends {
    private static let others = "datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"

    /// Ends sessions, as an administrator or a crash would.
    static func kill(_ database: Database, where condition: String = "true") async throws {
        try await database.administer("select pg_terminate_backend(pid) from pg_stat_activity where \(others) and \(condition)")
    }

    /// Suspends until a session stands before a lock; `count` of them.
    static func untilBlocked(_ database: Database, _ count: Int = 1) async throws {
        try await until {
            try await database.administer(
                "select 1 from pg_stat_activity where \(others) and wait_event_type = 'Lock'").count >= count
        }
    }

    /// Asks again and again; the suite's time limit ends what never comes true.
    static func until(_ holds: () async throws -> Bool) async throws {
        while try await !holds() { try await Task.sleep(for: .milliseconds(1)) }
    }
}
