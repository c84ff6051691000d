import JSON
import Service
import Values

extension SavedReport: WireOutput {
    static let shape = Shape<SavedReport>(
        output: "SavedReport",
        Field("id", { $0.id }), Field("name", { $0.name }), Field("kind", { $0.kind }), Field("config", { $0.config }),
        Field("format", { $0.format }), Field("frequency", { $0.frequency }), Field("nextRunAt", { $0.nextRunAt }),
        Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }))
}

extension ReportRun: WireOutput {
    static let shape = Shape<ReportRun>(
        output: "ReportRun",
        Field("id", { $0.id }), Field("savedReportId", { $0.reportID }), Field("kind", { $0.kind }),
        Field("from", { $0.days.from }), Field("to", { $0.days.to }), Field("format", { $0.format }),
        Field("status", { $0.status }), Field("rows", { $0.rows }),
        Field("hasFile", { $0.fileID != nil }, doc: "Kept 90 days: GET …/{id}/download"), Field("error", { $0.error }),
        Field("createdAt", { $0.createdAt }), Field("finishedAt", { $0.finishedAt }))
}

struct NewReportBody: Shaped {
    let name: String
    let kind: String
    let config: ReportConfig?
    let format: ReportFormat
    let frequency: ReportFrequency?

    static let shape = Shape<NewReportBody>(
        "NewSavedReport", Self.init,
        Field("name", { $0.name }, .length(1...100)),
        Field("kind", { $0.kind }, .length(1...60), .example("figures"), doc: "One of GET /admin/analytics/report-kinds"),
        Field("config", { $0.config }), Field("format", { $0.format }, default: { .xlsx }),
        Field("frequency", { $0.frequency }, doc: "Made at half past two in UTC: every day, on Mondays, on the first of a month"))
}

struct ChangedReportBody: Shaped {
    let name: Patch<String>
    let config: Patch<ReportConfig>
    let format: Patch<ReportFormat>
    let frequency: Patch<ReportFrequency?>

    static let shape = Shape<ChangedReportBody>(
        "ChangedSavedReport", Self.init,
        Field("name", { $0.name }, .length(1...100)), Field("config", { $0.config }), Field("format", { $0.format }),
        Field("frequency", { $0.frequency }))
}

struct ReportRunFilter: Shaped {
    let savedReportID: UUID?
    let status: ReportRunStatus?

    static let shape = Shape<ReportRunFilter>(
        "ReportRunFilter", Self.init,
        Field("savedReportId", { $0.savedReportID }), Field("status", { $0.status }))
}

/// A kind of report that the caller may have made.
struct ReportKindView: WireOutput {
    let kind: ReportKind

    static let shape = Shape<ReportKindView>(
        output: "ReportKind",
        Field("name", { $0.kind.name }), Field("title", { $0.kind.title }), Field("product", { $0.kind.product }))
}

/// Expected refusals around reports.
enum ReportProblem: String, ProblemKind {
    case tooManyRows = "too_many_rows"
    case notReady = "report_not_ready"

    var status: Int {
        switch self {
        case .tooManyRows: 422
        case .notReady: 409
        }
    }

    var detail: String {
        switch self {
        case .tooManyRows: "A report has at most 50,000 rows, and 3,000 as PDF; take fewer days."
        case .notReady: "There is no file: the report is still being made, or it failed, or the file was too old."
        }
    }
}
