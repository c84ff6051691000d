import Identity
import JSON
import Service
import Values

/// How staff correct wallets.
enum WalletOperations {
    static func all(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .post(
                "/api/v1/wallets/{id}/adjust", "adjustWallet", "Correct a wallet, up or down", tag: "Ledger",
                who: .permission(.financialManage), problems: [PaymentProblem.balanceTooLow], body: AdjustmentBody.self,
                answer: AccountRow.self, status: 200
            ) { call, body in
                let id = try call.uuid()
                guard let known = try await payments.database.first(LedgerQueries.account(id)), known.isWallet else {
                    throw HouseProblem.notFound.problem
                }
                try call.caller.require(.financialManage, seeing: .financialRead, on: [known.owner])
                let amount = try known.minor(body.amount)
                let user = try call.caller.user()
                return try await payments.database.transaction { _ in
                    try await payments.wallets.adjust(
                        amount, of: known,
                        Wallets.Reason(
                            "platform", Scope("wallet", id), key: "adjustment:\(UUID.v7())", description: body.reason, by: user))
                    await module.trail?.record(
                        "wallet_adjusted", "wallet", id, product: "platform", in: known.owner,
                        details: [
                            ("amount", .decimal(body.amount)), ("currency", .text(known.unit)), ("reason", .text(body.reason)),
                        ], by: call)
                    return try await payments.database.one(LedgerQueries.account(id))
                }
            }.movingMoney()
        ]
    }
}

struct AdjustmentBody: Shaped {
    let amount: DecimalNumber
    let reason: String

    static let shape = Shape<AdjustmentBody>(
        "WalletAdjustment", Self.init,
        Field("amount", { $0.amount }, doc: "Not zero; below it takes away"),
        Field("reason", { $0.reason }, .length(10...500), .multiline),
        check: { body in
            body.amount == 0 ? [FieldError(field: "amount", code: "range", message: "Not zero.")] : []
        })
}

extension AccountRow {
    /// An amount of the account's unit, as the wire has it.
    func minor(_ amount: DecimalNumber) throws -> Int64 {
        let minor = Currency(unit).map { amount.minorUnits(of: $0) } ?? amount.whole
        // Far below what an account holds, so that no sum of it runs over.
        guard let minor, minor.magnitude <= 1_000_000_000_000_000 else {
            throw InvalidInput(field: "amount", code: "range", message: "More decimals than \(unit) has, or too large.")
        }
        return minor
    }
}
