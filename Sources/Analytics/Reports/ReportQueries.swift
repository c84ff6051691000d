import JSON
import Postgres
import Service
import Values

/// The SQL of reports.
enum ReportQueries {
    private static let columns: SQL = """
        r.id, r.created_at, r.updated_at, r.owner_id, r.name, r.kind, r.config, r.format, r.frequency, r.next_run_at
        """
    private static let runColumns: SQL = """
        x.id, x.created_at, x.saved_report_id, x.owner_id, x.kind, x.from_on, x.to_on, x.format, x.status, x.row_count,
        x.file_id, x.error, x.finished_at
        """

    static func report(_ id: ID<SavedReport>, of owner: UUID) -> Statement<SavedReport> {
        Statement("select \(columns) from analytics.saved_reports r where r.id = \(id) and r.owner_id = \(owner)")
    }

    static func lock(_ id: ID<SavedReport>, of owner: UUID) -> Statement<SavedReport> {
        Statement("select \(columns) from analytics.saved_reports r where r.id = \(id) and r.owner_id = \(owner) for update")
    }

    /// Index `saved_reports_owner`.
    static func page(of owner: UUID, _ page: PageRequest) -> Statement<SavedReport> {
        Statement(
            """
            select \(columns) from analytics.saved_reports r where r.owner_id = \(owner)
             order by r.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(of owner: UUID) -> Statement<Int> {
        Statement("select count(*) from analytics.saved_reports r where r.owner_id = \(owner)")
    }

    static func insert(_ report: SavedReport) -> Command {
        Command(
            """
            insert into analytics.saved_reports (id, created_at, updated_at, owner_id, name, kind, config, format, frequency,
                next_run_at)
            values (\(report.id), \(report.createdAt), \(report.updatedAt), \(report.ownerID), \(report.name), \(report.kind),
                \(JSONText(encoding: report.config)), \(report.format), \(report.frequency), \(report.nextRunAt))
            """)
    }

    static func save(_ report: SavedReport, at now: Instant) -> Command {
        Command(
            """
            update analytics.saved_reports set updated_at = \(now), name = \(report.name),
                config = \(JSONText(encoding: report.config)), format = \(report.format), frequency = \(report.frequency),
                next_run_at = \(report.nextRunAt)
             where id = \(report.id)
            """)
    }

    static func delete(_ id: ID<SavedReport>) -> Command { Command("delete from analytics.saved_reports where id = \(id)") }

    /// Index `saved_reports_due`.
    static func due(at now: Instant, limit: Int) -> Statement<SavedReport> {
        Statement(
            """
            select \(columns) from analytics.saved_reports r where r.next_run_at <= \(now)
             order by r.next_run_at limit \(limit) for update skip locked
            """)
    }

    // MARK: Runs

    static func run(_ id: ID<ReportRun>) -> Statement<ReportRun> {
        Statement("select \(runColumns) from analytics.report_runs x where x.id = \(id)")
    }

    /// Indexes `report_runs_owner`, `report_runs_report`.
    static func runs(_ filter: ReportRunFilter, of owner: UUID, before last: ID<ReportRun>?, limit: Int) -> Statement<ReportRun> {
        var condition: SQL = "x.owner_id = \(owner)"
        if let report = filter.savedReportID { condition = "\(condition) and x.saved_report_id = \(report)" }
        if let status = filter.status { condition = "\(condition) and x.status = \(status)" }
        if let last { condition = "\(condition) and x.id < \(last)" }
        return Statement(
            "select \(runColumns) from analytics.report_runs x where \(condition) order by x.id desc limit \(limit)")
    }

    static func insert(_ id: ID<ReportRun>, of report: SavedReport, _ days: ReportDays, at now: Instant) -> Command {
        Command(
            """
            insert into analytics.report_runs (id, created_at, updated_at, saved_report_id, owner_id, kind, from_on, to_on,
                format)
            values (\(id), \(now), \(now), \(report.id), \(report.ownerID), \(report.kind), \(days.from), \(days.to),
                \(report.format))
            """)
    }

    static func done(_ id: ID<ReportRun>, rows: Int, file: UUID, at now: Instant) -> Command {
        Command(
            """
            update analytics.report_runs set status = 'done', row_count = \(rows), file_id = \(file), finished_at = \(now),
                updated_at = \(now)
             where id = \(id) and status = 'queued'
            """)
    }

    static func failed(_ id: ID<ReportRun>, _ reason: String, at now: Instant) -> Command {
        Command(
            """
            update analytics.report_runs set status = 'failed', error = \(reason), finished_at = \(now), updated_at = \(now)
             where id = \(id) and status = 'queued'
            """)
    }

    /// Index `report_runs_created`.
    static func clean(before limit: Instant) -> Command {
        Command("delete from analytics.report_runs where created_at < \(limit)")
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let report = SavedReport(
            id: .new(), createdAt: now, updatedAt: now, ownerID: .zero, name: "a", kind: "a",
            config: ReportConfig(period: .days7, from: nil, to: nil), format: .csv, frequency: .daily, nextRunAt: now)
        let filter = ReportRunFilter(savedReportID: .zero, status: .done)
        let days = ReportDays(from: .first, to: .first)
        return [
            StatementSample("report", self.report(.new(), of: .zero)), StatementSample("report, locked", lock(.new(), of: .zero)),
            StatementSample("reports", page(of: .zero, PageRequest(sort: "createdAt"))),
            StatementSample("reports, counted", count(of: .zero)), StatementSample("new report", insert(report)),
            StatementSample("changed report", save(report, at: now)), StatementSample("deleted report", delete(.new())),
            StatementSample("due reports", due(at: now, limit: 1)), StatementSample("run", run(.new())),
            StatementSample("runs", runs(filter, of: .zero, before: .new(), limit: 1)),
            StatementSample("new run", insert(.new(), of: report, days, at: now)),
            StatementSample("run done", done(.new(), rows: 1, file: .zero, at: now)),
            StatementSample("run failed", failed(.new(), "a", at: now)), StatementSample("old runs", clean(before: now)),
        ]
    }
}
