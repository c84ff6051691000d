import Crypto
import HTTP
import JSON
import Service
import Values

/// Razorpay: orders in paise, paid in its checkout script; payments that it holds are captured.
package struct RazorpayProvider: PaymentProvider {
    package let name = "razorpay"
    package let tariff: ProviderTariff? = ProviderTariff(currency: .inr, percent: 2, fixed: 0)
    private let api: OutsideHTTP
    private let keys: RazorpayKeys

    package init(_ keys: RazorpayKeys, base: String, through parts: OutsideParts) {
        self.keys = keys
        api = OutsideHTTP(
            name, base: base, fields: [("Authorization", BasicCredentials.field(keys.id, keys.secret))], through: parts)
    }

    package var isLive: Bool { keys.id.hasPrefix("rzp_live_") }
    package var publicKey: String? { keys.id }
    /// It takes what it holds, or nothing.
    package let capturesParts = false

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { currency == .inr }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let amount = request.attempt.amount
        let reply = try await ask(
            .post, "/orders",
            [
                "amount": .number("\(amount.minor)"), "currency": .string(amount.currency.code),
                "receipt": .string(request.payment.reference),
                "notes": [
                    "payment_id": .string("\(request.payment.id)"), "attempt": .string("\(request.attempt.idempotencyKey)"),
                ],
            ])
        return order(try reply.text("id"))
    }

    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        let reply = try await ask(.get, "/orders?receipt=\(PercentEncoding.encode(request.payment.reference))")
        let key = "\(request.attempt.idempotencyKey)"
        let made = reply.json["items"]?.array?.first { $0["notes"]?["attempt"]?.string == key }
        return try made.map { order(try $0.text("id")) }
    }

    private func order(_ id: String) -> ProviderOrder { ProviderOrder(id: id, checkout: .order(id, keyID: keys.id)) }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        let order = try attempt.knownOrder()
        let payments = try await ask(.get, "/orders/\(PercentEncoding.encode(order))/payments").json["items"]?.array ?? []
        // Of several tries the one that brought money counts; tries that failed leave the order open.
        for status in ["captured", "refunded", "authorized"] {
            guard let payment = payments.first(where: { $0["status"]?.string == status }) else { continue }
            let amount = Money(minor: try payment.minor("amount"), currency: try payment.currency("currency"))
            return ProviderReport(
                status == "authorized" ? .authorized : .paid(amount), paymentID: try payment.text("id"),
                method: payment["method"]?.string, rawStatus: status)
        }
        return ProviderReport(.open, rawStatus: payments.last?["status"]?.string)
    }

    package func capture(_ amount: Money, of attempt: PaymentAttempt) async throws {
        guard let payment = attempt.providerPaymentID else { return }
        do {
            _ = try await ask(
                .post, "/payments/\(PercentEncoding.encode(payment))/capture",
                ["amount": .number("\(amount.minor)"), "currency": .string(amount.currency.code)])
        } catch is ProviderRefusal {
            // Captured already, or no longer held: its status says which.
        }
    }

    /// Its orders cannot be taken back. One that nobody has paid is given up by us alone; what is paid on it later is late.
    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        let answer = try await status(of: attempt).answer
        return answer == .open ? .cancelled : answer
    }

    // MARK: Refunds

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        let body: JSONValue = [
            "amount": .number("\(refund.amount.minor)"), "speed": "normal", "receipt": .string(refund.number),
            "notes": ["refund_key": .string("\(refund.key)")],
        ]
        do {
            let reply = try await ask(
                .post, try paymentPath(refund) + "/refund", body, fields: [("X-Refund-Idempotency", "\(refund.key)")])
            return try answer(reply.json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        let refunds = try await ask(.get, try paymentPath(refund) + "/refunds?count=100").json["items"]?.array ?? []
        let key = "\(refund.key)"
        return try refunds.first { $0["notes"]?["refund_key"]?.string == key }.map(answer)
    }

    private func answer(_ refund: JSONValue) throws -> RefundAnswer {
        let id = try refund.text("id")
        switch try refund.text("status") {
        case "processed": return .sent(id)
        case "failed": return .refused("Razorpay could not refund \(id).")
        default: return .pending(id)
        }
    }

    private func paymentPath(_ refund: RefundOrder) throws -> String {
        guard let payment = refund.attempt.providerPaymentID else {
            throw ProviderRefusal(code: "payment_missing", reason: "no payment is known")
        }
        return "/payments/\(PercentEncoding.encode(payment))"
    }

    // MARK: What it signs

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        let expected = Hex.encode(HMACSHA256.authenticate(webhook.body, key: keys.webhookSecret))
        guard let signature = webhook.fields["x-razorpay-signature"], ConstantTime.equal(signature, expected),
            let json = try? JSONValue.decode(json: webhook.body), let event = json["event"]?.string
        else { throw PaymentProblem.signatureInvalid }
        let payload = json["payload"]
        let payment = payload?["payment"]?["entity"]
        let refund = payload?["refund"]?["entity"]
        let subject: WebhookNotice.Subject? =
            if event.hasPrefix("refund."), let id = refund?["notes"]?["refund_key"]?.string ?? refund?["id"]?.string {
                .refund(id)
            } else {
                (payment?["order_id"]?.string ?? payload?["order"]?["entity"]?["id"]?.string).map { .order($0) }
            }
        // The id is the provider's for one event; an old set-up may lack it, then the body itself is the event.
        let id = webhook.fields["x-razorpay-event-id"] ?? Hex.encode(SHA256.digest(of: webhook.body))
        return WebhookNotice(eventID: id, type: event, subject: subject)
    }

    package func vouches(for proof: CheckoutProof, of attempt: PaymentAttempt) -> Bool {
        if let orderID = proof.orderID, orderID != attempt.orderID { return false }
        guard let signature = proof.signature else { return true }
        guard let order = attempt.orderID, let payment = proof.paymentID else { return false }
        let expected = Hex.encode(HMACSHA256.authenticate(Array("\(order)|\(payment)".utf8), key: keys.secret))
        return ConstantTime.equal(signature, expected)
    }

    package func probe() async throws { _ = try await ask(.get, "/payments?count=1") }

    // MARK: Asking

    func ask(
        _ method: Method, _ path: String, _ body: JSONValue? = nil, fields: [(name: String, value: String)] = []
    ) async throws -> ProviderReply {
        let response = try await api.send(method, path, fields: fields, body: body.map { .json($0) } ?? .none)
        let reply = try ProviderReply(response)
        if reply.isSuccess { return reply }
        // It is still working on the same request.
        if reply.status == 409 { throw OutsideFailure.unanswered("answered 409") }
        throw ProviderRefusal(
            code: reply.json["error"]?["code"]?.string ?? "\(reply.status)",
            reason: reply.json["error"]?["description"]?.string ?? "answered \(reply.status)")
    }
}

/// An account at Razorpay.
package struct RazorpayKeys: Sendable {
    let id: String
    let secret: String
    let webhookSecret: String

    package init(id: String, secret: String, webhookSecret: String) {
        self.id = id
        self.secret = secret
        self.webhookSecret = webhookSecret
    }
}
