import Invoices
import JSON
import Postgres
import Service
import Values

/// How payments look in answers.
package struct PaymentView: WireOutput {
    package let payment: Payment
    let checkout: CheckoutView
    let refunds: [Refund]

    init(_ known: PaymentWithAttempt, refunds: [Refund], vault: CheckoutVault) {
        payment = known.payment
        checkout = CheckoutView(known, vault)
        self.refunds = refunds
    }

    /// How the payer goes on at the provider.
    package var way: Checkout { checkout.checkout }

    package static let shape = Shape<PaymentView>(
        output: "Payment",
        Field("id", { $0.payment.id }),
        Field("reference", { $0.payment.reference }),
        Field("product", { $0.payment.product }),
        Field("purpose", { $0.payment.purpose }),
        Field("purposeId", { $0.payment.purposeID }),
        Field("payerId", { $0.payment.payerID }),
        Field("payer", { $0.payment.guest }, doc: "Of a guest; null of somebody with an account"),
        Field("scope", { PartyView($0.payment.scope) }),
        Field("payee", { PartyView($0.payment.payee) }),
        Field("status", { $0.payment.state.status }),
        Field("amount", { Amount($0.payment.state.amount) }),
        Field("currency", { $0.payment.state.amount.currency }),
        Field("captured", { Amount($0.payment.state.captured, $0.payment.state.amount.currency) }),
        Field("refunded", { Amount($0.payment.state.refunded, $0.payment.state.amount.currency) }),
        Field("commission", { Amount($0.payment.commission, $0.payment.state.amount.currency) }),
        Field("fee", { Amount($0.payment.fee, $0.payment.state.amount.currency) }),
        Field(
            "parts", { view in view.payment.parts.map { PaymentPartView(part: $0, currency: view.payment.state.amount.currency) } },
            doc: "What it is made of, where that is more than its object"),
        Field("provider", { $0.payment.provider }),
        Field("method", { $0.payment.method }),
        Field("description", { $0.payment.description }),
        Field("returnUrl", { $0.payment.returnURL }),
        Field("receiptNumber", { $0.payment.receiptNumber }),
        Field("outsideReference", { $0.payment.outsideReference }),
        Field("recordedBy", { $0.payment.recordedBy }, doc: "Who has written it down, where it was made by hand"),
        Field("failureCode", { $0.payment.state.failure?.code }),
        Field("failureMessage", { $0.payment.state.failure?.message }),
        Field("isLate", { $0.payment.state.isLate }, doc: "Succeeded after it had failed, expired or been cancelled"),
        Field("isLive", { $0.payment.isLive }, doc: "False for the sandbox"),
        Field("expiresAt", { $0.payment.expiresAt }),
        Field("capture", { $0.payment.capture }, doc: "Whether what the provider holds is taken at once, or by staff"),
        Field("authorizedAt", { $0.payment.authorizedAt }, doc: "Since when the provider has held it"),
        Field("succeededAt", { $0.payment.succeededAt }),
        Field("failedAt", { $0.payment.failedAt }),
        Field("cancelledAt", { $0.payment.cancelledAt }),
        Field("disputedAt", { $0.payment.disputedAt }, doc: "Since when the payer contests it at his bank"),
        Field("metadata", { $0.payment.metadata }, doc: "Facts that its purpose has noted: the plan that was chosen"),
        Field("createdAt", { $0.payment.createdAt }),
        Field("updatedAt", { $0.payment.updatedAt }),
        Field("checkout", { $0.checkout }),
        Field("refunds", { $0.refunds }))
}

/// All payments of a list in one currency, whatever became of them.
struct PaymentTotals: Row, WireOutput {
    let currency: Currency
    let count: Int
    let amount: Int64
    let captured: Int64
    let refunded: Int64

    init(_ row: inout RowReader) throws {
        currency = try row.next()
        count = try row.next()
        amount = try row.next()
        captured = try row.next()
        refunded = try row.next()
    }

    static let shape = Shape<PaymentTotals>(
        output: "PaymentTotals",
        Field("currency", { $0.currency }),
        Field("count", { $0.count }),
        Field("amount", { Amount($0.amount, $0.currency) }, doc: "What was asked for, also where it was not paid"),
        Field("captured", { Amount($0.captured, $0.currency) }),
        Field("refunded", { Amount($0.refunded, $0.currency) }))
}

extension Payments {
    /// As it is shown, with its refunds.
    func view(_ known: PaymentWithAttempt) async throws -> PaymentView { try await views([known])[0] }

    /// As they are shown; their refunds come with one statement for all.
    func views(_ rows: [PaymentWithAttempt]) async throws -> [PaymentView] {
        let refundable = rows.filter(\.payment.state.status.isPaid).map(\.payment.id)
        let refunds = refundable.isEmpty ? [] : try await database.all(RefundQueries.refunds(of: refundable))
        let byPayment = Dictionary(grouping: refunds, by: \.paymentID)
        return rows.map { PaymentView($0, refunds: byPayment[$0.payment.id] ?? [], vault: vault) }
    }
}

/// Where the payer goes on.
struct CheckoutView: WireOutput {
    let provider: String?
    let checkout: Checkout

    init(_ known: PaymentWithAttempt, _ vault: CheckoutVault) {
        provider = known.payment.provider
        let isOpen = known.payment.state.status == .created || known.payment.state.status == .pending
        checkout = isOpen ? known.attempt.map(vault.open) ?? .none : .none
    }

    static let shape = Shape<CheckoutView>(
        output: "Checkout",
        Field("provider", { $0.provider }),
        Field("kind", { $0.checkout.kind }, doc: "How the payer goes on; none once the payment has ended, or before its order is made"),
        Field("url", { $0.checkout.url }, doc: "Of redirect and invoice_link, while the payment is open"),
        Field("clientSecret", { $0.checkout.clientSecret }, doc: "Of client_secret: for the provider's own elements"),
        Field("publishableKey", { $0.checkout.publishableKey }),
        Field("keyId", { $0.checkout.keyID }, doc: "Of order: whose account the provider's script opens"),
        Field("orderId", { $0.checkout.orderID }, doc: "Of order: the provider's order"),
        Field("token", { $0.checkout.token }, doc: "Of order: the provider's session"))
}

extension Refund: WireOutput {
    package static let shape = Shape<Refund>(
        output: "Refund",
        Field("id", { $0.id }),
        Field("number", { $0.number }),
        Field("paymentId", { $0.paymentID }),
        Field("amount", { Amount($0.amount) }),
        Field("currency", { $0.amount.currency }),
        Field("status", { $0.state.status }),
        Field("reason", { $0.reason }),
        Field("details", { $0.details }),
        Field("requesterKind", { $0.requester }),
        Field("requestedBy", { $0.requestedBy }),
        Field("decidedBy", { $0.decidedBy }),
        Field("decidedAt", { $0.decidedAt }),
        Field("decisionReason", { $0.decisionReason }),
        Field("failure", { $0.failure }, doc: "Why it failed"),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}
