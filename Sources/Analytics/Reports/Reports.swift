import Files
import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Print
import Service
import Telemetry
import Values

/// The door of reports: each is its owner's, made with the rights that he has at that moment.
struct Reports: Sendable {
    /// The files of reports: their owner's, for 90 days.
    static let purpose: FilePurpose = {
        var purpose = FilePurpose("report", [.csv, .xlsx, .pdf], limit: 64 << 20)
        purpose.retentionDays = 90
        purpose.hasThumbnail = false
        return purpose
    }()
    static let kept = Duration.days(90)
    /// Rows that are written while somebody waits (0-platform, 3.6).
    private static let mostAtOnce = 20_000
    private static let step = 50

    let database: Database
    let identity: IdentityModule
    let files: Files
    let printer: Printer
    let jobs: Jobs
    let notifications: Notifications
    let kinds: [ReportKind]
    let clock: Clock

    // MARK: What there is

    /// The kinds that somebody may have made.
    func kinds(for caller: Caller) -> [ReportKind] { kinds.filter { caller.can($0.permission, on: []) } }

    private func kind(_ name: String, for caller: Caller) -> ReportKind? {
        kinds.first { $0.name == name && caller.can($0.permission, on: []) }
    }

    func report(_ id: ID<SavedReport>, of caller: Caller) async throws -> SavedReport {
        guard let report = try await database.first(ReportQueries.report(id, of: try caller.user())) else {
            throw HouseProblem.notFound.problem
        }
        return report
    }

    func run(_ id: ID<ReportRun>, of caller: Caller) async throws -> ReportRun {
        guard let run = try await database.first(ReportQueries.run(id)), run.ownerID == (try caller.user()) else {
            throw HouseProblem.notFound.problem
        }
        return run
    }

    // MARK: Saving

    func save(_ body: NewReportBody, by caller: Caller) async throws -> SavedReport {
        guard kind(body.kind, for: caller) != nil else {
            let names = kinds(for: caller).map(\.name).joined(separator: ", ")
            throw InvalidInput(field: "kind", code: "choice", message: "must be one of \(names)")
        }
        let now = clock.now()
        let report = SavedReport(
            id: .new(), createdAt: now, updatedAt: now, ownerID: try caller.user(), name: body.name, kind: body.kind,
            config: body.config ?? ReportConfig(period: nil, from: nil, to: nil), format: body.format,
            frequency: body.frequency, nextRunAt: body.frequency?.next(after: now))
        try await database.execute(ReportQueries.insert(report))
        return report
    }

    /// In the caller's transaction.
    func change(
        _ id: ID<SavedReport>, _ body: ChangedReportBody, by caller: Caller
    ) async throws -> (before: SavedReport, after: SavedReport) {
        let before = try await locked(id, by: caller)
        var report = before
        let now = clock.now()
        report.name = body.name.value(or: report.name)
        report.config = body.config.value(or: report.config)
        report.format = body.format.value(or: report.format)
        if case .set(let frequency) = body.frequency, frequency != report.frequency {
            (report.frequency, report.nextRunAt) = (frequency, frequency?.next(after: now))
        }
        try await database.execute(ReportQueries.save(report, at: now))
        return (before, try await self.report(id, of: caller))
    }

    /// In the caller's transaction.
    func delete(_ id: ID<SavedReport>, by caller: Caller) async throws -> SavedReport {
        let report = try await locked(id, by: caller)
        try await database.execute(ReportQueries.delete(id))
        return report
    }

    private func locked(_ id: ID<SavedReport>, by caller: Caller) async throws -> SavedReport {
        guard let report = try await database.first(ReportQueries.lock(id, of: try caller.user())) else {
            throw HouseProblem.notFound.problem
        }
        try await caller.checkMatch()
        return report
    }

    // MARK: Making

    /// Makes a report now, or by a job where it is long.
    func run(_ id: ID<SavedReport>, by caller: Caller) async throws -> ReportRun {
        let report = try await report(id, of: caller)
        guard let kind = kind(report.kind, for: caller) else { throw HouseProblem.forbidden.problem }
        let days = report.config.days(on: clock.now().day)
        let table = try await table(kind, days, report.format, for: caller)
        let run = ID<ReportRun>.new()
        if table.count <= Self.mostAtOnce {
            try await database.execute(ReportQueries.insert(run, of: report, days, at: clock.now()))
            do {
                try await write(run, kind, days, report.format, table, of: report.ownerID)
            } catch {
                try await fail(run, "It could not be made.")
                throw error
            }
        } else {
            try await database.transaction { _ in try await queue(run, of: report, days) }
        }
        return try await database.one(ReportQueries.run(run))
    }

