import JSON
import Service
import Values

/// How invoices are reached.
enum InvoiceOperations {
    private static let base = "/api/v1/invoices"

    static func all(_ module: InvoicesModule) -> [Operation] {
        reads(module.invoices) + writing(module) + steps(module)
    }

    private static func reads(_ invoices: Invoices) -> [Operation] {
        [
            .list(
                base, "listInvoices", "Invoices that the caller may see", tag: "Invoices", who: .signedIn,
                filter: InvoiceFilter.self, item: Invoice.self, sort: InvoiceQueries.sortable
            ) { call, filter, page in
                let sight = try InvoiceSight(of: call.caller, among: invoices.kinds)
                let selection = InvoiceSelection(sight: sight, filter: filter, now: call.now)
                return Page(
                    try await invoices.database.all(InvoiceQueries.page(selection, page)),
                    total: try await invoices.database.one(InvoiceQueries.count(selection)))
            },
            .get(
                base + "/{id}", "getInvoice", "An invoice with its lines, payments and balance", tag: "Invoices",
                who: .anyone, problems: [
                    HouseProblem.unauthorized, HouseProblem.forbidden, HouseProblem.notFound, HouseProblem.passwordChangeRequired,
                ],
                query: InvoiceProof.self, answer: InvoiceDetail.self
            ) { call, query in
                let id: ID<Invoice> = try call.id()
                if call.caller.userID == nil, query.proof == nil { throw HouseProblem.unauthorized.problem }
                guard let detail = try await invoices.detail(id) else { throw HouseProblem.notFound.problem }
                try await invoices.requireVisible(detail.invoice, to: call.caller, showing: query.proof)
                return detail
            }.refusingLocked().described("A guest shows what he was given with what the invoice is for."),
        ]
    }

    private static func writing(_ module: InvoicesModule) -> [Operation] {
        [
            .post(
                base, "createInvoice", "Write an invoice by hand", tag: "Invoices", who: .permission(.invoicesCreate),
                problems: [InvoiceProblem.invoiceExists], body: NewInvoiceBody.self, answer: InvoiceDetail.self,
                location: { "\(base)/\($0.invoice.id)" }
            ) { call, body in
                try await module.audited("invoice_created", call) {
                    try await module.invoices.write(body, by: call.caller)
                }
            },
            .patch(
                base + "/{id}", "changeInvoice", "Change a draft, or what an issued invoice still lets change",
                tag: "Invoices", who: .permission(.invoicesUpdate),
                problems: [InvoiceProblem.invalidState, InvoiceProblem.linesAreComputed], body: ChangedInvoiceBody.self,
                answer: InvoiceDetail.self
            ) { call, body in
                let id: ID<Invoice> = try call.id()
                return try await module.audited("invoice_changed", call, on: id) {
                    try await module.invoices.change(id, body, by: call.caller)
                    return id
                }
            },
            .delete(
                base + "/{id}", "deleteInvoice", "Delete a draft", tag: "Invoices", who: .permission(.invoicesManage),
                problems: [InvoiceProblem.invalidState]
            ) { call in
                try await module.invoices.database.transaction { _ in
                    let gone = try await module.invoices.delete(try call.id(), by: call.caller)
                    await module.trail?.record(
                        "invoice_deleted", "invoice", gone.id.uuid, product: gone.product, in: gone.parties.scope, by: call)
                }
            },
            .post(
                base + "/generate", "generateInvoices", "Make the invoices of a period", tag: "Invoices",
                who: .permission(.invoicesCreate),
                problems: [InvoiceProblem.notGenerated] + module.invoices.kinds.generatorProblems,
                body: GeneratedInvoicesBody.self, answer: InvoiceRun.self, status: 202
            ) { call, body in
                try await module.invoices.database.transaction { _ in
                    let run = try await module.invoices.generate(body, by: call.caller)
                    await module.recordGeneration(run, by: call)
                    return run
                }
            },
        ]
    }

    private static func steps(_ module: InvoicesModule) -> [Operation] {
        [
            .action(
                base + "/{id}/issue", "issueInvoice", "Give a draft its number and make it due", tag: "Invoices",
                who: .permission(.invoicesUpdate), problems: [InvoiceProblem.invalidState], answer: InvoiceDetail.self
            ) { call in
                let id: ID<Invoice> = try call.id()
                return try await module.audited("invoice_issued", call, on: id) {
                    try await module.invoices.known(id).require(.invoicesUpdate, by: call.caller)
                    try await module.invoices.issue(id)
                    return id
                }
            },
            .post(
                base + "/{id}/cancel", "cancelInvoice", "Withdraw an invoice on which nothing has been paid",
                tag: "Invoices", who: .permission(.invoicesManage),
                problems: [InvoiceProblem.invalidState, InvoiceProblem.invoiceHasPayments],
                body: CancelledInvoiceBody.self, answer: InvoiceDetail.self, status: 200
            ) { call, body in
                let id: ID<Invoice> = try call.id()
                return try await module.audited("invoice_cancelled", call, on: id) {
                    try await module.invoices.known(id).require(.invoicesManage, by: call.caller)
                    try await module.invoices.cancel(id, reason: body.reason)
                    return id
                }
            },
        ]
    }
}

extension Invoices {
    fileprivate func known(_ id: ID<Invoice>) async throws -> Invoice {
        guard let invoice = try await invoice(id) else { throw HouseProblem.notFound.problem }
        return invoice
    }
}
