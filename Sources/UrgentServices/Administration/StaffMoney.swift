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

    /// Corrects somebody's balance, up or down: a movement of the ledger. By the same key of the same member once; what it came to
    /// is answered again.
    ///
    /// - Returns: the balance then. Throws 404, `insufficient_balance` (409) where it would fall below nought, and
    ///   `idempotency_conflict` for a key by which something else was corrected.
    func adjust(_ id: Int, _ body: AdjustmentBody, key: String?, by member: StaffMember) async throws -> Int {
        try await staff.acting {
            guard let account = try await database.first(StaffPeopleQueries.account(of: id)) else { throw UrgentProblem.notFound }
            let wallet = LedgerAccount.wallet(Scope("user", account), .rub)
            let key = "urgent:adjustment:" + (key.map { "\(member.id):\($0)" } ?? UUID.v7().description)
            let isNew = try await move(Int64(body.amount) * 100, of: wallet, account, key: key, because: body.reason, by: member)
            guard let movement = try await database.first(BalanceQueries.movement(key, of: wallet.id)), movement.amount == body.amount
            else { throw UrgentProblem.idempotencyConflict }
            guard isNew else { return movement.balance }
            await staff.record(
                "balance_adjusted", "user", String(id),
                [AuditChange("balance", .number(Int64(movement.balance - body.amount)), .number(Int64(movement.balance)))],
                because: body.reason, by: member)
            try await events.publish(
                CorrectionNews(user: id, delta: body.amount, balance: movement.balance, reason: .adjustment, payment: nil).event)
            return movement.balance
        }
    }

    private func move(
        _ kopecks: Int64, of wallet: LedgerAccount, _ account: UUID, key: String, because reason: String, by member: StaffMember
    ) async throws -> Bool {
        do {
            return try await wallets.adjust(
                kopecks, of: wallet,
                Wallets.Reason("urgent", Scope("user", account), key: key, description: reason, by: member.account))
        } catch PaymentProblem.balanceTooLow {
            throw StaffProblem.insufficientBalance
        }
    }
}
