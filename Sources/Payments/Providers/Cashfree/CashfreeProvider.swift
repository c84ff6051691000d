import Crypto
import HTTP
import JSON
import Service
import Values

/// Cashfree: orders under our own reference, in rupees, paid in its checkout by a session id.
package struct CashfreeProvider: PaymentProvider {
    package let name = "cashfree"
    package let tariff: ProviderTariff? = ProviderTariff(
        currency: .inr, percent: Percent(raw: 1_50), fixed: 3_00)
    private static let version = "2023-08-01"
    /// Sooner an order may not end.
    private static let shortestLife = Duration.minutes(16)

    package let isLive: Bool
    private let api: OutsideHTTP
    private let secret: String
    private let clock: Clock

    package init(
        appID: String, secret: String, isLive: Bool, base: String, through parts: OutsideParts
    ) {
        self.secret = secret
        self.isLive = isLive
        clock = parts.clock
        api = OutsideHTTP(
            name, base: base,
            fields: [("x-client-id", appID), ("x-client-secret", secret), ("x-api-version", Self.version)], through: parts)
    }

    /// It asks for the payer's telephone number.
    package func takes(_ currency: Currency, from payer: Payer) -> Bool { currency == .inr && payer.phone != nil }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let (payment, payer) = (request.payment, request.payer)
        var customer: [(name: String, value: JSONValue)] = [
            ("customer_id", .string(payer.id?.description ?? payment.reference)), ("customer_phone", .string(payer.phone ?? "")),
        ]
        if let name = payer.name, !name.isEmpty { customer.append(("customer_name", .string(String(name.prefix(100))))) }
        if let email = payer.email { customer.append(("customer_email", .string(email))) }
        let reply = try await ask(
            .post, "/orders",
            [
                "order_id": .string(payment.reference), "order_amount": .number(request.attempt.amount.majorText),
                "order_currency": .string(request.attempt.amount.currency.code), "customer_details": .object(customer),
                "order_meta": ["return_url": .string(request.returnURL), "notify_url": .string(request.webhookURL)],
                "order_expiry_time": .string("\(max(payment.expiresAt, clock.now() + Self.shortestLife))"),
                "order_tags": ["payment_id": .string("\(payment.id)")],
            ], key: request.attempt.idempotencyKey)
        // It is there already: our reference is its id.
        if reply.status == 409, let order = try await find(request) { return order }
        return try order(try reply.accepted().json)
    }

    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        let reply = try await ask(.get, try path(request.payment.reference))
        return reply.status == 404 ? nil : try order(try reply.accepted().json)
    }

    private func order(_ json: JSONValue) throws -> ProviderOrder {
        let id = try json.text("order_id")
        return ProviderOrder(id: id, checkout: .order(id, token: try json.text("payment_session_id")))
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        let order = try attempt.knownOrder()
        let reply = try await ask(.get, try path(order))
        if reply.status == 404 { return ProviderReport(.failed(.orderMissing)) }
        let status = try reply.accepted().text("order_status")
        switch status {
        case "PAID": return try await paid(order, status)
        case "EXPIRED": return ProviderReport(.expired, rawStatus: status)
        case "TERMINATED": return ProviderReport(.cancelled, rawStatus: status)
        default: return ProviderReport(.open, rawStatus: status)
        }
    }

    /// Paid is an order with a payment that succeeded; what that was of says the payment.
    private func paid(_ order: String, _ status: String) async throws -> ProviderReport {
        let payments = try await ask(.get, try path(order) + "/payments").accepted().json.array ?? []
        guard let payment = payments.first(where: { $0["payment_status"]?.string == "SUCCESS" }) else {
            return ProviderReport(.unknown, rawStatus: status)
        }
        let amount = try payment.major("payment_amount", try payment.currency("payment_currency"))
        return ProviderReport(
            .paid(amount), paymentID: payment["cf_payment_id"].flatMap { $0.string ?? $0.number?.description },
            method: payment["payment_group"]?.string, rawStatus: status)
    }

    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        let reply = try await ask(.patch, try path(try attempt.knownOrder()), ["order_status": "TERMINATED"])
        if reply.isSuccess, let status = reply.json["order_status"]?.string,
            ["TERMINATED", "TERMINATION_REQUESTED"].contains(status)
        {
            return .cancelled
        }
        return try await self.status(of: attempt).answer
    }

    // MARK: Refunds

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        let reply = try await ask(
            .post, try path(try refund.attempt.knownOrder()) + "/refunds",
            [
                "refund_id": .string(refund.key.hyphenless), "refund_amount": .number(refund.amount.majorText),
                "refund_note": .string(refund.number),
            ], key: refund.key)
        if reply.isSuccess { return try answer(reply.json) }
        if reply.status == 409, let known = try await find(refund) { return known }
        return .refused(reply.refusal.reason)
    }

    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        let order = try path(try refund.attempt.knownOrder())
        let reply = try await ask(.get, order + "/refunds/\(refund.key.hyphenless)")
        return reply.status == 404 ? nil : try answer(try reply.accepted().json)
    }

    private func answer(_ refund: JSONValue) throws -> RefundAnswer {
        let id = try refund.text("refund_id")
        switch try refund.text("refund_status") {
        case "SUCCESS": return .sent(id)
        case "CANCELLED", "FAILED": return .refused("Cashfree could not refund \(id).")
        default: return .pending(id)
        }
    }

    // MARK: What it signs

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        guard let signature = webhook.fields["x-webhook-signature"], let time = webhook.fields["x-webhook-timestamp"],
            let stamp = Int64(time), Self.isFresh(stamp, now),
            ConstantTime.equal(
                signature, Base64.encode(HMACSHA256.authenticate(Array(time.utf8) + webhook.body, key: secret))),
            let json = try? JSONValue.decode(json: webhook.body), let type = json["type"]?.string
        else { throw PaymentProblem.signatureInvalid }
        let data = json["data"]
        let refund = data?["refund"]?["refund_id"]?.string
        let payment = data?["payment"]?["cf_payment_id"].flatMap { $0.string ?? $0.number?.description }
        let order = data?["order"]?["order_id"]?.string
        let object = refund ?? payment ?? order ?? ""
        return WebhookNotice(
            eventID: "\(type):\(object):\(json["event_time"]?.string ?? time)", type: type,
            subject: refund.map { .refund($0) } ?? order.map { .order($0) })
    }

    /// In milliseconds, or in seconds as older set-ups have it; five minutes at most.
    private static func isFresh(_ stamp: Int64, _ now: Instant) -> Bool {
        let milliseconds = now.microseconds / 1000
        let (sent, overflow) = stamp > 100_000_000_000 ? (stamp, false) : stamp.multipliedReportingOverflow(by: 1000)
        let (age, tooFar) = milliseconds.subtractingReportingOverflow(sent)
        return !overflow && !tooFar && age.magnitude <= 300_000
    }

    /// An order that there is not: our account is told so, any other is refused.
    package func probe() async throws {
        let reply = try await ask(.get, try path("none"))
        if reply.status != 404 { _ = try reply.accepted() }
    }

    // MARK: Asking

    private func path(_ order: String) throws -> String { "/orders/\(PercentEncoding.encode(order))" }

    func ask(
        _ method: Method, _ path: String, _ body: JSONValue? = nil, key: UUID? = nil
    ) async throws -> ProviderReply {
        let fields = key.map { [(name: "x-idempotency-key", value: "\($0)")] } ?? []
        return try ProviderReply(try await api.send(method, path, fields: fields, body: body.map { .json($0) } ?? .none))
    }
}

extension ProviderReply {
    /// Throws what Cashfree refuses.
    func accepted() throws -> ProviderReply {
        if isSuccess { return self }
        throw refusal
    }

    var refusal: ProviderRefusal {
        ProviderRefusal(
            code: json["code"]?.string ?? "\(status)", reason: json["message"]?.string ?? "answered \(status)")
    }
}
