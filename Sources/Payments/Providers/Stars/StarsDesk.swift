import Crypto
import JSON
import Postgres
import Service
import Telegram
import Telemetry
import Values

/// Where updates of bots come that have to do with payments. A product whose bot has a webhook of its own hands them on here.
package struct StarsDesk: Sendable {
    let provider: StarsProvider
    let inbox: WebhookInbox
    let clock: Clock
    let log: Log

    /// The bot of that name, if it is set up to hear of updates.
    func bot(_ name: String) -> TelegramBot? { provider.bots[name].flatMap { $0.webhookSecret == nil ? nil : $0 } }

    /// Whether an update is Telegram's: `X-Telegram-Bot-Api-Secret-Token` is what was given to `setWebhook`.
    func vouches(_ secret: String?, for bot: TelegramBot) -> Bool {
        guard let known = bot.webhookSecret, let secret else { return false }
        return ConstantTime.equal(secret, known)
    }

    /// Takes an update that is known to come from Telegram: answers what is asked before a payment, stores what has been
    /// paid. Known or not: a repeated one changes nothing. Throws `OutsideFailure` when Telegram could not be answered; then it
    /// is to be sent again.
    ///
    /// - Returns: false for an update that has nothing to do with payments.
    package func take(_ update: [UInt8], of bot: TelegramBot) async throws -> Bool {
        guard let json = try? JSONValue.decode(json: update), let id = json["update_id"]?.int else {
            throw HouseProblem.malformed.problem
        }
        if let asked = json["pre_checkout_query"] {
            guard let query = PreCheckoutQuery(asked) else { throw HouseProblem.malformed.problem }
            try await answer(query, of: bot)
            return true
        }
        guard let notice = try await notice(json, id, of: bot) else { return false }
        try await inbox.store(notice, update, from: provider.name)
        return true
    }

    /// A payment or a refund; only a reason to read Telegram's list.
    private func notice(_ json: JSONValue, _ id: Int, of bot: TelegramBot) async throws -> WebhookNotice? {
        let message = json["message"]
        let eventID = "\(bot.name):\(id)"
        if let paid = message?["successful_payment"] {
            guard let payload = paid["invoice_payload"]?.string else { throw HouseProblem.malformed.problem }
            try await provider.database.execute(StarsQueries.told(payload: payload, bot: bot.name, now: clock.now()))
            return WebhookNotice(eventID: eventID, type: "successful_payment", subject: .order(payload))
        }
        if let back = message?["refunded_payment"] {
            guard let charge = back["telegram_payment_charge_id"]?.string else { throw HouseProblem.malformed.problem }
            return WebhookNotice(eventID: eventID, type: "refunded_payment", subject: .refund(charge))
        }
        return nil
    }

    private func answer(_ query: PreCheckoutQuery, of bot: TelegramBot) async throws {
        var answer: [(name: String, value: JSONValue)] = [("pre_checkout_query_id", .string(query.id))]
        let refusal = try await promise(query, of: bot)
        answer.append(("ok", .bool(refusal == nil)))
        if let refusal { answer.append(("error_message", .string(refusal.rawValue))) }
        do { _ = try await provider.call("answerPreCheckoutQuery", .object(answer), as: bot) } catch let late as ProviderRefusal {
            // It does not want the answer any more: the payer has given up, or the ten seconds are over.
            log.warning("Telegram did not take an answer", ["bot": .text(bot.name), "error": .text("\(late)")])
        }
    }

    /// Nil when the payer may pay.
    private func promise(_ query: PreCheckoutQuery, of bot: TelegramBot) async throws -> PreCheckoutRefusal? {
        guard query.currency == "XTR" else { return .wrongAmount }
        let (database, now) = (provider.database, clock.now())
        if try await database.execute(StarsQueries.promise(query, bot: bot.name, now: now)) == 1 { return nil }
        return try await database.first(StarsQueries.refusal(query, bot: bot.name, now: now)) ?? .unknown
    }
}
