import Invoices
import JSON
import Postgres
import Values

/// What somebody gets for his money: that it came, when, and for what. Refunds are no part of it.
struct PaymentReceipt: Sendable {
    let number: String
    let reference: String
    let paidAt: Instant
    let amount: Money
    let method: String?
    let provider: String?
    let description: String
    let payer: ReceiptPayer
    let invoices: [PaidInvoice]

    /// Nil while nothing has come in.
    init?(_ payment: Payment, payer: ReceiptPayer, invoices: [PaidInvoice]) {
        guard let number = payment.receiptNumber, let paidAt = payment.succeededAt else { return nil }
        self.number = number
        self.paidAt = paidAt
        reference = payment.reference
        amount = Money(minor: payment.state.captured, currency: payment.state.amount.currency)
        method = payment.method
        provider = payment.provider
        description = payment.description
        self.payer = payer
        self.invoices = invoices
    }

    /// Who got it, as the invoices that it paid name him.
    var payee: String? { invoices.lazy.compactMap(\.issuer).first }
}

extension PaymentReceipt: WireOutput {
    static let shape = Shape<PaymentReceipt>(
        output: "PaymentReceipt",
        Field("receiptNumber", { $0.number }), Field("reference", { $0.reference }), Field("paidAt", { $0.paidAt }),
        Field("amount", { Amount($0.amount) }), Field("currency", { $0.amount.currency }), Field("method", { $0.method }),
        Field("provider", { $0.provider }), Field("description", { $0.description }), Field("payer", { $0.payer.name }),
        Field("payee", { $0.payee }, doc: "As the invoices that it paid name him"),
        Field("invoices", { $0.invoices.map(ReceiptLine.init) }))
}

/// What a payment gave to an invoice, as a receipt shows it.
private struct ReceiptLine: WireOutput {
    let invoice: PaidInvoice

    static let shape = Shape<ReceiptLine>(
        output: "ReceiptLine",
        Field("number", { $0.invoice.number }), Field("amount", { Amount($0.invoice.amount) }))
}

/// Who has paid, with the language in which he reads.
struct ReceiptPayer: Row {
    let name: String?
    let locale: String?

    /// Somebody without an account.
    static let unknown = ReceiptPayer(name: nil, locale: nil)

    private init(name: String?, locale: String?) {
        self.name = name
        self.locale = locale
    }

    init(_ row: inout RowReader) throws {
        name = try row.next()
        locale = try row.next()
    }
}
