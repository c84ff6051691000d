import HTTP
import JSON
import Service
import Values

/// YooKassa: a payment with a page of its own; held ones are captured. Its webhooks are not signed: they count only from its
/// own addresses, and what they say is asked again.
package struct YooKassaProvider: PaymentProvider {
    package let name = "yookassa"
    package let methods: Set = ["bank_card", "yoo_money", "sberbank", "sbp", "tinkoff_bank"]
    package let isLive: Bool
    private let api: OutsideHTTP
    private let networks: [Network]
    private let clock: Clock
    /// YooKassa forgets an idempotence key after a day.
    private static let keyLife = Duration.hours(23)

    package init(
        shopID: String, secret: String, networks: [Network], base: String, through parts: OutsideParts
    ) {
        self.networks = networks
        clock = parts.clock
        isLive = !secret.hasPrefix("test_")
        api = OutsideHTTP(
            name, base: base, fields: [("Authorization", BasicCredentials.field(shopID, secret))], through: parts)
    }

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { currency == .rub }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let payment = request.payment
        var body: [(name: String, value: JSONValue)] = [
            ("amount", Self.amount(request.attempt.amount)), ("capture", .bool(payment.capture == .automatic)),
            ("description", .string(String("\(payment.reference) \(payment.description)".prefix(128)))),
            (
                "metadata",
                ["payment_id": .string("\(payment.id)"), "attempt": .string("\(request.attempt.idempotencyKey)")]
            ),
        ]
        if let saved = request.saved {
            // Taken at once: nobody has to confirm what he has saved.
            body.append(("payment_method_id", .string(saved.methodID)))
        } else {
            if let method = payment.method { body.append(("payment_method_data", ["type": .string(method)])) }
            body.append(("confirmation", ["type": "redirect", "return_url": .string(request.returnURL)]))
        }
        if request.customerID != nil, request.saved == nil { body.append(("save_payment_method", true)) }
        return try order(
            try await ask(.post, "/payments", .object(body), key: "\(request.attempt.idempotencyKey)").json)
    }

    private func order(_ payment: JSONValue) throws -> ProviderOrder {
        let url = payment["confirmation"]?["confirmation_url"]?.string
        return ProviderOrder(id: try payment.text("id"), checkout: url.map { .redirect($0) } ?? .none)
    }

    /// The same key brings the same payment, as long as YooKassa knows it. Later only what was taken at once may have been paid,
    /// and that stands in the list of its day; of any other nobody has ever had the page.
    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        let begun = request.payment.createdAt
        if clock.now() < begun + Self.keyLife { return try await open(request) }
        guard request.saved != nil else { return nil }
        let key = "\(request.attempt.idempotencyKey)"
        var cursor: String?
        for _ in 0..<50 {
            var path = "/payments?limit=100&created_at.gte=\(PercentEncoding.encode("\(begun - .minutes(5))"))"
            path += "&created_at.lt=\(PercentEncoding.encode("\(begun + Self.keyLife)"))"
            if let cursor { path += "&cursor=\(PercentEncoding.encode(cursor))" }
            let list = try await ask(.get, path).json
            if let made = list["items"]?.array?.first(where: { $0["metadata"]?["attempt"]?.string == key }) {
                return try order(made)
            }
            cursor = list["next_cursor"]?.string
            if cursor == nil { return nil }
        }
        throw OutsideFailure.incomprehensible("too many payments to look through")
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        try report(try await ask(.get, "/payments/\(PercentEncoding.encode(try attempt.knownOrder()))").json)
    }

    private func report(_ json: JSONValue) throws -> ProviderReport {
        let status = try json.text("status")
        let method = json["payment_method"]?["type"]?.string
        switch status {
        case "succeeded":
            guard let amount = json["amount"] else { throw OutsideFailure.incomprehensible("answered without amount") }
            let paid = try amount.major("value", try amount.currency("currency"))
            let income = try json["income_amount"].map { try $0.major("value", try $0.currency("currency")) }
            let fee = income.flatMap { $0.currency == paid.currency ? paid.minor - $0.minor : nil }
            return ProviderReport(
                .paid(paid), method: method, fee: fee, rawStatus: status, kept: json["payment_method"].flatMap(Self.kept))
        case "waiting_for_capture": return ProviderReport(.authorized, method: method, rawStatus: status)
        case "canceled":
            let reason = json["cancellation_details"]?["reason"]?.string ?? ""
            return ProviderReport(Self.ending(reason), method: method, rawStatus: reason.isEmpty ? status : reason)
        default: return ProviderReport(.open, method: method, rawStatus: status)
        }
    }

    private static func kept(_ method: JSONValue) -> KeptMethod? {
        guard method["saved"]?.bool == true, let id = method["id"]?.string, let kind = method["type"]?.string else { return nil }
        let card = method["card"]
        func number(_ name: String) -> Int? { card?[name]?.string.flatMap { Int($0) } }
        let last = number("expiry_year").flatMap { year in
            number("expiry_month").flatMap { Day(year: year, month: $0, day: 1) }
        }
        return KeptMethod(
            id: id, kind: String(kind.prefix(20)), brand: card?["card_type"]?.string.map { String($0.prefix(30)) },
            last4: card?["last4"]?.string, expiresOn: last)
    }

    /// What a cancellation means: given up by us, over, or declined.
    private static func ending(_ reason: String) -> ProviderAnswer {
        switch reason {
        case "canceled_by_merchant": .cancelled
        case "expired_on_confirmation", "expired_on_capture": .expired
        default: .failed(PaymentFailure(code: "declined", message: "The payment was declined; please try another way."))
        }
    }

    package func capture(_ amount: Money, of attempt: PaymentAttempt) async throws {
        do {
            _ = try await ask(
                .post, "/payments/\(PercentEncoding.encode(try attempt.knownOrder()))/capture",
                ["amount": Self.amount(amount)], key: "\(attempt.idempotencyKey)-capture")
        } catch is ProviderRefusal {
            // Captured already, or no longer held: its status says which.
        }
    }

    /// Only what is held can be let go; one that nobody has paid is given up by us alone, and what is paid later is late.
    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        let answer = try await status(of: attempt).answer
        switch answer {
        case .open: return .cancelled
        case .authorized:
            let path = "/payments/\(PercentEncoding.encode(try attempt.knownOrder()))/cancel"
            return try report(
                try await ask(.post, path, .object([]), key: "\(attempt.idempotencyKey)-cancel").json).answer
        default: return answer
        }
    }

    // MARK: Refunds

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        do {
            let reply = try await ask(
                .post, "/refunds",
                [
                    "payment_id": .string(try refund.attempt.knownOrder()), "amount": Self.amount(refund.amount),
                    "description": .string(Self.description(refund)),
                ], key: "\(refund.key)")
            return try answer(reply.json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    /// Its keys are forgotten after a day; the refund's description is not.
    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        let order = PercentEncoding.encode(try refund.attempt.knownOrder())
        let refunds = try await ask(.get, "/refunds?payment_id=\(order)&limit=100").json["items"]?.array ?? []
        let description = Self.description(refund)
        return try refunds.first { $0["description"]?.string == description }.map(answer)
    }

    private static func description(_ refund: RefundOrder) -> String { "\(refund.number) \(refund.key)" }

    private func answer(_ refund: JSONValue) throws -> RefundAnswer {
        let id = try refund.text("id")
        switch try refund.text("status") {
        case "succeeded": return .sent(id)
        case "canceled":
            return .refused(refund["cancellation_details"]?["reason"]?.string ?? "YooKassa could not refund \(id).")
        default: return .pending(id)
        }
    }

    // MARK: Webhooks

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        guard networks.contains(ip: webhook.address) else { throw PaymentProblem.signatureInvalid }
        guard let json = try? JSONValue.decode(json: webhook.body), let event = json["event"]?.string,
            let object = json["object"], let id = object["id"]?.string
        else { throw HouseProblem.malformed.problem }
        let subject: WebhookNotice.Subject? =
            if event.hasPrefix("refund.") { .refund(id) } else if event.hasPrefix("payment.") { .order(id) } else { nil }
        return WebhookNotice(eventID: "\(event):\(id)", type: event, subject: subject)
    }

    package func probe() async throws { _ = try await ask(.get, "/me") }

    // MARK: Asking

    private static func amount(_ money: Money) -> JSONValue {
        ["value": .string(money.majorText), "currency": .string(money.currency.code)]
    }

    func ask(
        _ method: Method, _ path: String, _ body: JSONValue? = nil, key: String? = nil
    ) async throws -> ProviderReply {
        let fields = key.map { [(name: "Idempotence-Key", value: $0)] } ?? []
        let response = try await api.send(method, path, fields: fields, body: body.map { .json($0) } ?? .none)
        let reply = try ProviderReply(response)
        if reply.isSuccess { return reply }
        throw ProviderRefusal(
            code: reply.json["code"]?.string ?? "\(reply.status)",
            reason: reply.json["description"]?.string ?? "answered \(reply.status)")
    }
}
