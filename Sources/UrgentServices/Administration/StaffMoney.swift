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
