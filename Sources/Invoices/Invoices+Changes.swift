import JSON
import Postgres
import Service
import Values

/// What the office does by hand.
extension Invoices {
    /// Bounds of an invoice written by hand (1-condominiums, 4.6).
    private static let mostTotal: Int64 = 99_999_999_999

    func write(_ body: NewInvoiceBody, by caller: Caller) async throws -> ID<Invoice> {
        guard let kind = kinds[body.kind], let manual = kind.manual else {
            throw InvalidInput(field: "kind", code: "choice", message: "No invoices of this kind are written by hand.")
        }
        guard let terms = try await manual.terms(body.debtorID) else { throw HouseProblem.notFound.problem }
        try caller.require(.invoicesCreate, seeing: .invoicesRead, on: terms.parties.managers)
        try check(body)
        let draft = NewInvoice(
            kind: kind.name, parties: terms.parties, period: body.period, dueOn: body.dueOn, currency: terms.currency,
            timeZone: terms.timeZone, items: body.items.map(\.item), description: body.description, notes: body.notes,
            debtorName: terms.debtorName, snapshot: terms.snapshot)
        try checkTotal(draft.items, in: terms.currency)
        guard let created = try await body.issue ? createIssued(draft) : create(draft) else {
            throw InvoiceProblem.invoiceExists
        }
        return created.id
    }

    /// PATCH by state: everything on a draft, due day, lines and texts while nothing is paid, then only notes. Lines that
    /// a product has computed stay: it remembers what it charged with each.
    func change(_ id: ID<Invoice>, _ body: ChangedInvoiceBody, by caller: Caller) async throws {
        try await database.transaction { _ in
            let locked = try await lock(id)
            let invoice = locked.invoice
            try invoice.require(.invoicesUpdate, by: caller)
            try await caller.checkMatch()
            guard invoice.state.status != .cancelled else { throw InvoiceProblem.invalidState }
            var revision = InvoiceRevision(of: invoice)
            try check(body, today: locked.today)
            revision.notes = body.notes.value(or: invoice.notes)
            revision.description = body.description.value(or: invoice.description)
            var commands: [Command] = []
            if let items = body.items.value {
                guard kinds[invoice.kind]?.generator == nil else { throw InvoiceProblem.linesAreComputed }
                let items = items.map(\.item)
                let totals = try checkTotal(items, in: invoice.currency)
                let lines = ItemColumns(items, totals: totals, currency: invoice.currency)
                (revision.subtotal, revision.tax, revision.taxes) = (totals.subtotal, totals.tax, lines.taxes)
                commands = [InvoiceQueries.deleteItems(of: id), InvoiceQueries.insertItems(lines, of: id)]
            }
            if body.isOfSubstance {
                try revision.state.revise(
                    total: revision.subtotal + revision.tax, dueOn: body.dueOn.value(or: invoice.state.dueOn),
                    today: locked.today)
            }
            commands.append(InvoiceQueries.revise(id, revision, now: clock.now()))
            try await database.write(commands)
        }
    }

    /// - Returns: what was deleted.
    func delete(_ id: ID<Invoice>, by caller: Caller) async throws -> Invoice {
        try await database.transaction { _ in
            let invoice = try await lock(id).invoice
            try invoice.require(.invoicesManage, by: caller)
            try await caller.checkMatch()
            guard invoice.state.status == .draft else { throw InvoiceProblem.invalidState }
            try await database.execute(InvoiceQueries.delete(id))
            return invoice
        }
    }

    /// Hands the order to the product whose kind is generated.
    func generate(_ body: GeneratedInvoicesBody, by caller: Caller) async throws -> InvoiceRun {
        let generated = kinds.generated()
        let kind = body.kind.map { kinds[$0] } ?? (generated.count == 1 ? generated[0] : nil)
        guard let generator = kind?.generator else { throw InvoiceProblem.notGenerated.on("kind") }
        guard let order = body.order else { throw HouseProblem.notFound.problem }
        return try await generator.generate(order, by: caller)
    }

    /// Marks what has become overdue, in bounded steps, each with its events.
    func markOverdue() async throws {
        while try await markSomeOverdue(limit: 200) == 200 {}
    }

    private func markSomeOverdue(limit: Int) async throws -> Int {
        try await database.transaction { _ in
            let late = try await database.all(InvoiceQueries.markOverdue(now: clock.now(), limit: limit))
            for invoice in late { try await tell("invoice.overdue", invoice, invoice.state) }
            return late.count
        }
    }

    private func check(_ body: ChangedInvoiceBody, today: Day) throws {
        guard let due = body.dueOn.value, due < today || due > today.adding(days: 366) else { return }
        throw InvalidInput(field: "dueOn", code: "range", message: "From today to a year ahead.")
    }

    private func check(_ body: NewInvoiceBody) throws {
        let today = clock.now().day
        var errors: [FieldError] = []
        if let due = body.dueOn, due < today.adding(days: -1) || due > today.adding(days: 366) {
            errors.append(FieldError(field: "dueOn", code: "range", message: "From today to a year ahead."))
        }
        if let period = body.period, period > today.adding(days: 1).period || period < today.period.adding(months: -12) {
            errors.append(FieldError(field: "period", code: "range", message: "Within the last year, not after this month."))
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    @discardableResult
    private func checkTotal(_ items: [NewInvoiceItem], in currency: Currency) throws -> InvoiceTotals {
        guard let totals = try? InvoiceTotals(of: items, in: currency), (1...Self.mostTotal).contains(totals.total) else {
            throw InvalidInput(field: "items", code: "range", message: "The total must be above 0 and at most 999 999 999.99.")
        }
        return totals
    }
}
