import Service

/// Every expected refusal of this module.
package enum InvoiceProblem: String, ProblemKind, CaseIterable {
    case invoiceExists = "invoice_exists"
    case invalidState = "invalid_state"
    case invoiceHasPayments = "invoice_has_payments"
    case amountExceedsBalance = "amount_exceeds_balance"
    case useOnlinePayment = "use_online_payment"
    case notGenerated = "kind_not_generated"
    case linesAreComputed = "lines_are_computed"

    package var status: Int {
        switch self {
        case .invoiceExists, .invalidState, .invoiceHasPayments, .amountExceedsBalance, .linesAreComputed: 409
        case .useOnlinePayment: 403
        case .notGenerated: 422
        }
    }

    package var detail: String {
        switch self {
        case .invoiceExists: "A live invoice of this kind exists for this debtor and period."
        case .invalidState: "The invoice's status does not allow this."
        case .invoiceHasPayments: "Something has been paid on this invoice; refund it before cancelling."
        case .amountExceedsBalance: "The amount is more than what is still open on this invoice."
        case .useOnlinePayment: "Only the office records payments by hand; pay this invoice online."
        case .linesAreComputed: "The lines were computed for a period; cancel the invoice and generate it anew."
        case .notGenerated: "Invoices of this kind are not generated for a period."
        }
    }
}
