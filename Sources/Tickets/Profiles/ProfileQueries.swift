import Postgres
import Service
import Values

/// The SQL of `tickets.profiles`.
enum ProfileQueries {
    private static let columns: SQL = """
        scope_type, critical_hours, high_hours, medium_hours, low_hours, auto_close_hours, reopen_hours, waiting_days
        """

    static func row(_ type: ScopeType) -> Statement<ProfileRow> {
        Statement("select \(columns) from tickets.profiles where scope_type = \(type.name)")
    }

    static func rows() -> Statement<ProfileRow> { Statement("select \(columns) from tickets.profiles") }

    static func save(_ terms: ProfileTerms, of type: ScopeType, at now: Instant) -> Command {
        Command(
            """
            insert into tickets.profiles (scope_type, updated_at, critical_hours, high_hours, medium_hours, low_hours,
                auto_close_hours, reopen_hours, waiting_days)
            values (\(type.name), \(now), \(terms.criticalHours), \(terms.highHours), \(terms.mediumHours),
                \(terms.lowHours), \(terms.autoCloseHours), \(terms.reopenHours), \(terms.waitingDays))
            on conflict (scope_type) do update set updated_at = excluded.updated_at,
                critical_hours = excluded.critical_hours, high_hours = excluded.high_hours,
                medium_hours = excluded.medium_hours, low_hours = excluded.low_hours,
                auto_close_hours = excluded.auto_close_hours, reopen_hours = excluded.reopen_hours,
                waiting_days = excluded.waiting_days
            """)
    }

    static var samples: [StatementSample] {
        let terms = ProfileTerms(
            criticalHours: 1, highHours: nil, mediumHours: nil, lowHours: nil, autoCloseHours: 1, reopenHours: 1,
            waitingDays: nil)
        return [
            StatementSample("profile", row(.platform)), StatementSample("profiles", rows()),
            StatementSample("saved profile", save(terms, of: .platform, at: .distantPast)),
        ]
    }
}

struct ProfileRow: Row {
    let scopeType: String
    let terms: ProfileTerms

    init(_ row: inout RowReader) throws {
        scopeType = try row.next()
        terms = ProfileTerms(
            criticalHours: try row.next(), highHours: try row.next(), mediumHours: try row.next(),
            lowHours: try row.next(), autoCloseHours: try row.next(), reopenHours: try row.next(),
            waitingDays: try row.next())
    }
}
