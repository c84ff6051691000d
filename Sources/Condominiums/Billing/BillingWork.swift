import Invoices
import JSON
import Postgres
import Service
import Values

/// Does a run: one transaction per unit, so that only whole invoices exist whatever happens, and the run goes on after a
/// crash where it stopped. Two that do the same run or month make each invoice once: the Invoices module refuses the
/// second live one of a unit and period.
struct BillingWork: Sendable {
    let database: Database
    let billing: Billing
    let invoices: Invoices
    let clock: Clock

    func perform(_ id: ID<BillingRun>) async throws {
        guard let run = try await database.first(BillingQueries.run(id)) else { return }
        guard try await database.execute(BillingQueries.start(run)) == 1 else { return }
        let context = try await billing.context(run.condoId, at: clock.now())
        let tariffs = try await billing.tariffs(of: context, in: run.period)
        for unit in try await database.all(BillingQueries.units(of: run)) {
            try await bill(unit, in: run, context, tariffs)
        }
        try await database.execute(BillingQueries.finish(id, as: .done, at: clock.now()))
    }

    /// After the last attempt.
    func giveUp(_ id: ID<BillingRun>) async throws {
        try await database.execute(BillingQueries.finish(id, as: .failed, at: clock.now()))
    }

    private func bill(
        _ unit: ID<Unit>, in run: BillingRun, _ context: BillingContext, _ tariffs: [Tariff]
    ) async throws {
        try await database.transaction { _ in
            _ = try await database.all(BilledUnitQueries.lockMeters(of: unit))
            if try await database.one(BillingQueries.hasInvoice(unit, for: run.period)) { return }
            guard let facts = try await billing.facts(of: [unit], in: run.period).first else { return }
            let charges: UnitCharges
            let total: Money
            do {
                charges = try UnitCharges(of: facts, by: tariffs, in: run.period, currency: context.currency)
                total = try charges.total
            } catch is ArithmeticError {
                try await advance(run, total: 0, created: 0, [BillingProblem(tooMuchFor: facts)])
                return
            }
            guard total.isPositive else {
                try await advance(run, total: 0, created: 0, charges.problems)
                return
            }
            guard let invoice = try await invoices.createIssued(draft(facts, charges, run, context)) else { return }
            try await book(charges, on: invoice, run)
            try await advance(run, total: total.minor, created: 1, charges.problems)
        }
    }

    private func draft(
        _ unit: BilledUnit, _ charges: UnitCharges, _ run: BillingRun, _ context: BillingContext
    ) -> NewInvoice {
        NewInvoice(
            kind: Billing.kind,
            parties: InvoiceParties(
                issuer: .company(context.company), debtor: .unit(unit.id), scope: .condo(context.condo)),
            period: run.period, currency: context.currency, timeZone: context.timeZone,
            items: charges.lines.map { line in
                NewInvoiceItem(
                    description: String(line.description.prefix(500)), quantity: line.quantity,
                    unitPrice: line.tariff.price, source: "tariff:\(line.tariff.id)", isEstimate: line.isEstimate)
            },
            description: "\(unit.number), \(run.period)", debtorName: unit.number, snapshot: context.snapshot)
    }

    private func book(_ charges: UnitCharges, on invoice: CreatedInvoice, _ run: BillingRun) async throws {
        let commands = zip(charges.lines, invoice.itemIDs).compactMap { line, item in
            line.charge.map { charge in
                BilledUnitQueries.charge(
                    .new(), charge, quantity: line.quantity, tariff: line.tariff.id, invoice: invoice.id.uuid,
                    item: item.uuid, period: run.period)
            }
        }
        try await database.write(commands)
    }

    private func advance(
        _ run: BillingRun, total: Int64, created: Int, _ problems: [BillingProblem]
    ) async throws {
        if created == 0, problems.isEmpty { return }
        try await database.execute(
            BillingQueries.advance(run.id, total: total, created: created, problems: JSONText(encoding: problems)))
    }
}
