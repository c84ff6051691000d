import Postgres
import Values

/// What an invoice in Stars asks for, and what of it Telegram's list says.
struct StarOrder: Row {
    let bot: String
    let botID: Int
    let payload: String
    let stars: Int
    let promisedAt: Instant?
    let toldAt: Instant?
    let charge: StarCharge?

    /// Whether a payer has just been told that he may pay: his Stars may be on their way.
    func isPromised(at now: Instant) -> Bool {
        guard let promisedAt else { return false }
        return promisedAt > now - Self.promise
    }

    /// How long one payer's word keeps another out. Telegram carries a payment out at once, or gives it up.
    static let promise = Duration.seconds(60)

    init(_ row: inout RowReader) throws {
        bot = try row.next()
        botID = try row.next()
        payload = try row.next()
        stars = try row.next()
        promisedAt = try row.next()
        toldAt = try row.next()
        let id: String? = try row.next()
        let user: Int? = try row.next()
        let paid: Int? = try row.next()
        let isRefunded: Bool = try row.next()
        guard let id, let user, let paid else {
            charge = nil
            return
        }
        charge = StarCharge(id: id, userID: user, stars: paid, isRefunded: isRefunded)
    }
}

/// Stars that somebody has paid.
struct StarCharge {
    /// Telegram's `telegram_payment_charge_id`.
    let id: String
    let userID: Int
    let stars: Int
    let isRefunded: Bool
}

/// How many Stars an amount comes to: those of XTR as they are, of roubles by the rate, and never less than it.
struct StarRate {
    /// `STAR_RATE_KOPECKS`
    let kopecks: Int

    func stars(of amount: Money) -> Int? {
        guard amount.minor > 0, kopecks > 0 else { return nil }
        let stars: Int64
        switch amount.currency {
        case .xtr: stars = amount.minor
        case .rub: stars = amount.minor / Int64(kopecks) + (amount.minor % Int64(kopecks) == 0 ? 0 : 1)
        default: return nil
        }
        return Int32(exactly: stars).map { Int($0) }
    }
}
