import JSON
import Payments
import Postgres
import Values

/// What somebody wants to pay into his balance: the number under which clients know a payment of the platform.
struct PaymentInvoice: Row {
    let id: Int
    let userID: Int
    /// His account on the platform.
    let accountID: UUID
    /// Of the platform's payment, also before there is one.
    let paymentID: UUID
    let method: PaymentMethod
    /// Whole roubles.
    let amount: Int
    /// Nil where it is not paid in Stars.
    let stars: Int?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        accountID = try row.next()
        paymentID = try row.next()
        method = try row.next()
        amount = try row.next()
        stars = try row.next()
    }

    var money: Money { Money(minor: Int64(amount) * 100, currency: .rub) }
}

/// Where the money of an invoice stands (spec 2.7).
enum InvoiceStatus: String, WireEnum {
    case created, pending, paid, expired, failed, refunded

    /// In the words of clients, who stop to ask on the last two.
    enum Shown: String, WireEnum { case pending, paid, expired }

    var shown: Shown {
        switch self {
        case .created, .pending: .pending
        case .paid, .refunded: .paid
        case .expired, .failed: .expired
        }
    }
}

/// An invoice with where it stands, and what its owner has.
struct PaymentStanding: Row {
    let id: Int
    let amount: Int
    let status: InvoiceStatus
    let balance: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        amount = try row.next()
        status = try row.next()
        balance = try row.next()
    }
}

/// An invoice of which there is news.
struct InvoiceNews: Row {
    /// Of the platform.
    let payment: UUID
    let user: Int
    let standing: PaymentStanding
    /// Who has the wallet now that the payment fills; nobody where its account has no Telegram any more.
    let holder: WalletHolder?

    init(_ row: inout RowReader) throws {
        payment = try row.next()
        user = try row.next()
        standing = try PaymentStanding(&row)
        let id: Int? = try row.next()
        let balance: Int? = try row.next()
        if let id, let balance { holder = WalletHolder(id: id, balance: balance) } else { holder = nil }
    }
}

/// How a payer goes on.
struct PaymentWay: Sendable {
    /// Nil where there is nothing to go on with any more.
    let url: String?
    /// A link that Telegram opens inside itself.
    let miniAppURL: String?
    let expiresAt: Instant

    init(_ begun: PaymentView) {
        url = begun.way.url
        miniAppURL = begun.way.url.flatMap { $0.hasPrefix("https://t.me/") ? $0 : nil }
        expiresAt = begun.payment.expiresAt
    }
}
