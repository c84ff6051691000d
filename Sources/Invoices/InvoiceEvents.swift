import JSON
import Service
import Values

/// What others may hear of an invoice: `invoice.issued`, `.paid`, `.changed`, `.overdue`, `.cancelled`.
struct InvoiceNews: WireOutput {
    let number: String?
    let kind: String
    let status: InvoiceStatus
    let parties: InvoiceParties
    let paid: Money
    let balance: Money

    static let shape = Shape<InvoiceNews>(
        output: "InvoiceNews",
        Field("number", { $0.number }),
        Field("kind", { $0.kind }),
        Field("status", { $0.status }),
        Field("debtor", { PartyView($0.parties.debtor) }),
        Field("issuer", { PartyView($0.parties.issuer) }),
        Field("paid", { Amount($0.paid) }),
        Field("balance", { Amount($0.balance) }),
        Field("currency", { $0.paid.currency }))

    func event(_ name: String, of id: ID<Invoice>) -> Event {
        Event(name, "invoice", id.uuid, in: parties.scope, data: JSONText(encoding: self))
    }
}

extension InvoiceNews {
    /// What is new after a change of state.
    init(of invoice: Invoice, now state: InvoiceState) {
        self.init(
            number: invoice.number, kind: invoice.kind, status: state.status, parties: invoice.parties,
            paid: Money(minor: state.paid, currency: invoice.currency),
            balance: Money(minor: state.balance, currency: invoice.currency))
    }

    init(of created: CreatedInvoice, from draft: NewInvoice) {
        self.init(
            number: created.number, kind: draft.kind, status: created.state.status, parties: draft.parties,
            paid: .zero(draft.currency), balance: Money(minor: created.state.balance, currency: draft.currency))
    }
}
