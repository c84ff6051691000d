import JSON
import Synchronization
import Values

/// Telegram's Bot API as its documentation has it: a token in the path, JSON in, `ok` with `result` or with `error_code` and
/// `description` out. It has payments in Stars, and the list of what has moved.
package final class TelegramEmulator: Sendable {
    package struct Invoice: Sendable {
        package let bot: String
        package let payload: String
        package let stars: Int
        package let link: String
        package let parameters: JSONValue
    }

    private struct State {
        var invoices: [Invoice] = []
        /// By bot, oldest first.
        var transactions: [String: [JSONValue]] = [:]
        var answers: [(bot: String, value: JSONValue)] = []
        var messages: [JSONValue] = []
        var refusals: [String: JSONValue] = [:]
        var updates = 100_000
        var isSilent = false
        var isLate = false
    }

    private let tokens: Set<String>
    private let state = Mutex(State())
    package let service: EmulatedService

    package init(_ tokens: String...) throws {
        self.tokens = Set(tokens)
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<TelegramEmulator?>(nil) }

    // MARK: What a test does

    package var invoices: [Invoice] { state.withLock { $0.invoices } }
    /// What `answerPreCheckoutQuery` was given, in order.
    package var answers: [JSONValue] { state.withLock { $0.answers.map(\.value) } }
    /// What was written to people, in order.
    package var messages: [JSONValue] { state.withLock { $0.messages } }
    package func transactions(_ token: String) -> [JSONValue] { state.withLock { $0.transactions[token] ?? [] } }

    /// What is asked is done, and its answer lost.
    package func loseAnswers(_ isOn: Bool) { state.withLock { $0.isSilent = isOn } }

    /// What is paid shows in the list only later.
    package func delayList(_ isOn: Bool) { state.withLock { $0.isLate = isOn } }

    /// The method is refused from now on; nil lets it pass again.
    package func refuse(_ method: String, _ code: Int, _ description: String?, retryAfter: Int? = nil) {
        state.withLock { state in
            guard let description else { return _ = state.refusals.removeValue(forKey: method) }
            let parameters: JSONValue? = retryAfter.map { ["retry_after": .number("\($0)")] }
            state.refusals[method] = [
                "ok": false, "error_code": .number("\(code)"), "description": .string(description),
                "parameters": parameters ?? .object([]),
            ]
        }
    }

    /// Somebody opens an invoice and presses Pay: what Telegram then asks its bot.
    package func preCheckout(
        _ payload: String, stars: Int, user: Int64 = 42, currency: String = "XTR", id: String = "\(UUID.v7())"
    ) -> [UInt8] {
        update([
            "pre_checkout_query": [
                "id": .string(id), "from": Self.person(user), "currency": .string(currency),
                "total_amount": .number("\(stars)"), "invoice_payload": .string(payload),
            ]
        ])
    }

    /// Telegram takes somebody's Stars, and tells.
    package func pay(_ token: String, _ payload: String, stars: Int, user: Int64 = 42, at now: Instant) -> [UInt8] {
        let charge = "stx\(UUID.v7())"
        add(token, id: charge, stars: stars, at: now, ("source", Self.partner(user, payload)))
        return update([
            "message": [
                "message_id": 1, "from": Self.person(user), "chat": ["id": .number("\(user)"), "type": "private"],
                "date": .number("\(now.microseconds / 1_000_000)"),
                "successful_payment": [
                    "currency": "XTR", "total_amount": .number("\(stars)"), "invoice_payload": .string(payload),
                    "telegram_payment_charge_id": .string(charge), "provider_payment_charge_id": "0",
                ],
            ]
        ])
    }

    /// Telegram tells that a payment has gone back.
    ///
    /// - Parameter isDone: whether it has.
    package func tellOfRefund(_ token: String, _ payload: String, isDone: Bool, at now: Instant) -> [UInt8]? {
        let paid = transactions(token).first { $0["source"]?["invoice_payload"]?.string == payload }
        guard let paid, let charge = paid["id"]?.string, let stars = paid["amount"]?.int,
            let user = paid["source"]?["user"]?["id"]?.number?.whole
        else { return nil }
        if isDone { add(token, id: charge, stars: stars, at: now, ("receiver", Self.partner(user, nil))) }
        return update([
            "message": [
                "message_id": 3, "from": Self.person(user), "chat": ["id": .number("\(user)"), "type": "private"],
                "date": .number("\(now.microseconds / 1_000_000)"),
                "refunded_payment": [
                    "currency": "XTR", "total_amount": .number("\(stars)"), "invoice_payload": .string(payload),
                    "telegram_payment_charge_id": .string(charge),
                ],
            ]
        ])
    }

    /// Something that is no payment moves the bot's Stars.
    package func move(_ token: String, stars: Int, _ partner: JSONValue, isOutgoing: Bool = true, at now: Instant) {
        add(token, id: "oth\(UUID.v7())", stars: stars, at: now, (isOutgoing ? "receiver" : "source", partner))
    }

    package func message(_ text: String, user: Int64 = 42) -> [UInt8] {
        update([
            "message": [
                "message_id": 2, "from": Self.person(user), "chat": ["id": .number("\(user)"), "type": "private"],
                "date": 1_800_000_000, "text": .string(text),
            ]
        ])
    }

    private func update(_ content: JSONValue) -> [UInt8] {
        let id = state.withLock { state in
            state.updates += 1
            return state.updates
        }
        return JSONValue.object([("update_id", .number("\(id)"))] + (content.object ?? [])).jsonBytes
    }

    private static func person(_ id: Int64) -> JSONValue { ["id": .number("\(id)"), "is_bot": false, "first_name": "Ann"] }

    private static func partner(_ user: Int64, _ payload: String?) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("type", "user"), ("transaction_type", "invoice_payment"), ("user", person(user)),
        ]
        if let payload { members.append(("invoice_payload", .string(payload))) }
        return .object(members)
    }

    private func add(_ token: String, id: String, stars: Int, at now: Instant, _ side: (name: String, value: JSONValue)) {
        state.withLock {
            $0.transactions[token, default: []].append(
                .object([
                    ("id", .string(id)), ("amount", .number("\(stars)")),
                    ("date", .number("\(now.microseconds / 1_000_000)")), side,
                ]))
        }
    }

    // MARK: What it answers

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count == 2, parts[0].hasPrefix("bot"), request.method == "POST" else { return Self.error(404, "Not Found") }
        let (token, method) = (String(parts[0].dropFirst(3)), parts[1])
        guard tokens.contains(token) else { return Self.error(401, "Unauthorized") }
        return state.withLock { state in
            if let refusal = state.refusals[method] {
                return .json(refusal, status: refusal["error_code"]?.int ?? 400)
            }
            let reply = Self.carryOut(method, request.json, token, &state)
            return state.isSilent ? .brokenOff : reply
        }
    }

    private static func carryOut(
        _ method: String, _ asked: JSONValue, _ token: String, _ state: inout State
    ) -> EmulatedAnswer {
        switch method {
        case "getMe": return result(["id": .number("\(token.prefix { $0 != ":" })"), "is_bot": true, "username": "emulated_bot"])
        case "createInvoiceLink": return invoice(asked, token, &state)
        case "answerPreCheckoutQuery":
            let isWhole = asked["ok"]?.bool == true || asked["error_message"]?.string?.isEmpty == false
            guard asked["pre_checkout_query_id"]?.string != nil, isWhole else { return error(400, "Bad Request: QUERY_ID_INVALID") }
            state.answers.append((token, asked))
            return result(true)
        case "sendMessage":
            guard asked["chat_id"]?.int != nil, let text = asked["text"]?.string, (1...4096).contains(text.utf16.count) else {
                return error(400, "Bad Request: message text is empty")
            }
            state.messages.append(asked)
            return result(["message_id": .number("\(state.messages.count)")])
        case "setWebhook": return asked["url"]?.string == nil ? error(400, "Bad Request: bad webhook") : result(true)
        case "getStarTransactions": return list(asked, token, state)
        case "refundStarPayment": return refund(asked, token, &state)
        default: return error(404, "Not Found: method not found")
        }
    }

    private static func invoice(_ asked: JSONValue, _ token: String, _ state: inout State) -> EmulatedAnswer {
        guard let title = asked["title"]?.string, (1...32).contains(title.unicodeScalars.count),
            let description = asked["description"]?.string, (1...255).contains(description.unicodeScalars.count),
            let payload = asked["payload"]?.string, (1...128).contains(payload.utf8.count),
            asked["currency"]?.string == "XTR", asked["provider_token"]?.string ?? "" == "",
            let prices = asked["prices"]?.array, prices.count == 1, prices[0]["label"]?.string?.isEmpty == false,
            let stars = prices[0]["amount"]?.int, stars > 0
        else { return error(400, "Bad Request: STARS_INVOICE_INVALID") }
        let link = "https://t.me/$\(state.invoices.count)abc"
        state.invoices.append(Invoice(bot: token, payload: payload, stars: stars, link: link, parameters: asked))
        return result(.string(link))
    }

    private static func list(_ asked: JSONValue, _ token: String, _ state: State) -> EmulatedAnswer {
        let (offset, limit) = (asked["offset"]?.int ?? 0, asked["limit"]?.int ?? 100)
        guard offset >= 0, (1...100).contains(limit) else { return error(400, "Bad Request: LIMIT_INVALID") }
        let all = state.isLate ? [] : state.transactions[token] ?? []
        return result(["transactions": .array(Array(all.dropFirst(offset).prefix(limit)))])
    }

    private static func refund(_ asked: JSONValue, _ token: String, _ state: inout State) -> EmulatedAnswer {
        let all = state.transactions[token] ?? []
        let charge = asked["telegram_payment_charge_id"]
        guard let paid = all.first(where: { $0["id"] == charge && $0["source"] != nil }),
            paid["source"]?["user"]?["id"] == asked["user_id"]
        else { return error(400, "Bad Request: CHARGE_NOT_FOUND") }
        if all.contains(where: { $0["id"] == charge && $0["receiver"] != nil }) {
            return error(400, "Bad Request: CHARGE_ALREADY_REFUNDED")
        }
        let user = paid["source"]?["user"]?["id"]?.number?.whole ?? 0
        state.transactions[token, default: []].append(
            .object([
                ("id", charge ?? .null), ("amount", paid["amount"] ?? .null), ("date", paid["date"] ?? .null),
                ("receiver", partner(user, nil)),
            ]))
        return result(true)
    }

    private static func result(_ value: JSONValue) -> EmulatedAnswer { .json(["ok": true, "result": value]) }

    private static func error(_ code: Int, _ description: String) -> EmulatedAnswer {
        .json(["ok": false, "error_code": .number("\(code)"), "description": .string(description)], status: code)
    }
}
