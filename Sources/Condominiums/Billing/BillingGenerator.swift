import Invoices
import Service
import Values

/// What stands behind `POST /invoices/generate` for the monthly charges of units.
struct BillingGenerator: InvoiceGenerator {
    let billing: Billing
    let condos: Condos
    var problems: [any ProblemKind] { Array(BillingRunProblem.allCases) }

    func generate(_ order: InvoiceGeneration, by caller: Caller) async throws -> InvoiceRun {
        let condo = ID<Condo>(order.scope)
        _ = try await condos.see(condo, for: caller, to: .invoicesCreate)
        let period = try await period(order.period, of: condo)
        let units = order.debtors?.map { ID<Unit>($0) }
        if order.isDryRun {
            return InvoiceRun(try await billing.preview(condo, period, units: units, for: caller), of: condo, in: period)
        }
        return InvoiceRun(try await billing.begin(condo, period, units: units, by: caller.user()))
    }

    /// The month before by default; at most twelve back, and never one that has not begun.
    private func period(_ wanted: Period?, of condo: ID<Condo>) async throws -> Period {
        let current = try await billing.context(condo, at: billing.clock.now()).today.period
        let period = wanted ?? current.previous
        guard (0...12).contains(current.months(since: period)) else {
            throw InvalidInput(
                field: "period", code: "range", message: "must be one of the last twelve months or this one")
        }
        return period
    }
}

extension InvoiceRun {
    init(_ run: BillingRun) {
        self.init(
            id: run.id.uuid, kind: Billing.kind, scopeID: run.condoId.uuid, period: run.period,
            status: InvoiceRun.Status(rawValue: run.status.rawValue) ?? .queued, debtors: run.units,
            created: run.created, skipped: run.skipped, total: run.total, finishedAt: run.finishedAt)
    }

    fileprivate init(_ preview: BillingPreview, of condo: ID<Condo>, in period: Period) {
        self.init(
            id: nil, kind: Billing.kind, scopeID: condo.uuid, period: period, status: .done, debtors: preview.units,
            created: 0, skipped: 0, total: preview.total,
            problems: preview.problems.map {
                Snag(debtorID: $0.unit.uuid, code: $0.code.rawValue, subject: $0.subject)
            })
    }
}
