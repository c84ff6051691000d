import Postgres
import Service
import Values

/// The door of invoices: what can be done with them, by products and by this module's own operations. Everything joins
/// the caller's transaction.
package final class Invoices: Sendable {
    package let database: Database
    package let kinds: InvoiceKinds
    let events: Outbox
    let clock: Clock
    private let byID: Batcher<ID<Invoice>, InvoiceDetail>

    package init(database: Database, events: Outbox, kinds: InvoiceKinds, clock: Clock = .system) {
        self.database = database
        self.events = events
        self.kinds = kinds
        self.clock = clock
        byID = Batcher(database) { InvoiceQueries.details($0) }
    }

    // MARK: For products

    /// Writes a draft with its lines.
    ///
    /// - Returns: nil when a live invoice of this kind for this debtor and period, or for this object, exists.
    package func create(_ draft: NewInvoice) async throws -> CreatedInvoice? {
        var (insert, created) = try prepare(draft)
        guard let dueOn = try await database.first(insert) else { return nil }
        created.state = .draft(total: created.total.minor, dueOn: dueOn)
        return created
    }

    /// Writes an invoice and issues it under the next number, all or nothing.
    ///
    /// - Returns: nil when a live one exists; no number is used then.
    package func createIssued(_ draft: NewInvoice) async throws -> CreatedInvoice? {
        try await database.transaction { _ in
            var (insert, created) = try prepare(draft)
            let issue = InvoiceQueries.issue(created.id, of: kind(draft.kind), now: clock.now())
            let (inserted, issued) = try await database.write(insert, issue)
            guard !inserted.isEmpty, let issued = issued.first else { return nil }
            created.number = issued.number
            created.state = issued.state
            try await events.publish(InvoiceNews(of: created, from: draft).event("invoice.issued", of: created.id))
            return created
        }
    }

    /// Gives a draft its number and makes it due.
    package func issue(_ id: ID<Invoice>) async throws {
        try await database.transaction { _ in
            let invoice = try await lock(id).invoice
            let issue = InvoiceQueries.issue(id, of: kind(invoice.kind), now: clock.now())
            guard let issued = try await database.first(issue) else { throw InvoiceProblem.invalidState }
            try await tell("invoice.issued", invoice, issued.state)
        }
    }

    /// Withdraws an invoice on which nothing has been paid.
    package func cancel(_ id: ID<Invoice>, reason: String) async throws {
        try await database.transaction { _ in
            let invoice = try await lock(id).invoice
            var state = invoice.state
            try state.cancel()
            try await database.execute(InvoiceQueries.cancel(id, state: state, reason: reason, now: clock.now()))
            try await tell("invoice.cancelled", invoice, state)
        }
    }

    /// One invoice, without its lines.
    package func invoice(_ id: ID<Invoice>) async throws -> Invoice? {
        try await database.first(InvoiceQueries.invoice(id))
    }

    /// One invoice with its lines and payments.
    package func detail(_ id: ID<Invoice>) async throws -> InvoiceDetail? {
        try await byID.first(id)
    }

    /// What a payment gave to invoices, by number.
    package func paid(by payment: UUID) async throws -> [PaidInvoice] {
        try await database.all(InvoiceQueries.paid(by: payment))
    }

    /// What a debtor has to pay, oldest due first.
    package func open(of debtor: UUID) async throws -> [Invoice] {
        try await database.all(InvoiceQueries.open(of: debtor))
    }

    // MARK: Within

    /// Inside a transaction: the invoice, which nobody else changes until the transaction ends.
    package func lock(_ id: ID<Invoice>) async throws -> LockedInvoice {
        guard let locked = try await database.first(InvoiceQueries.lock(id, now: clock.now())) else {
            throw HouseProblem.notFound.problem
        }
        return locked
    }

    func tell(_ name: String, _ invoice: Invoice, _ state: InvoiceState) async throws {
        try await events.publish(InvoiceNews(of: invoice, now: state).event(name, of: invoice.id))
    }

    private func kind(_ name: String) -> InvoiceKind {
        guard let kind = kinds[name] else { preconditionFailure("no product registers the invoice kind \(name)") }
        return kind
    }

    private func prepare(_ draft: NewInvoice) throws -> (insert: Statement<Day>, created: CreatedInvoice) {
        precondition(!draft.items.isEmpty, "an invoice without lines")
        let totals = try InvoiceTotals(of: draft.items, in: draft.currency, taxes: draft.taxes)
        let lines = ItemColumns(draft.items, totals: totals, currency: draft.currency)
        let id = ID<Invoice>.new()
        let insert = InvoiceQueries.insert(
            id, draft, kind: kind(draft.kind), totals: totals, lines: lines, now: clock.now())
        let created = CreatedInvoice(
            id: id, itemIDs: lines.ids, number: nil, state: .draft(total: totals.total, dueOn: draft.dueOn ?? .first),
            total: Money(minor: totals.total, currency: draft.currency))
        return (insert, created)
    }
}
