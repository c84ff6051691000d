import Identity
import JSON
import Jobs
import Postgres
import Print
import Service
import Values

/// What this module adds to the program.
package struct InvoicesModule: Module {
    package let name = "invoices"
    package let invoices: Invoices
    let trail: MoneyTrail?
    private let printer: Printer?
    private let dunning: Dunning?

    /// - Parameters:
    ///   - trail: where changes by staff are written down.
    ///   - printer: nil where nothing is printed.
    ///   - dunning: nil where nobody is reminded.
    package init(
        _ invoices: Invoices, trail: MoneyTrail? = nil, printer: Printer? = nil, dunning: Dunning? = nil
    ) {
        self.invoices = invoices
        self.trail = trail
        self.printer = printer
        self.dunning = dunning
    }

    package var operations: [Operation] {
        InvoiceOperations.all(self) + InvoiceReportOperations.all(self)
            + (printer.map { InvoicePrintOperations(invoices: invoices, printer: $0).all } ?? [])
            + (dunning.map { DunningOperations.all(self, $0) } ?? [])
    }
    package static var statements: [StatementSample] { InvoiceQueries.samples + DunningQueries.samples + PersonalQueries.samples }

    package var reports: [ReportKind] {
        [
            ReportKind("invoices", title: "Invoices", product: "invoices", permission: .invoicesRead) { [invoices] days, caller in
                let selection = InvoiceSelection(
                    sight: try InvoiceSight(of: caller, among: invoices.kinds), filter: .issued(from: days.from, to: days.to),
                    now: invoices.clock.now())
                let rows = try await invoices.database.one(InvoiceQueries.counted(selection, upTo: ExportLimit.counted))
                let export = try Export<Invoice>(rows: rows) { last, limit in
                    try await invoices.database.all(InvoiceQueries.exported(selection, after: last, limit: limit))
                }
                return ReportTable(export, columns: InvoiceReportOperations.columns)
            }
        ]
    }

    private static let overdue = JobKind<Empty>("invoice-overdue", queue: "maintenance")

    private static let reminders = JobKind<Empty>("invoice-reminders", queue: "maintenance")
    private static let dunningSteps = JobKind<Empty>("dunning", queue: "maintenance")

    package var jobs: [JobType] {
        let overdue = JobType(Self.overdue) { _, _ in try await invoices.markOverdue() }
        guard let dunning else { return [overdue] }
        return [
            overdue, JobType(Self.reminders) { _, _ in try await dunning.remind() },
            JobType(Self.dunningSteps) { _, _ in try await dunning.dun() },
        ]
    }

    /// Ten past midnight, eight and five past ten come at another hour in each issuer's zone, and at another quarter in some.
    package var schedules: [Schedule] {
        let overdue = Schedule("invoice-overdue", Self.overdue, Empty(), .cron("10 * * * *"))
        guard dunning != nil else { return [overdue] }
        return [
            overdue, Schedule("invoice-reminders", Self.reminders, Empty(), .cron("5,20,35,50 * * * *")),
            Schedule("dunning", Self.dunningSteps, Empty(), .cron("0,15,30,45 * * * *")),
        ]
    }
}

extension InvoicesModule {
    /// Carries a change out and writes it down, in one transaction; answers the invoice as it is then.
    func audited(
        _ action: String, _ call: Call, on id: ID<Invoice>? = nil, _ change: () async throws -> ID<Invoice>
    ) async throws -> InvoiceDetail {
        try await invoices.database.transaction { _ in
            let before = if let id { try await invoices.invoice(id) } else { Invoice?.none }
            let detail = try await shown(try await change())
            await trail?.record(
                action, "invoice", detail.invoice.id.uuid, product: detail.invoice.product,
                in: detail.invoice.parties.scope, changes: before.map { detail.invoice.changes(since: $0) } ?? [], by: call)
            return detail
        }
    }

    /// A dry run leaves nothing to be written down.
    func recordGeneration(_ run: InvoiceRun, by call: Call) async {
        guard let id = run.id, let kind = invoices.kinds[run.kind] else { return }
        await trail?.record(
            "invoices_generated", "invoice_run", id, product: kind.product, in: Scope(kind.scopeType, run.scopeID),
            details: [("kind", .text(kind.name)), ("period", .text(run.period.description))], by: call)
    }

    private func shown(_ id: ID<Invoice>) async throws -> InvoiceDetail {
        guard let detail = try await invoices.detail(id) else { throw HouseProblem.notFound.problem }
        return detail
    }
}

extension Invoice {
    fileprivate func changes(since before: Invoice) -> [AuditChange?] {
        [
            AuditChange("status", AuditValue(before.state.status), AuditValue(state.status)),
            AuditChange("number", AuditValue(before.number), AuditValue(number)),
            AuditChange(
                "total", .decimal(Money(minor: before.state.total, currency: before.currency).decimal),
                .decimal(Money(minor: state.total, currency: currency).decimal)),
            AuditChange("dueOn", AuditValue(before.state.dueOn.description), AuditValue(state.dueOn.description)),
            AuditChange("description", AuditValue(before.description), AuditValue(description)),
            AuditChange("notes", AuditValue(before.notes), AuditValue(notes)),
            AuditChange("cancelReason", AuditValue(before.cancelReason), AuditValue(cancelReason)),
        ]
    }
}
