import JSON
import Postgres
import Service
import Values

extension InvoiceQueries {
    /// One of each statement, for the test that prepares them against a migrated database.
    static var samples: [StatementSample] {
        let id = ID<Invoice>.new()
        let now = Instant.now
        let state = InvoiceState.draft(total: 1, dueOn: now.day)
        let kind = InvoiceKind("x", product: "x", series: "X", debtor: "unit", scope: "condo", issuer: "company")
        return draftSamples(id, now) + readSamples(id, now) + [
            StatementSample("invoices.issue", issue(id, of: kind, now: now)),
            StatementSample("invoices.lock", lock(id, now: now)), StatementSample("invoices.snapshot", snapshot(id)),
            StatementSample("invoices.paid", paid(by: .zero)),
            StatementSample("invoices.lockForMoney", lockForMoney(id, now: now)),
            StatementSample("invoices.lockGiven", lockGiven(by: .zero, now: now)),
            StatementSample("invoices.save", save(state, of: id, now: now)),
            StatementSample("invoices.cancel", cancel(id, state: state, reason: "", now: now)),
            StatementSample("invoices.delete", delete(id)),
            StatementSample("invoices.allocate", allocate(1, of: .zero, to: id, now: now)),
            StatementSample("invoices.takeBack", takeBack(1, of: .zero, from: id, now: now)),
            StatementSample("invoices.markOverdue", markOverdue(now: now, limit: 1)),
        ]
    }

    private static func draftSamples(_ id: ID<Invoice>, _ now: Instant) -> [StatementSample] {
        let scope = Scope("company", .zero)
        let parties = InvoiceParties(issuer: scope, debtor: scope, scope: scope)
        let item = NewInvoiceItem(description: "x", quantity: 1, unitPrice: 1)
        var named = NewInvoice(kind: "x", parties: parties, currency: .eur, timeZone: "UTC", items: [item])
        named.debtorName = "x"
        let draft = NewInvoice(kind: "x", parties: parties, currency: .eur, timeZone: "UTC", items: [item])
        let kind = InvoiceKind("x", product: "x", series: "X", debtor: "unit", scope: "condo", issuer: "company")
        guard let totals = try? InvoiceTotals(of: [item], in: .eur) else { return [] }
        let lines = ItemColumns([item], totals: totals, currency: .eur)
        let revision = InvoiceRevision(
            state: .draft(total: 1, dueOn: now.day), subtotal: 1, tax: 0, taxes: lines.taxes, description: nil, notes: nil)
        return [
            StatementSample("invoices.insert", insert(id, draft, kind: kind, totals: totals, lines: lines, now: now)),
            StatementSample("invoices.insertNamed", insert(id, named, kind: kind, totals: totals, lines: lines, now: now)),
            StatementSample("invoices.insertItems", insertItems(lines, of: id)),
            StatementSample("invoices.deleteItems", deleteItems(of: id)),
            StatementSample("invoices.revise", revise(id, revision, now: now)),
        ]
    }

    private static func readSamples(_ id: ID<Invoice>, _ now: Instant) -> [StatementSample] {
        var filter = InvoiceFilter(
            kind: "x", status: .issued, period: Period(now.day), overdue: true, scopeID: .zero, condoID: nil,
            debtorID: .zero, unitID: nil, issuerID: .zero, objectID: .zero, from: now.day, to: now.day, q: "x")
        let some = InvoiceSelection(sight: InvoiceSight(staff: [.zero], debtors: [.zero]), filter: filter, now: now)
        filter.q = nil
        let own = InvoiceSelection(sight: InvoiceSight(staff: [], debtors: [.zero]), filter: filter, now: now)
        return [
            StatementSample("invoices.detail", details([id])), StatementSample("invoices.invoice", invoice(id)),
            StatementSample("invoices.count", count(own)), StatementSample("invoices.sums", sums(some)),
            StatementSample("invoices.taxes", taxes(own)), StatementSample("invoices.counted", counted(own, upTo: 1)),
            StatementSample("invoices.exported", exported(some, after: nil, limit: 1)), StatementSample("invoices.open", open(of: .zero)),
        ] + sortable.flatMap { sort in
            let name = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
            return [false, true].map { isDescending in
                StatementSample(
                    "invoices.page.\(name).\(isDescending)",
                    page(some, PageRequest(sort: name, isDescending: isDescending)))
            }
        }
    }
}
