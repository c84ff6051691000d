import JSON
import Service
import Values

/// How invoices look in answers: amounts in major units beside the currency, parties as type, id and name.
extension Invoice: WireOutput {
    package static let shape = Shape<Invoice>(
        output: "Invoice",
        Field("id", { $0.id }),
        Field("number", { $0.number }, doc: "Given at issue; null on a draft"),
        Field("kind", { $0.kind }),
        Field("product", { $0.product }),
        Field("status", { $0.state.status }),
        Field("issuer", { NamedParty($0.parties.issuer, $0.names.issuer) }, doc: "Who is owed"),
        Field("debtor", { NamedParty($0.parties.debtor, $0.names.debtor) }, doc: "Who owes"),
        Field("scope", { NamedParty($0.parties.scope, $0.names.scope) }, doc: "Where it belongs"),
        Field("object", { $0.object.map(PartyView.init) }),
        Field("period", { $0.period }),
        Field("issuedOn", { $0.issuedOn }),
        Field("dueOn", { $0.state.dueOn }),
        Field("currency", { $0.currency }),
        Field("subtotal", { Amount($0.subtotal, $0.currency) }),
        Field("tax", { Amount($0.tax, $0.currency) }),
        Field("total", { Amount($0.state.total, $0.currency) }),
        Field("paid", { Amount($0.state.paid, $0.currency) }),
        Field(
            "balance", { Amount($0.state.balance, $0.currency) },
            doc: "What is still to be paid: nothing of a draft or a cancelled one"),
        Field("description", { $0.description }),
        Field("notes", { $0.notes }),
        Field("cancelledAt", { $0.cancelledAt }),
        Field("cancelReason", { $0.cancelReason }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}

extension InvoiceDetail: WireOutput {
    package static let shape = Shape<InvoiceDetail>(
        output: "InvoiceDetail",
        Field("id", { $0.invoice.id }),
        Field("number", { $0.invoice.number }, doc: "Given at issue; null on a draft"),
        Field("kind", { $0.invoice.kind }),
        Field("product", { $0.invoice.product }),
        Field("status", { $0.invoice.state.status }),
        Field("issuer", { NamedParty($0.invoice.parties.issuer, $0.invoice.names.issuer) }, doc: "Who is owed"),
        Field("debtor", { NamedParty($0.invoice.parties.debtor, $0.invoice.names.debtor) }, doc: "Who owes"),
        Field("scope", { NamedParty($0.invoice.parties.scope, $0.invoice.names.scope) }, doc: "Where it belongs"),
        Field("object", { $0.invoice.object.map(PartyView.init) }),
        Field("period", { $0.invoice.period }),
        Field("issuedOn", { $0.invoice.issuedOn }),
        Field("dueOn", { $0.invoice.state.dueOn }),
        Field("currency", { $0.invoice.currency }),
        Field("subtotal", { Amount($0.invoice.subtotal, $0.invoice.currency) }),
        Field("tax", { Amount($0.invoice.tax, $0.invoice.currency) }),
        Field("taxes", { $0.invoice.taxes }, doc: "One per rate: code, rate, amount"),
        Field("total", { Amount($0.invoice.state.total, $0.invoice.currency) }),
        Field("paid", { Amount($0.invoice.state.paid, $0.invoice.currency) }),
        Field(
            "balance", { Amount($0.invoice.state.balance, $0.invoice.currency) },
            doc: "What is still to be paid: nothing of a draft or a cancelled one"),
        Field("description", { $0.invoice.description }),
        Field("notes", { $0.invoice.notes }),
        Field("cancelledAt", { $0.invoice.cancelledAt }),
        Field("cancelReason", { $0.invoice.cancelReason }),
        Field("createdAt", { $0.invoice.createdAt }),
        Field("updatedAt", { $0.invoice.updatedAt }),
        Field("items", { $0.items }),
        Field("payments", { $0.payments }))
}

extension InvoiceItem: WireOutput {
    package static let shape = Shape<InvoiceItem>(
        output: "InvoiceItem",
        Field("id", { $0.id }),
        Field("position", { $0.position }),
        Field("description", { $0.description }),
        Field("quantity", { $0.quantity }),
        Field("unitPrice", { $0.unitPrice }),
        Field("amount", { Amount($0.amount, $0.currency) }),
        Field("taxRate", { $0.taxRate }),
        Field("source", { $0.source }),
        Field("isEstimate", { $0.isEstimate }))
}

extension InvoicePayment: WireOutput {
    package static let shape = Shape<InvoicePayment>(
        output: "InvoicePayment",
        Field("id", { $0.id }),
        Field("reference", { $0.reference }),
        Field("amount", { Amount($0.amount, $0.currency) }, doc: "Of the payment, what went to this invoice"),
        Field("currency", { $0.currency }),
        Field("status", { $0.status }),
        Field("method", { $0.method }),
        Field("receiptNumber", { $0.receiptNumber }),
        Field("paidAt", { $0.paidAt }))
}

/// A party of an invoice.
struct NamedParty: WireOutput {
    let type: String
    let id: UUID?
    let name: String?

    init(_ scope: Scope, _ name: String?) {
        type = scope.type.name
        id = scope.id
        self.name = name
    }

    static let shape = Shape<NamedParty>(
        output: "InvoiceParty", Field("type", { $0.type }), Field("id", { $0.id }, doc: "Null for the platform"),
        Field("name", { $0.name }, doc: "As the invoice was written: of a unit its number"))
}

/// A scope in an answer.
package struct PartyView: WireOutput {
    let type: String
    let id: UUID?

    package init(_ scope: Scope) {
        type = scope.type.name
        id = scope.id
    }

    package static let shape = Shape<PartyView>(
        output: "Party", Field("type", { $0.type }), Field("id", { $0.id }, doc: "Null for the platform"))
}
