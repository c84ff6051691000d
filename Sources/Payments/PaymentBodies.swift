import JSON
import Values

/// A payment that somebody wants to make.
struct PaymentOrder: Shaped {
    let purpose: String
    let purposeID: UUID
    let amount: DecimalNumber?
    let currency: Currency?
    let provider: String?
    let method: String?
    let savedMethodID: ID<SavedMethod>?
    let savesMethod: Bool?
    let usesBonus: Bool?
    let returnURL: String?
    let proof: String?

    static let shape = Shape<PaymentOrder>(
        "NewPayment", Self.init,
        Field("purpose", { $0.purpose }, .length(1...30), .example("invoice"), doc: "invoice, or balance for all that a debtor owes"),
        Field("purposeId", { $0.purposeID }),
        Field(
            "amount", { $0.amount }, .above(0), .range(...PaymentBounds.most),
            doc: "A part, where parts are allowed; else compared with the price"),
        Field("currency", { $0.currency }, doc: "Compared with the price's"),
        Field("provider", { $0.provider }, .length(1...30)),
        Field("method", { $0.method }, .length(1...20), doc: "What the payer wants to pay by, in the provider's words: bank_card, sbp, cib"),
        Field("savedMethodId", { $0.savedMethodID }, doc: "One's own; its provider is asked"),
        Field("saveMethod", { $0.savesMethod }, doc: "Keep what this is paid by, to pay by again; where the provider does"),
        Field("useBonus", { $0.usesBonus }, doc: "Use what one has of bonuses first; where the purpose takes them"),
        Field(
            "returnUrl", { $0.returnURL }, .length(1...500),
            doc: "Where the payer goes afterwards: on allowed hosts, or in an application whose scheme is allowed"),
        Field("proof", { $0.proof }, .length(1...500), doc: "Of a guest: what shows that he may pay for this"))

    var wish: PaymentWish { PaymentWish(amount: amount, currency: currency, proof: proof, usesBonus: usesBonus ?? false) }
}

/// Which payment is to be verified, and what the provider's checkout gave the payer's client. That is checked and grants
/// nothing: the provider is asked all the same.
struct VerifiedPaymentBody: Shaped {
    let paymentID: ID<Payment>?
    let reference: String?
    let providerOrderID: String?
    let providerPaymentID: String?
    let signature: String?

    static let shape = Shape<VerifiedPaymentBody>(
        "VerifiedPayment", Self.init,
        Field("paymentId", { $0.paymentID }),
        Field("reference", { $0.reference }, .pattern("payment-reference", example: "ORD_ABCDEFGHIJKLMNOPQRST", PaymentReference.isWellFormed)),
        Field("providerOrderId", { $0.providerOrderID }, .length(1...255)),
        Field("providerPaymentId", { $0.providerPaymentID }, .length(1...255)),
        Field("signature", { $0.signature }, .length(1...255), doc: "The provider's, over its order and payment"),
        example: ["paymentId"],
        check: { body in
            (body.paymentID == nil) == (body.reference == nil)
                ? [FieldError(field: "paymentId", code: "required", message: "Give paymentId or reference.")] : []
        })

    var proof: CheckoutProof {
        CheckoutProof(orderID: providerOrderID, paymentID: providerPaymentID, signature: signature)
    }
}

/// How much of what a provider holds is taken.
struct CapturedPaymentBody: Shaped {
    let amount: DecimalNumber?

    static let shape = Shape<CapturedPaymentBody>(
        "CapturedPayment", Self.init,
        Field("amount", { $0.amount }, .above(0), .range(...PaymentBounds.most), doc: "Else all of it; the rest is let go"))
}

/// A payment that the office records by hand.
struct HandPaymentBody: Shaped {
    let amount: DecimalNumber
    let method: HandMethod
    let reference: String?
    let paidAt: Instant?
    let notes: String?

