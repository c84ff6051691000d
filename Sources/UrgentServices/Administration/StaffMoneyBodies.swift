import JSON
import Service
import Values

/// `urgent.balance_changed`: what somebody hears of his balance that no order has moved.
struct CorrectionNews: WireOutput {
    enum Reason: String, WireEnum {
        case adjustment
        case paymentRefund = "payment_refund"
    }

    let user: Int
    /// Whole roubles, below zero for what was taken.
    let delta: Int
    let balance: Int
    let reason: Reason
    let payment: Int?

    static let shape = Shape<CorrectionNews>(
        output: "UrgentCorrectionNews",
        Field("user", { $0.user }), Field("delta", { $0.delta }), Field("balance", { $0.balance }),
        Field("reason", { $0.reason }), Field("payment", { $0.payment }))

    var event: Event { Event("urgent.balance_changed", "urgent_user", nil, data: JSONText(encoding: self)) }
}

struct AdjustmentBody: Shaped {
    let amount: Int
    let reason: String

    static let shape = Shape<AdjustmentBody>(
        "UrgentAdjustment", Self.init,
        Field("amount", { $0.amount }, .range(-100_000...100_000), doc: "Roubles, not nought; below takes away"),
        Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")), ignoresUnknown: true,
        check: { body in
            body.amount == 0 ? [FieldError(field: "amount", code: "range", message: "must not be 0")] : []
        })
}

/// What a correction has led to.
struct AdjustmentView: WireOutput {
    let balance: Int

    static let shape = Shape<AdjustmentView>(
        output: "UrgentAdjusted", Field("success", { _ in true }), Field("new_balance", { $0.balance }))
}
