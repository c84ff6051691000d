import Files
import Identity
import JSON
import Print
import Service
import Values

/// How reports are reached.
struct ReportOperations {
    private static let base = "/api/v1/admin/analytics"
    private static let tag = "Analytics"
    private static let create: Permission = "analytics:create"
    private static let read: Permission = "analytics:read"

    let reports: Reports
    let trail: StaffTrail?

    var all: [Operation] { reading + writing + runs }

    private var reading: [Operation] {
        [
            .get(
                Self.base + "/report-kinds", "listReportKinds", "What reports can be made of", tag: Self.tag,
                who: .permission(Self.read), answer: [ReportKindView].self
            ) { [reports] call in
                try call.caller.requirePlatform(Self.read)
                return reports.kinds(for: call.caller).sorted { $0.name < $1.name }.map { ReportKindView(kind: $0) }
            },
            .list(
                Self.base + "/reports", "listReports", "One's saved reports, the newest first", tag: Self.tag,
                who: .permission(Self.read), filter: Empty.self, item: SavedReport.self, sort: ["-createdAt"]
            ) { [reports] call, _, page in
                try call.caller.requirePlatform(Self.read)
                let owner = try call.caller.user()
                return Page(
                    try await reports.database.all(ReportQueries.page(of: owner, page)),
                    total: try await reports.database.one(ReportQueries.count(of: owner)))
            },
            .get(
                Self.base + "/reports/{id}", "getReport", "One saved report", tag: Self.tag, who: .permission(Self.read),
                answer: SavedReport.self
            ) { [reports] call in
                try call.caller.requirePlatform(Self.read)
                return try await reports.report(try call.id(), of: call.caller)
            },
        ]
    }

    private var writing: [Operation] {
        [
            .post(
                Self.base + "/reports", "saveReport", "Save a report, to be made again and again", tag: Self.tag,
                who: .permission(Self.create), body: NewReportBody.self, answer: SavedReport.self,
                location: { "\(Self.base)/reports/\($0.id)" }
            ) { [reports] call, body in
                try call.caller.requirePlatform(Self.create)
                return try await reports.database.transaction { _ in
                    let report = try await reports.save(body, by: call.caller)
                    await record("report_saved", report, by: call)
                    return report
                }
            },
            .patch(
                Self.base + "/reports/{id}", "changeReport", "Change a saved report", tag: Self.tag,
                who: .permission(Self.create), body: ChangedReportBody.self, answer: SavedReport.self
            ) { [reports] call, body in
                try call.caller.requirePlatform(Self.create)
                return try await reports.database.transaction { _ in
                    let (before, after) = try await reports.change(try call.id(), body, by: call.caller)
                    let changes = [
                        AuditChange("name", .text(before.name), .text(after.name)),
                        AuditChange("format", AuditValue(before.format), AuditValue(after.format)),
                        AuditChange("frequency", AuditValue(before.frequency), AuditValue(after.frequency)),
                    ]
                    await record("report_changed", after, changes, by: call)
                    return after
                }
            },
            .delete(
                Self.base + "/reports/{id}", "deleteReport", "Delete a saved report; what was made of it stays",
                tag: Self.tag, who: .permission(Self.create)
            ) { [reports] call in
                try call.caller.requirePlatform(Self.create)
                try await reports.database.transaction { _ in
                    let report = try await reports.delete(try call.id(), by: call.caller)
                    await record("report_deleted", report, by: call)
                }
            },
        ]
    }

    private var runs: [Operation] {
        [
            .action(
                Self.base + "/reports/{id}/run", "runReport", "Make a saved report now", tag: Self.tag,
                who: .permission(Self.create),
                problems: [
                    ReportProblem.tooManyRows, HouseProblem.rangeTooLarge, PrintProblem.pdfUnavailable,
                    FileProblem.quotaExceeded, FileProblem.storageFull,
                ], answer: ReportRun.self, status: 201
            ) { [reports] call in
                try call.caller.requirePlatform(Self.create)
                let run = try await reports.run(try call.id(), by: call.caller)
                await trail?.record(
                    "report_made", "report_run", run.id.uuid, product: "analytics", in: .platform,
                    details: [("kind", .text(run.kind)), ("rows", run.rows.map { .number(Int64($0)) } ?? .none)], by: call)
                if run.status == .queued { call.answerStatus = 202 }
                return run
            }.withoutIdempotency().alsoAnswers(202).limited(ExportLimit.rate).deadline(seconds: 300)
                .described("201 with its file, or 202 where it has more than 20,000 rows and is made by a job."),
            .feed(
                Self.base + "/runs", "listReportRuns", "What was made of one's reports, the newest first", tag: Self.tag,
                who: .permission(Self.read), filter: ReportRunFilter.self, item: ReportRun.self
            ) { [reports] call, filter, request in
                try call.caller.requirePlatform(Self.read)
                let last = try request.cursor.map { text in
                    guard let id = ID<ReportRun>(text) else {
                        throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
                    }
                    return id
                }
                let rows = try await reports.database.all(
                    ReportQueries.runs(filter, of: try call.caller.user(), before: last, limit: request.limit + 1))
                return Feed(fetched: rows, limit: request.limit) { "\($0.id)" }
            },
            .raw(
                .get, Self.base + "/runs/{id}/download", "downloadReport", "The file of a report", tag: Self.tag,
                who: .permission(Self.read), problems: [ReportProblem.notReady], success: Success(302)
            ) { [reports] call in
                try call.caller.requirePlatform(Self.read)
                guard let file = try await reports.run(try call.id(), of: call.caller).fileID else {
                    throw ReportProblem.notReady
                }
                return .found(reports.files.link(to: ID(file), for: .seconds(300)))
            }.described("Leads to an address of the file that holds for five minutes."),
        ]
    }

    private func record(_ action: String, _ report: SavedReport, _ changes: [AuditChange?] = [], by call: Call) async {
        await trail?.record(
            action, "saved_report", report.id.uuid, product: "analytics", in: .platform, changes: changes,
            details: [("kind", .text(report.kind))], by: call)
    }
}
