import JSON
import Print
import Service
import Values

/// How an invoice comes onto paper.
struct InvoicePrintOperations {
    let invoices: Invoices
    let printer: Printer

    var all: [Operation] { [pdf] }

    private var pdf: Operation {
        .raw(
            .get, "/api/v1/invoices/{id}/pdf", "printInvoice", "An issued invoice as PDF", tag: "Invoices", who: .anyone,
            problems: [
                InvoiceProblem.invalidState, PrintProblem.pdfUnavailable, HouseProblem.unauthorized, HouseProblem.forbidden,
                HouseProblem.notFound, HouseProblem.passwordChangeRequired,
            ],
            success: Success(200, contentType: "application/pdf")
        ) { [invoices, printer] call in
            let id: ID<Invoice> = try call.id()
            let proof = try (call.query() as InvoiceProof).proof
            if call.caller.userID == nil, proof == nil { throw HouseProblem.unauthorized.problem }
            guard let detail = try await invoices.detail(id) else { throw HouseProblem.notFound.problem }
            try await invoices.requireVisible(detail.invoice, to: call.caller, showing: proof)
            guard let number = detail.invoice.number, let day = detail.invoice.issuedOn else {
                throw InvoiceProblem.invalidState
            }
            let bytes = try await printer.pdf(of: try await paper(of: detail), on: day)
            return .pdf(bytes, name: number)
        }.described("What was frozen when it was issued, the same bytes each time; nothing of what was paid since.")
            .openWhenLocked().limited(Printer.rate).deadline(seconds: 90)
    }

    private func paper(of detail: InvoiceDetail) async throws -> Paper {
        let snapshot = try await invoices.database.one(InvoiceQueries.snapshot(detail.invoice.id))
        let page = InvoicePaper(detail, facts: try JSONValue.decode(json: snapshot.bytes))
        var paper = try await printer.paper(footer: page.footer, isMirrored: page.words.isMirrored)
        try page.write(on: &paper)
        return paper
    }
}
