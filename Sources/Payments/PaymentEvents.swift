import JSON
import Values

/// What others may hear of a payment: `payment.succeeded`, `.failed`, `.cancelled`, `.expired`.
struct PaymentNews: WireOutput {
    let reference: String
    let purpose: String
    let purposeID: UUID
    let payerID: UUID?
    let status: PaymentStatus
    let amount: Money
    let isLate: Bool

    static let shape = Shape<PaymentNews>(
        output: "PaymentNews",
        Field("reference", { $0.reference }),
        Field("purpose", { $0.purpose }),
        Field("purposeId", { $0.purposeID }),
        Field("payerId", { $0.payerID }),
        Field("status", { $0.status }),
        Field("amount", { Amount($0.amount) }),
        Field("currency", { $0.amount.currency }),
        Field("isLate", { $0.isLate }))
}

/// What others may hear of a refund: `refund.succeeded`, `.failed`.
struct RefundNews: WireOutput {
    let number: String
    let paymentID: ID<Payment>
    let purpose: String
    let purposeID: UUID
    let payerID: UUID?
    let amount: Money

    static let shape = Shape<RefundNews>(
        output: "RefundNews",
        Field("number", { $0.number }),
        Field("paymentId", { $0.paymentID }),
        Field("purpose", { $0.purpose }),
        Field("purposeId", { $0.purposeID }),
        Field("payerId", { $0.payerID }),
        Field("amount", { Amount($0.amount) }),
        Field("currency", { $0.amount.currency }))
}
