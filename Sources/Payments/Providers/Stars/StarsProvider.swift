import HTTP
import JSON
import Postgres
import Service
import Synchronization
import Telegram
import Values

/// Stars of Telegram (core.telegram.org/bots/api, "Payments"): a link to an invoice that the payer opens in Telegram. An order
/// there has no state that could be asked for; what was paid stands in the bot's list of transactions, and nothing but that
/// list is believed. Stars go back whole.
package struct StarsProvider: PaymentProvider {
    package static let name = "telegram_stars"
    /// How long a payment that Telegram has told of may be missing in its list.
    private static let patience = Duration.hours(1)

    package var name: String { Self.name }
    package let isLive = true
    package let refundsParts = false
    package let lifetime: Duration? = .minutes(30)
    let bots: TelegramBots
    let database: Database
    private let clock: Clock
    private let rate: @Sendable () -> Int
    private let numbers = BotNumbers()

    /// - Parameters:
    ///   - bots: those that hear of updates; at least one.
    ///   - rate: how many kopecks a Star is worth, asked each time.
    package init(_ bots: TelegramBots, rate: @escaping @Sendable () -> Int, through parts: OutsideParts) {
        self.bots = bots
        self.rate = rate
        database = parts.database
        clock = parts.clock
    }

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { currency == .xtr || currency == .rub }

    // MARK: Orders

    /// The link may be made as often as one likes: what is paid by any of them bears the same payload, and only one payer is
    /// let through.
    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let (attempt, payment) = (request.attempt, request.payment)
        guard let bot = bots.bot(of: payment.product), let stars = StarRate(kopecks: rate()).stars(of: attempt.amount) else {
            throw ProviderRefusal(code: "amount_invalid", reason: "an amount that is no number of Stars")
        }
        try await database.execute(
            StarsQueries.insert(
                attempt, bot: bot.name, number: try await number(of: bot), payload: payment.reference, stars: stars,
                now: clock.now()))
        guard let order = try await order(of: attempt) else { throw OutsideFailure.unreachable("no order") }
        let title = Self.cut(payment.description.isEmpty ? payment.reference : payment.description, 32)
        let link = try await call(
            "createInvoiceLink",
            [
                "title": .string(title), "description": .string(Self.cut("\(payment.reference) \(payment.description)", 255)),
                "payload": .string(order.payload), "provider_token": "", "currency": "XTR",
                "prices": [["label": .string(title), "amount": .number("\(order.stars)")]],
            ], as: try await self.bot(of: order))
        guard let url = link.string, url.hasPrefix("https://") else {
            throw OutsideFailure.incomprehensible("answered without a link")
        }
        return ProviderOrder(id: order.payload, checkout: .invoiceLink(url))
    }

    private static func cut(_ text: String, _ most: Int) -> String {
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: text.unicodeScalars.prefix(most))
        return String(cut)
    }

    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        try await order(of: request.attempt) == nil ? nil : try await open(request)
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        guard let order = try await read(attempt) else { return ProviderReport(.failed(.orderMissing)) }
        guard let charge = order.charge else {
            if let toldAt = order.toldAt, toldAt > clock.now() - Self.patience {
                throw OutsideFailure.incomprehensible("told of a payment that is not in the list")
            }
            return ProviderReport(.open)
        }
        let paid = charge.stars == order.stars ? attempt.amount : .stars(charge.stars)
        return ProviderReport(.paid(paid), paymentID: charge.id, method: "stars")
    }

    /// A link cannot be taken back; whoever wants to pay by it later is not let through. Not while somebody may be paying.
    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        let answer = try await status(of: attempt).answer
        guard answer == .open, let order = try await order(of: attempt) else { return answer }
        return order.isPromised(at: clock.now()) ? .open : .cancelled
    }

    // MARK: Refunds

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        guard refund.amount == refund.attempt.amount else { return .refused("Stars go back whole or not at all.") }
        guard let order = try await read(refund.attempt), let charge = order.charge else {
            return .refused("Telegram's list has no payment of this.")
        }
        if charge.isRefunded { return .sent(charge.id) }
        do {
            _ = try await call(
                "refundStarPayment",
                ["user_id": .number("\(charge.userID)"), "telegram_payment_charge_id": .string(charge.id)],
                as: try await bot(of: order))
            return .sent(charge.id)
        } catch let refusal as ProviderRefusal {
            return refusal.reason.contains("CHARGE_ALREADY_REFUNDED") ? .sent(charge.id) : .refused(refusal.reason)
        }
    }

    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        guard let charge = try await read(refund.attempt, isWanted: { $0?.isRefunded == true })?.charge else { return nil }
        return charge.isRefunded ? .sent(charge.id) : nil
    }

    /// Its updates come by a path of their own: see `StarsDesk`.
    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice { throw PaymentProblem.signatureInvalid }

    /// Of every bot: that its token holds, and that Telegram brings its updates somewhere.
    package func probe() async throws {
        for bot in bots.all {
            let webhook = try await call("getWebhookInfo", .object([]), as: bot)
            guard webhook["url"]?.string?.isEmpty == false else {
                throw ProviderRefusal(code: "no_webhook", reason: "the bot \(bot.name) has no webhook: call setWebhook")
            }
        }
    }

    // MARK: Asking

    func order(of attempt: PaymentAttempt) async throws -> StarOrder? {
        try await database.first(StarsQueries.order(of: attempt.id))
    }

    /// The order as Telegram's list has it: read on unless what is wanted is known.
    private func read(
        _ attempt: PaymentAttempt, isWanted: (StarCharge?) -> Bool = { $0 != nil }
    ) async throws -> StarOrder? {
        guard let known = try await order(of: attempt) else { return nil }
        if isWanted(known.charge) { return known }
        try await readList(of: try await bot(of: known))
        return try await order(of: attempt)
    }

    /// The bot that an order was made by. Throws `OutsideFailure` while it is not set up.
    private func bot(of order: StarOrder) async throws -> TelegramBot {
        guard let bot = bots[order.bot], try await number(of: bot) == order.botID else {
            throw OutsideFailure.unreachable("the bot of the order is not set up any more")
        }
        return bot
    }

    /// Telegram's number of a bot, asked once.
    func number(of bot: TelegramBot) async throws -> Int {
        if let known = numbers[bot.name] { return known }
        guard let number = try await call("getMe", .object([]), as: bot)["id"]?.int, number > 0 else {
            throw OutsideFailure.incomprehensible("answered without id")
        }
        numbers[bot.name] = number
        return number
    }

    /// Calls a method. Throws `OutsideFailure` and `ProviderRefusal`, as providers do.
    func call(_ method: String, _ parameters: JSONValue, as bot: TelegramBot) async throws -> JSONValue {
        do { return try await bot.call(method, parameters) } catch let failure as TelegramFailure {
            throw failure.asOfProvider
        } catch let error as ClientError {
            throw OutsideFailure(error)
        } catch is OutsideUnavailable {
            throw OutsideFailure.resting
        }
    }
}

/// Bots by their names.
private final class BotNumbers: Sendable {
    private let known = Mutex<[String: Int]>([:])

    subscript(name: String) -> Int? {
        get { known.withLock { $0[name] } }
        set { known.withLock { $0[name] = newValue } }
    }
}

extension TelegramFailure {
    fileprivate var asOfProvider: any Error {
        switch self {
        case .busy: OutsideFailure.failing(429)
        case .blocked: OutsideFailure.rejectingUs(403)
        case .failing(let status): OutsideFailure.failing(status)
        // A token that does not hold any more says nothing of the payment.
        case .refused(let code, _) where code == 401 || code == 404: OutsideFailure.rejectingUs(code)
        case .refused(let code, let reason): ProviderRefusal(code: "\(code)", reason: reason)
        }
    }
}

extension TelegramBots {
    /// The bot of a product's payers; another one where it has none.
    fileprivate func bot(of product: String) -> TelegramBot? {
        let name =
            switch product {
            case "condominiums": "condo"
            case "urgent": "urgent"
            default: ""
            }
        return self[name] ?? all.first
    }
}
