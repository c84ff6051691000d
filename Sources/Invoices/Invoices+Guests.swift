import JSON
import Service

/// What shows that somebody without an account may see an invoice.
struct InvoiceProof: Shaped {
    let proof: String?

    static let shape = Shape<InvoiceProof>(
        "InvoiceProof", Self.init,
        Field("proof", { $0.proof }, .verbatim, .length(1...500), doc: "Of a guest: what he was given with what the invoice is for"))
}

/// Reading by those who owe, staff, and guests with a proof.
extension Invoices {
    /// Who a guest is that shows this; nil when it shows nothing. Drafts are nobody's but the office's.
    package func guest(_ proof: String?, of invoice: Invoice) async throws -> InvoiceGuest? {
        guard let proof, invoice.state.status != .draft, let guests = kinds[invoice.kind]?.guests else { return nil }
        return try await guests(invoice, proof)
    }

    /// Refuses who may not read it: 401, 404, or the status of a locked scope.
    func requireVisible(_ invoice: Invoice, to caller: Caller, showing proof: String?) async throws {
        if try await guest(proof, of: invoice) != nil { return caller.decidedByOwnership() }
        if caller.principal?.mustChangePassword == true { throw HouseProblem.passwordChangeRequired.problem }
        guard caller.userID != nil else { throw proof == nil ? HouseProblem.unauthorized.problem : HouseProblem.notFound.problem }
        try invoice.requireVisible(to: caller)
    }
}
