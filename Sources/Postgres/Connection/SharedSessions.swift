import CPostgres
import Runtime

/// Something between us and PostgreSQL gives one session to several clients in turn, as PgBouncer does in transaction mode.
/// What belongs to a session is then another's a moment later: prepared statements, LISTEN, the lock of migrations, limits.
package struct SharedSessions: Error, Sendable, Equatable, CustomStringConvertible {
    package let description = """
        DATABASE_URL leads to a pooler that shares sessions (PgBouncer's pool_mode = transaction), and Atrium needs its own: \
        set pool_mode = session for this database, or let DATABASE_URL name PostgreSQL itself
        """
}

extension Database {
    /// Throws `SharedSessions` when a connection does not keep its session.
    package func requireOwnSessions() async throws {
        try await onLoop { [self] in
            let connection = try await plainConnection()
            defer { connection.close() }
            try await requireOwnSession(of: connection)
        }
    }

    /// A pooler is known by the process that it names at the start of a connection, which is none of PostgreSQL's. One that
    /// shares gives an idle connection's session to the next that asks, or another one to whoever asks again: how many it
    /// has, and in which order they go, is its own affair, hence the turns.
    func requireOwnSession(of connection: PlainConnection) async throws {
        guard try await connection.process() != connection.announcedProcess else { return }
        let other = try await plainConnection()
        defer { other.close() }
        for _ in 0..<3 {
            let first = try await connection.process(), second = try await connection.process()
            try await other.run("begin")
            let others = try await other.process()
            let third = try await connection.process()
            try await other.run("rollback")
            if first == second, second == third, second != others { continue }
            // What a session was told when we began would be the next client's; where it cannot be taken back the start is refused
            // all the same.
            _ = try? await connection.run("reset all")
            _ = try? await other.run("reset all")
            throw SharedSessions()
        }
    }

    /// A connection to be closed by the caller, on the loop that he runs on.
    func plainConnection() async throws -> PlainConnection {
        guard let loop = EventLoop.current else { preconditionFailure("not on a loop") }
        return try await PlainConnection.open(settings.connection, on: loop, resolver: resolver)
    }
}

extension PlainConnection {
    /// The process that serves the connection, as it was named when the connection was made (protocol, BackendKeyData).
    fileprivate var announcedProcess: Int { Int(PQbackendPID(handle)) }

    /// The process that serves the connection now.
    fileprivate func process() async throws -> Int? {
        try await run("select pg_backend_pid()").rows.first?.first?.flatMap { Int($0) }
    }
}
