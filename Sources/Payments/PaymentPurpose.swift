import Service
import Values

/// Something that can be paid for, as a module registers it: who may pay, what it costs, what paying it does.
package protocol PaymentPurpose: Sendable {
    /// `invoice`, `wallet`, `consultation`.
    var name: String { get }

    /// What the object costs this caller now. The price comes from here and from nowhere else; an amount the caller
    /// names is compared, or taken where parts are allowed.
    ///
    /// Throws 404 for an object that the caller does not see, and the purpose's own refusals.
    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote

    /// Whether payers begin to pay at `POST /payments/create`; else the product's own routes begin such payments alone.
    var isForPayers: Bool { get }

    /// Whether somebody without an account may pay, by a proof that the wish carries; the quote then says who pays.
    var takesGuests: Bool { get }

    /// Whether its price may be paid in part by bonuses: the quote is of what is left then.
    var takesBonus: Bool { get }

    /// Through which providers it may be paid, where not through all of the currency.
    var providers: [String]? { get }

    /// Whether payers and staff may ask for such payments back here; else the product alone gives them back.
    var isRefundable: Bool { get }

    /// Whose the money is now that it is here, inside the settling transaction: as the quote has said, where nothing else is decided.
    func payee(of payment: Payment) async throws -> Scope

    /// Whose account of the ledger gets what is used of a payment: what the platform owes its payee, as a rule.
    func beneficiary(of payment: Payment) -> LedgerAccount

    /// What is still to be paid for an object, for whoever is to be reminded of it; nil for nothing, or where nobody is.
    func due(_ object: UUID) async throws -> PaymentDue?

    /// The money is here: grants what was paid for, inside the settling transaction.
    ///
    /// - Returns: how much of it was used; the rest goes back to the payer.
    func settle(_ payment: Payment) async throws -> Int64

    /// Some of the money used has gone back: takes back what was granted for it, inside the same transaction.
    func takeBack(_ money: Money, of payment: Payment) async throws
}

extension PaymentPurpose {
    package var isForPayers: Bool { true }
    package var takesGuests: Bool { false }
    package var takesBonus: Bool { false }
    package func due(_ object: UUID) async throws -> PaymentDue? { nil }
    package var providers: [String]? { nil }
    package var isRefundable: Bool { true }
    package func payee(of payment: Payment) async throws -> Scope { payment.payee }

    package func beneficiary(of payment: Payment) -> LedgerAccount {
        .payable(payment.payee, payment.state.amount.currency)
    }
}

/// What somebody owes for an object.
package struct PaymentDue: Sendable, Equatable {
    package let amount: Money
    /// As its reader calls it: the number of an invoice, the name of a plan.
    package let title: String
    /// Nil: the present day.
    package let on: Day?

    package init(_ amount: Money, for title: String, on day: Day? = nil) {
        self.amount = amount
        self.title = title
        on = day
    }
}

/// What the caller asks to pay, before anybody believes it.
package struct PaymentWish: Sendable {
    package let amount: DecimalNumber?
    package let currency: Currency?
    /// Of a guest: what shows that he may pay for this object. Whatever it is, the purpose has given it to him.
    package let proof: String?
    /// Whether what the payer has of bonuses is to be used first; only where the purpose takes them.
    package let usesBonus: Bool
}

/// What an object costs, whose money it will be, and which payments exclude each other.
package struct PaymentQuote: Sendable {
    package let product: String
    package let amount: Money
    package let scope: Scope
    package let payee: Scope
    /// One open payment per key.
    package let lockKey: String
    /// How long it can be paid; nil for as long as any (`PAYMENT_TTL_MINUTES`).
    package let lifetime: Duration?
    package let description: String
    /// Manual where a provider is to hold the money until staff take it.
    package let capture: CaptureMode
    /// What it is made of, where that is more than the object; in sum the amount.
    package let parts: [PaymentPart]
    /// Who pays, where he has no account.
    package let guest: GuestPayer?
    /// Facts that the purpose wants to find with the payment again, sixteen at most: `plan`, `seats`. Nothing secret: payers and
    /// staff see them, and figures are told apart by them.
    package let metadata: [String: String]

    package init(
        product: String, amount: Money, scope: Scope, payee: Scope, lockKey: String, lifetime: Duration? = nil,
        description: String, capture: CaptureMode = .automatic, parts: [PaymentPart] = [], guest: GuestPayer? = nil,
        metadata: [String: String] = [:]
    ) {
        precondition(metadata.count <= PaymentBounds.metadata, "a payment bears sixteen facts at most")
        self.product = product
        self.amount = amount
        self.scope = scope
        self.payee = payee
        self.lockKey = lockKey
        self.lifetime = lifetime
        self.description = description
        self.capture = capture
        self.parts = parts
        self.guest = guest
        self.metadata = metadata
    }
}
