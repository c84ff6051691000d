import Service
import Values

/// Filling one's own wallet: any amount of any currency. The object is the owner.
struct WalletPurpose: PaymentPurpose {
    let name = "wallet"
    /// What is in a wallet may be spent by now: staff correct the wallet instead.
    let isRefundable = false

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard try caller.user() == object else { throw HouseProblem.notFound.problem }
        caller.decidedByOwnership()
        var missing: [FieldError] = []
        if wish.amount == nil { missing.append(FieldError(field: "amount", code: "required", message: "Say how much.")) }
        if wish.currency == nil { missing.append(FieldError(field: "currency", code: "required", message: "Say of what.")) }
        guard let wished = wish.amount, let currency = wish.currency else { throw InvalidInput(missing) }
        guard let minor = wished.minorUnits(of: currency) else {
            throw InvalidInput(
                field: "amount", code: "range", message: "At most \(currency.exponent) decimals, and not so large.")
        }
        let owner = Scope("user", object)
        return PaymentQuote(
            product: "platform", amount: Money(minor: minor, currency: currency), scope: owner, payee: owner,
            lockKey: "wallet:\(object):\(currency)", lifetime: .hours(24), description: "Wallet")
    }

    func beneficiary(of payment: Payment) -> LedgerAccount { .wallet(payment.payee, payment.state.amount.currency) }

    /// The posting itself fills the wallet.
    func settle(_ payment: Payment) async throws -> Int64 { payment.received.minor }

    func takeBack(_ money: Money, of payment: Payment) async throws { throw PaymentProblem.refundByProduct }
}
