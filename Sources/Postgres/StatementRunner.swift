/// What runs statements: a `Database`, or a `Transaction` of it.
package protocol StatementRunner: Sendable {
    /// Runs one statement and suspends until its answer is there.
    func run(_ sql: SQL, _ route: StatementRoute) async throws -> Outcome
    /// Runs several as one: one round trip, and all or nothing.
    func run(group: [SQL]) async throws -> [Outcome]
}

extension StatementRunner {
    /// Every row that the statement yields.
    package func all<Output: Row>(_ statement: Statement<Output>) async throws -> [Output] {
        try await run(statement.sql, statement.route).pending.rows()
    }

    /// The first row, or nil when there is none.
    package func first<Output: Row>(_ statement: Statement<Output>) async throws -> Output? {
        try await run(statement.sql, statement.route).pending.first()
    }

    /// The one row of a statement that always yields one (`count(*)`, `insert … returning`).
    package func one<Output: Row>(_ statement: Statement<Output>) async throws -> Output {
        let outcome = try await run(statement.sql, statement.route)
        guard let row: Output = try outcome.pending.first() else { throw NoRow(statement: statement.sql.description) }
        return row
    }

    /// Runs a command; answers how many rows it touched.
    @discardableResult
    package func execute(_ command: Command) async throws -> Int {
        try await run(command.sql, .automatic).pending.affected
    }

    /// Runs several statements in one round trip, all or nothing; each sees what those before it have done. The answers
    /// come at the end: `let (readings, touched) = try await database.write(insert, update)`.
    @discardableResult
    package func write<each Member: Runnable>(
        _ members: repeat each Member
    ) async throws -> (repeat (each Member).Answer) {
        var group: [SQL] = []
        for member in repeat each members { group.append(member.sql) }
        var outcomes = try await run(group: group).makeIterator()
        return (repeat try (each members).answer(from: outcomes.next()!))
    }

    /// Runs any number of commands in one round trip, all or nothing; answers how many rows each touched.
    @discardableResult
    package func write(_ commands: [Command]) async throws -> [Int] {
        if commands.isEmpty { return [] }
        return try await run(group: commands.map(\.sql)).map(\.pending.affected)
    }
}

/// A statement that always yields a row has yielded none: a mistake of the program.
package struct NoRow: Error, Sendable {
    package let statement: String
}
