import Runtime

/// Prepares sample statements against a migrated database and compares the types of their binds and columns with the
/// Swift types.
package enum StatementCheck {
    /// Every mismatch found; empty when all is well.
    package static func verify(_ samples: [StatementSample], on database: Database) async throws -> [StatementMismatch] {
        guard let loop = EventLoop.current else {
            return try await database.onLoop { try await verify(samples, on: database) }
        }
        let connection = try await PlainConnection.open(
            database.settings.connection, on: loop, resolver: database.resolver)
        defer { connection.close() }
        let names = try await typeNames(connection)
        var mismatches: [StatementMismatch] = []
        for sample in samples {
            for reason in try await problems(of: sample, connection, names) {
                mismatches.append(StatementMismatch(statement: sample.name, reason: reason))
            }
        }
        return mismatches
    }

    /// Types by number; a domain counts as what it is made of.
    private static func typeNames(_ connection: PlainConnection) async throws -> [UInt32: String] {
        let rows = try await connection.run(
            """
            select oid, format_type(case when typtype = 'd' then typbasetype else oid end, null) from pg_catalog.pg_type
            """
        ).rows
        var names: [UInt32: String] = [:]
        for row in rows {
            guard let number = row[0].flatMap({ UInt32($0) }), let name = row[1] else { continue }
            // A type outside of the search path has its schema before it.
            names[number] = name.split(separator: ".").last.map(String.init) ?? name
        }
        return names
    }

    private static func problems(
        of sample: StatementSample, _ connection: PlainConnection, _ names: [UInt32: String]
    ) async throws -> [String] {
        let text = StatementText(sample.sql.draft, number: 0)
        let description: PlainConnection.Description
        do {
            description = try await connection.describe(text.description, bindTypes: text.bindTypes)
        } catch let error as DatabaseError where error.kind == .refused {
            return ["does not prepare: \(error)\n\(text.description)"]
        }
        return bindProblems(sample.sql.draft, description, names) + columnProblems(sample, description, names)
    }

    private static func bindProblems(
        _ draft: StatementDraft, _ description: PlainConnection.Description, _ names: [UInt32: String]
    ) -> [String] {
        (0..<min(draft.bindCount, description.binds.count)).compactMap { index in
            let type = draft.binds[index].type
            let name = names[description.binds[index]] ?? "type \(description.binds[index])"
            if type.columnTypes.contains(where: { $0.name == name }) { return nil }
            return "$\(index + 1) is \(name), \(type) is sent as \(list(type.columnTypes))"
        }
    }

    private static func columnProblems(
        _ sample: StatementSample, _ description: PlainConnection.Description, _ names: [UInt32: String]
    ) -> [String] {
        guard let asked = sample.columns else {
            return description.columns.isEmpty ? [] : ["a command answers \(description.columns.count) columns"]
        }
        var problems: [String] = []
        if asked.count != description.columns.count {
            problems.append("has \(description.columns.count) columns, its row reads \(asked.count)")
        }
        for (index, (column, answered)) in zip(asked, description.columns).enumerated() {
            let name = names[answered.type] ?? "type \(answered.type)"
            guard let types = column.types, !types.contains(where: { $0.name == name }) else { continue }
            problems.append(
                "column \(index + 1) (\(answered.name)) is \(name), \(column.swiftType) is read from \(list(types))")
        }
        return problems
    }

    private static func list(_ types: [PostgresType]) -> String { types.map(\.name).joined(separator: ", ") }
}
