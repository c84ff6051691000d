import Service

/// What a payer's client brings back from a checkout is input: refused with 422, other than a forged webhook.
package enum CheckoutProblem: String, ProblemKind, CaseIterable {
    case signatureInvalid = "signature_invalid"

    package var status: Int { 422 }
    package var detail: String { "The signature is not the provider's for this payment's order." }
}

/// Every expected refusal of this module.
package enum PaymentProblem: String, ProblemKind, CaseIterable {
    case alreadyPaid = "already_paid"
    case paymentOpen = "payment_open"
    case amountMismatch = "amount_mismatch"
    case amountExceedsBalance = "amount_exceeds_balance"
    case paymentNotCompleted = "payment_not_completed"
    case invalidState = "invalid_state"
    case signatureInvalid = "signature_invalid"
    case refundExceeds = "refund_exceeds"
    case payoutInProgress = "payout_in_progress"
    case nothingPayable = "nothing_payable"
    case accountMissing = "account_missing"
    case secondApprovalNeeded = "second_approval_needed"
    case methodsNotKept = "methods_not_kept"
    case refundByProduct = "refund_by_product"
    case refundWholeOnly = "refund_whole_only"
    case refundTooLate = "refund_too_late"
    case useOnlinePayment = "use_online_payment"
    case balanceTooLow = "balance_too_low"
    case purposeUnknown = "purpose_unknown"
    case paymentsNotConfigured = "payments_not_configured"
    case providerUnavailable = "provider_unavailable"
    case providerRefused = "provider_refused"
    case decidedTwice = "already_decided"

    package var status: Int {
        switch self {
        case .alreadyPaid, .paymentOpen, .amountExceedsBalance, .paymentNotCompleted, .invalidState, .refundExceeds,
            .refundTooLate, .refundByProduct, .decidedTwice, .payoutInProgress, .nothingPayable, .accountMissing,
            .secondApprovalNeeded:
            409
        case .amountMismatch, .purposeUnknown, .providerRefused, .methodsNotKept, .refundWholeOnly: 422
        case .signatureInvalid: 401
        case .useOnlinePayment: 403
        case .balanceTooLow: 402
        case .paymentsNotConfigured, .providerUnavailable: 503
        }
    }

    package var detail: String {
        switch self {
        case .alreadyPaid: "This is paid already."
        case .paymentOpen: "Another payment for this is still open; finish or cancel it first."
        case .amountMismatch: "The amount or currency is not what this costs; see expected."
        case .amountExceedsBalance: "The amount is more than what is still open."
        case .paymentNotCompleted: "The provider has not confirmed this payment."
        case .invalidState: "The payment's status does not allow this."
        case .signatureInvalid: "The signature does not fit the body, or is too old."
        case .refundExceeds: "More would go back than has been received."
        case .payoutInProgress: "Another payout to this payee is under way."
        case .nothingPayable: "Less than this, or nothing, is owed and old enough to be paid out."
        case .accountMissing: "The payee has not said where the money goes."
        case .secondApprovalNeeded: "So much is let go by two; somebody else has to do it, too."
        case .methodsNotKept: "Nothing can be saved at this provider."
        case .refundByProduct: "Payments of this kind are given back in another way."
        case .refundWholeOnly: "What was paid in this way goes back whole or not at all."
        case .refundTooLate: "Payers ask for money back within 14 days; please turn to the office."
        case .useOnlinePayment: "Only the office records payments by hand; pay online."
        case .balanceTooLow: "The balance is too low."
        case .purposeUnknown: "Nothing of this purpose can be paid."
        case .paymentsNotConfigured: "No payment provider is set up for this."
        case .providerUnavailable: "The payment provider cannot be reached; try again shortly."
        case .providerRefused: "The payment provider does not take this payment."
        case .decidedTwice: "This has been decided already."
        }
    }
}
