import Postgres
import Values

/// A payment of Telegram's list with the order that it was for.
struct StarReceipt: Row {
    let chargeID: String
    let at: Instant
    private let stars: Int
    private let payload: String?
    private let asked: Int?
    private let amount: Money?
    private let isRefunded: Bool

    /// A place in the list.
    init(chargeID: String, at: Instant) {
        (self.chargeID, self.at) = (chargeID, at)
        (stars, payload, asked, amount, isRefunded) = (0, nil, nil, nil, false)
    }

    init(_ row: inout RowReader) throws {
        chargeID = try row.next()
        at = try row.next()
        stars = try row.next()
        payload = try row.next()
        asked = try row.next()
        let minor: Int64? = try row.next()
        let currency: Currency? = try row.next()
        isRefunded = try row.next()
        if let minor, let currency { amount = Money(minor: minor, currency: currency) } else { amount = nil }
    }

    /// Stars that are as many as were asked for are the payment's amount.
    var receipt: ProviderReceipt {
        let isExact = asked == stars
        let paid = isExact ? amount ?? .stars(stars) : .stars(stars)
        return ProviderReceipt(
            orderID: payload, paymentID: chargeID, amount: paid, refunded: isRefunded ? paid.minor : 0)
    }

    /// Its place as a cursor.
    var cursor: String { "\(at.microseconds) \(chargeID)" }

    static func place(_ cursor: String) -> StarReceipt? {
        let parts = cursor.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let microseconds = Int64(parts[0]) else { return nil }
        return StarReceipt(chargeID: String(parts[1]), at: Instant(microseconds: microseconds))
    }
}

extension Money {
    static func stars(_ count: Int) -> Money { Money(minor: Int64(count), currency: .xtr) }
}
