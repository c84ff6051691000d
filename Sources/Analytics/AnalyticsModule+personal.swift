import JSON
import Postgres
import Service
import Values

extension AnalyticsModule {
    /// The reports that somebody has had made: they go with him, so that none is made in his name any more. Their files are kept
    /// by Files.
    package var personalData: [PersonalData] {
        [
            PersonalData(
                "reports", in: analytics.database, export: PersonalQueries.reports,
                erase: { [PersonalQueries.dropRuns(of: $0), PersonalQueries.dropSaved(of: $0)] })
        ]
    }
}

enum PersonalQueries {
    /// Indexes `saved_reports_owner`, `report_runs_owner`.
    static func reports(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select jsonb_build_object(
                'saved', (select coalesce(jsonb_agg(jsonb_build_object('createdAt', s.created_at, 'name', s.name, 'kind', s.kind,
                        'format', s.format, 'frequency', s.frequency) order by s.id), '[]')
                    from analytics.saved_reports s where s.owner_id = \(user)),
                'made', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                    select r.id, r.created_at as "createdAt", r.kind, r.from_on as "from", r.to_on as "to", r.format, r.status
                      from analytics.report_runs r where r.owner_id = \(user) order by r.id desc limit 5000) x))
            """, .report)
    }

    static func dropRuns(of user: UUID) -> Command { Command("delete from analytics.report_runs where owner_id = \(user)") }
    static func dropSaved(of user: UUID) -> Command { Command("delete from analytics.saved_reports where owner_id = \(user)") }

    static var samples: [StatementSample] {
        [
            StatementSample("personal: reports", reports(.zero)), StatementSample("personal: drop runs", dropRuns(of: .zero)),
            StatementSample("personal: drop saved", dropSaved(of: .zero)),
        ]
    }
}
