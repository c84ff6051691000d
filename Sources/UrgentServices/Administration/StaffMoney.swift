import Identity
import JSON
import Payments
import Postgres
import Service
import Values

/// What administrators do about balances (spec 3.6, row 52).
struct StaffMoney: Sendable {
    let staff: StaffBook
    let wallets: Wallets
    let movements: Movements
    let events: Outbox

    private var database: Database { staff.database }

    /// Corrects somebody's balance, up or down: a movement of the ledger.
    ///
    /// - Returns: the balance then. Throws 404, and `insufficient_balance` (409) where it would fall below nought.
    func adjust(_ id: Int, _ body: AdjustmentBody, by member: StaffMember) async throws -> Int {
        try await staff.acting {
            guard let account = try await database.first(StaffPeopleQueries.account(of: id)) else { throw UrgentProblem.notFound }
            do {
                try await wallets.adjust(
                    Int64(body.amount) * 100, of: .wallet(Scope("user", account), .rub),
                    Wallets.Reason(
                        "urgent", Scope("user", account), key: "urgent:adjustment:\(UUID.v7())", description: body.reason,
                        by: member.account))
            } catch PaymentProblem.balanceTooLow {
                throw StaffProblem.insufficientBalance
            }
            let balance = try await database.one(StaffPeopleQueries.balance(of: id))
            await staff.record(
                "balance_adjusted", "user", String(id),
                [AuditChange("balance", .number(Int64(balance - body.amount)), .number(Int64(balance)))],
                because: body.reason, by: member)
            try await events.publish(
                CorrectionNews(user: id, delta: body.amount, balance: balance, reason: .adjustment, payment: nil).event)
            return balance
        }
    }
}

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
