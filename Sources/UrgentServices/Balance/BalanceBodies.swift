import JSON
import Values

/// How much somebody wants to pay into his balance.
struct RechargeBody: Shaped {
    /// Whole roubles.
    let amount: Int
    let method: PaymentMethod?

    static let shape = Shape<RechargeBody>(
        "UrgentRecharge", Self.init,
        Field("amount", { $0.amount }, .range(1...100_000), doc: "Whole roubles"),
        Field("method", { $0.method }, doc: "PAYMENT_PROVIDER where it is left out"),
        ignoresUnknown: true)
}

/// What somebody has.
struct BalanceView: WireOutput {
    let balance: Int

    static let shape = Shape<BalanceView>(
        output: "UrgentBalance", Field("balance", { $0.balance }, doc: "Whole roubles"))
}

/// An amount that is often paid in.
struct PackageView: WireOutput {
    let amount: Int
    let isPopular: Bool
    let stars: Int

    static let shape = Shape<PackageView>(
        output: "UrgentPackage", Field("amount", { $0.amount }), Field("popular", { $0.isPopular }),
        Field("stars", { $0.stars }, doc: "What it costs in Stars of Telegram"))
}

/// How to pay.
struct InvoiceView: WireOutput {
    let invoice: PaymentInvoice
    let way: PaymentWay

    static let shape = Shape<InvoiceView>(
        output: "UrgentPaymentInvoice",
        Field("payment_id", { $0.invoice.id }),
        Field("pay_url", { $0.way.url }),
        Field("mini_app_invoice_url", { $0.way.miniAppURL }, doc: "Opened inside Telegram; null where a browser is to open pay_url"),
        Field("method", { $0.invoice.method }),
        Field("stars_amount", { $0.invoice.stars }, doc: "Null unless paid in Stars"),
        Field("expires_at", { $0.way.expiresAt }))
}

/// What a recharge has come to: money at once where that is allowed, else the way to pay.
struct RechargeView: WireOutput {
    /// Nil where the money is there.
    let pending: InvoiceView?
    let balance: Int
    /// Of the money that is there.
    let transaction: Int?

    static let shape = Shape<RechargeView>(
        output: "UrgentRechargeAnswer",
        Field("success", { $0.isDone }),
        Field("status", { $0.status }),
        Field("payment_id", { $0.pending?.invoice.id }),
        Field("method", { $0.method }),
        Field("pay_url", { $0.pending?.way.url }),
        Field("mini_app_invoice_url", { $0.pending?.way.miniAppURL }),
        Field("new_balance", { $0.balance }),
        Field("transaction_id", { $0.transaction }))

    private var isDone: Bool { pending == nil }
    private var status: String { isDone ? "paid" : "pending" }
    private var method: String { pending?.invoice.method.rawValue ?? "dev" }
}

/// Where a payment stands, in the three words that clients wait for.
struct PaymentStatusView: WireOutput {
    let standing: PaymentStanding

    static let shape = Shape<PaymentStatusView>(
        output: "UrgentPaymentStatus",
        Field("payment_id", { $0.standing.id }),
        Field("status", { $0.standing.status.shown }),
        Field("amount", { $0.standing.amount }),
        Field("new_balance", { $0.balance }, doc: "Once it is paid"))

    private var balance: Int? { standing.status.shown == .paid ? standing.balance : nil }
}
