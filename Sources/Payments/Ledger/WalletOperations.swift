import Identity
import JSON
import Service
import Values

/// How staff correct wallets.
enum WalletOperations {
    static func all(_ module: PaymentsModule) -> [Operation] {
        adjusting(module) + (module.credits.map { [opening($0, module)] } ?? [])
    }

    /// Wallets of money open by themselves with what first comes in; those of credits have to be there before anything can.
    private static func opening(_ credits: CreditWallets, _ module: PaymentsModule) -> Operation {
        .post(
            "/api/v1/wallets", "openWallet", "Open the wallet from which a scope's short messages are paid", tag: "Ledger",
            who: .permission(.financialManage), problems: [HouseProblem.forbidden, HouseProblem.notFound],
            body: NewWalletBody.self, answer: AccountRow.self, location: { "/api/v1/wallets/\($0.id)" }
        ) { call, body in
            try call.caller.requirePlatform(.financialManage)
            let owner = Scope(ScopeType(body.ownerType), body.ownerID)
            try call.caller.require(.financialManage, on: [owner])
            guard let wallet = try await credits.wallet(of: owner) else { throw HouseProblem.notFound.problem }
            let database = module.payments.database
            return try await database.transaction { _ in
                if try await module.payments.ledger.open([wallet]) == 0 {
                    call.answerStatus = 200
                } else {
                    await module.trail?.record(
                        "wallet_opened", "wallet", wallet.id, product: "platform", in: owner,
                        details: [("unit", .text(wallet.unit))], by: call)
                }
                return try await database.one(LedgerQueries.account(wallet.id))
            }
        }.alsoAnswers(200).described(
            "Of a type of scope whose messages cost credits here (SMS_CREDIT_SCOPES), one a part of a message. It is filled by "
                + "`adjustWallet`; one that is open already is answered as it is, with 200.")
    }

    private static func adjusting(_ module: PaymentsModule) -> [Operation] {
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
                // Nobody fills his own.
                guard call.caller.can(.financialManage, on: []) else { throw HouseProblem.forbidden.problem }
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

/// Whose wallet is to be opened.
struct NewWalletBody: Shaped {
    let ownerType: String
    let ownerID: UUID

    static let shape = Shape<NewWalletBody>(
        "NewWallet", Self.init,
        Field("ownerType", { $0.ownerType }, .length(1...40), .example("company")), Field("ownerId", { $0.ownerID }))
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