    /// Has those made whose time has come. Two instances at once pass over what the other has in hand.
    func makeDue() async throws {
        while try await makeSome() == Self.step {}
    }

    private func makeSome() async throws -> Int {
        try await database.transaction { _ in
            let now = clock.now()
            let due = try await database.all(ReportQueries.due(at: now, limit: Self.step))
            for var report in due {
                try await queue(.new(), of: report, report.config.days(on: now.day))
                report.nextRunAt = report.frequency?.next(after: now)
                try await database.execute(ReportQueries.save(report, at: now))
            }
            return due.count
        }
    }

    private func queue(_ run: ID<ReportRun>, of report: SavedReport, _ days: ReportDays) async throws {
        try await database.execute(ReportQueries.insert(run, of: report, days, at: clock.now()))
        try await jobs.enqueue(ReportJobs.make, ReportTask(runID: run), dedupe: "report:\(run)")
    }

    /// Makes what a job is about, with what its owner may see now. Repeatable: what is made is not made again.
    func carryOut(_ id: ID<ReportRun>) async throws {
        guard let run = try await database.first(ReportQueries.run(id)), run.status == .queued else { return }
        guard let caller = try await identity.absent(run.ownerID), let kind = kind(run.kind, for: caller) else {
            return try await fail(id, "Its owner may not see it any more.")
        }
        do {
            let table = try await table(kind, run.days, run.format, for: caller)
            try await write(id, kind, run.days, run.format, table, of: run.ownerID)
        } catch let problem as Problem where problem.status < 500 {
            return try await fail(id, problem.detail)
        } catch let problem as any ProblemKind where problem.status < 500 {
            return try await fail(id, problem.detail)
        }
        try await tell(id, kind)
    }

    func fail(_ id: ID<ReportRun>, _ reason: String) async throws {
        try await database.execute(ReportQueries.failed(id, String(reason.unicodeScalars.prefix(500)), at: clock.now()))
    }

    func clean() async throws { try await database.execute(ReportQueries.clean(before: clock.now() - Self.kept)) }

    private func table(
        _ kind: ReportKind, _ days: ReportDays, _ format: ReportFormat, for caller: Caller
    ) async throws -> ReportTable {
        let table = try await kind.make(days, caller)
        if format == .pdf, table.count > ReportFile.mostPrinted { throw ReportProblem.tooManyRows }
        return table
    }

    /// In no transaction: the file is written, and then the run counts.
    private func write(
        _ id: ID<ReportRun>, _ kind: ReportKind, _ days: ReportDays, _ format: ReportFormat, _ table: ReportTable,
        of owner: UUID
    ) async throws {
        let now = clock.now()
        let bytes = try await ReportFile(title: kind.title, days: days, table: table).bytes(as: format, by: printer, on: now.day)
        let file = try await files.keep(
            bytes, as: "\(kind.name)_\(days.from)_\(days.to).\(format.rawValue)", purpose: Self.purpose, of: owner,
            to: FileObject(type: "report_run", id: id.uuid))
        let isOurs = try await database.execute(ReportQueries.done(id, rows: table.count, file: file.id.uuid, at: now)) == 1
        // Another try was faster.
        if !isOurs { try await files.use.remove(file.id) }
    }

    /// A report that nobody waited for: its owner hears of it.
    private func tell(_ id: ID<ReportRun>, _ kind: ReportKind) async throws {
        guard let run = try await database.first(ReportQueries.run(id)), let file = run.fileID,
            let owner = try await identity.users.find(ID(run.ownerID))
        else { return }
        let time = Duration.days(7)
        let notice = Notice(
            template: .exportReady, in: owner.locale.rawValue,
            [
                "title": "\(kind.title), \(run.days.from) – \(run.days.to)", "date": (clock.now() + time).day.description,
                "link": Notice.secretMark,
            ], secret: files.link(to: ID(file), for: time), dedupeKey: "report:\(id)")
        try await notifications.send(notice, to: .user(run.ownerID, email: owner.email))
    }
}