    static let shape = Shape<HandPaymentBody>(
        "HandPayment", Self.init,
        Field("amount", { $0.amount }, .above(0), .range(...PaymentBounds.most)),
        Field("method", { $0.method }),
        Field("reference", { $0.reference }, .length(1...100), doc: "Of the bank, of the receipt book"),
        Field("paidAt", { $0.paidAt }, doc: "Else now"),
        Field("notes", { $0.notes }, .length(1...500), .multiline))
}

/// A refund that somebody asks for.
struct RefundWish: Shaped {
    let amount: DecimalNumber?
    let reason: RefundReason
    let details: String?

    static let shape = Shape<RefundWish>(
        "NewRefund", Self.init,
        Field("amount", { $0.amount }, .above(0), doc: "Else all that is left"),
        Field("reason", { $0.reason }),
        Field("details", { $0.details }, .length(1...1000), .multiline))
}

/// The filters of the list of payments.
struct PaymentFilter: Shaped {
    var scopeID: UUID?
    var product: String?
    var purpose: String?
    var purposeID: UUID?
    var status: PaymentStatus?
    var method: String?
    var provider: String?
    var payerID: UUID?
    var from: Day?
    var to: Day?
    var q: String?

    static let shape = Shape<PaymentFilter>(
        "PaymentFilter", Self.init,
        Field("scopeId", { $0.scopeID }),
        Field("product", { $0.product }, .length(1...40)),
        Field("purpose", { $0.purpose }, .length(1...30)),
        Field("purposeId", { $0.purposeID }),
        Field("status", { $0.status }),
        Field("method", { $0.method }, .length(1...20)),
        Field("provider", { $0.provider }, .length(1...30)),
        Field("payerId", { $0.payerID }),
        Field("from", { $0.from }, doc: "Made on or after, in UTC"),
        Field("to", { $0.to }, doc: "Made on or before, in UTC"),
        Field("q", { $0.q }, .length(1...50), doc: "Reference or receipt number"))
}

/// The filters of the ledger's accounts.
struct AccountFilter: Shaped {
    var ownerType: String?
    var ownerID: UUID?
    var unit: String?
    var code: String?

    static let shape = Shape<AccountFilter>(
        "AccountFilter", Self.init,
        Field("ownerType", { $0.ownerType }, .length(1...40)),
        Field("ownerId", { $0.ownerID }),
        Field("unit", { $0.unit }, .length(1...20)),
        Field("code", { $0.code }, .length(1...40)))
}

/// Whose balance, in which currency, over which days.
struct BalanceQuery: Shaped {
    let ownerType: String
    let ownerID: UUID?
    let currency: Currency
    let from: Day?
    let to: Day?

    static let shape = Shape<BalanceQuery>(
        "BalanceQuery", Self.init,
        Field("ownerType", { $0.ownerType }, .length(1...40), doc: "company, platform"),
        Field("ownerId", { $0.ownerID }, doc: "Left out for the platform"),
        Field("currency", { $0.currency }),
        Field("from", { $0.from }),
        Field("to", { $0.to }))
}

struct ApprovedRefundBody: Shaped {
    let amount: DecimalNumber?

    static let shape = Shape<ApprovedRefundBody>(
        "ApprovedRefund", Self.init, Field("amount", { $0.amount }, .above(0), doc: "At most what was asked for"))
}

struct RejectedRefundBody: Shaped {
    let reason: String

    static let shape = Shape<RejectedRefundBody>(
        "RejectedRefund", Self.init, Field("reason", { $0.reason }, .length(10...500), .multiline))
}

struct AskedRefundBody: Shaped {
    let message: String

    static let shape = Shape<AskedRefundBody>(
        "AskedRefund", Self.init, Field("message", { $0.message }, .length(1...2000), .multiline))
}

/// The filters of the list of refunds.
struct RefundFilter: Shaped {
    let status: RefundStatus?
    let paymentID: ID<Payment>?
    let scopeID: UUID?

    static let shape = Shape<RefundFilter>(
        "RefundFilter", Self.init,
        Field("status", { $0.status }),
        Field("paymentId", { $0.paymentID }),
        Field("scopeId", { $0.scopeID }))
}
