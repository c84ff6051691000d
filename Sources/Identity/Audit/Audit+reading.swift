import Postgres
import Service
import Values

extension Audit {
    /// The trail, the newest first.
    func feed(_ condition: AuditCondition, _ request: CursorRequest) async throws -> Feed<AuditView> {
        let cursor = try request.cursor.map { text in
            guard let cursor = AuditCursor(text: text) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            return cursor
        }
        let rows = try await database.all(AuditQueries.list(condition, after: cursor, limit: request.limit + 1))
        return Feed(fetched: rows.map { AuditView(record: $0) }, limit: request.limit) { AuditCursor(after: $0.record).text }
    }

    /// The trail as it stands now, the newest first, for a file. Who takes it is told in the trail before its first row;
    /// HEAD takes none.
    ///
    /// - Parameter asked: what the trail says of the condition.
    func export(
        _ condition: AuditCondition, asked: [(name: String, value: AuditValue)], by actor: AuditActor
    ) async throws -> Export<AuditRecord> {
        let start = AuditCursor(before: clock.now())
        let rows = try await database.one(AuditQueries.count(condition, after: start, upTo: ExportLimit.counted))
        return try Export(rows: rows) { [self] (last: AuditRecord?, limit) in
            if last == nil { await record(.exported("audit_log", asked, rows: rows), by: actor) }
            let cursor = last.map { AuditCursor(after: $0) } ?? start
            return try await database.all(AuditQueries.list(condition, after: cursor, limit: limit, .report))
        }
    }

    /// What was done to one object, the newest first.
    package func history(of objectType: String, _ objectID: String, limit: Int) async throws -> [AuditRecord] {
        let condition = AuditCondition(objectType: objectType, objectID: objectID)
        return try await database.all(AuditQueries.list(condition, after: nil, limit: limit))
    }

    func find(_ id: ID<AuditRecord>, _ condition: AuditCondition) async throws -> AuditView {
        guard let record = try await database.first(AuditQueries.find(id, condition)) else {
            throw HouseProblem.notFound.problem
        }
        return AuditView(record: record)
    }

    func stats(_ condition: AuditCondition) async throws -> AuditStats {
        AuditStats(
            total: try await database.one(AuditQueries.total(condition)),
            topActors: try await database.all(AuditQueries.topActors(condition)).map { AuditActorView(row: $0) },
            topActions: try await database.all(AuditQueries.topActions(condition)).map { AuditActionView(row: $0) },
            byDay: try await database.all(AuditQueries.byDay(condition)).map { AuditDayView(row: $0) })
    }

    /// Deletes rows that have been kept long enough, some at a time; answers how many.
    package func purge(before: Instant) async throws -> Int {
        try await database.transaction { _ in
            _ = try await database.first(AuditQueries.allowRetention())
            return try await database.execute(AuditQueries.purge(before: before))
        }
    }
}
