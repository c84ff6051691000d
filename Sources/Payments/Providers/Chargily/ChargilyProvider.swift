import Crypto
import HTTP
import JSON
import Service
import Values

/// Chargily: checkouts in whole dinars with a page of their own. Money goes back by hand.
package struct ChargilyProvider: PaymentProvider {
    package let name = "chargily"
    /// Less it does not take.
    private static let least: Int64 = 75_00

    package let methods: Set = ["edahabia", "cib"]
    package let isLive: Bool
    private let api: OutsideHTTP
    private let secret: String

    package init(secret: String, isLive: Bool, base: String, through parts: OutsideParts) {
        self.secret = secret
        self.isLive = isLive
        api = OutsideHTTP(name, base: base, fields: [("Authorization", "Bearer \(secret)")], through: parts)
    }

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { currency == .dzd }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let (payment, amount) = (request.payment, request.attempt.amount)
        guard amount.minor >= Self.least, amount.minor % 100 == 0 else {
            throw ProviderRefusal(code: "amount_invalid", reason: "whole dinars from 75 on")
        }
        var body: [(name: String, value: JSONValue)] = [
            ("amount", .number("\(amount.minor / 100)")), ("currency", "dzd"), ("success_url", .string(request.returnURL)),
            ("failure_url", .string(request.returnURL)), ("webhook_endpoint", .string(request.webhookURL)),
            ("description", .string(payment.description)), ("locale", "fr"),
            (
                "metadata",
                ["payment_id": .string("\(payment.id)"), "attempt": .string("\(request.attempt.idempotencyKey)")]
            ),
        ]
        if let method = payment.method { body.append(("payment_method", .string(method))) }
        return try order(try await ask(.post, "/checkouts", .object(body)).json)
    }

    /// It knows no keys of ours: its newest checkouts are looked through, and where ours is not among them nobody can say.
    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        let reply = try await ask(.get, "/checkouts?per_page=50&page=1")
        let key = "\(request.attempt.idempotencyKey)"
        let checkouts = reply.json["data"]?.array ?? []
        if let made = checkouts.first(where: { $0["metadata"]?["attempt"]?.string == key }) { return try order(made) }
        // All there are have been seen.
        if checkouts.count < 50 { return nil }
        throw OutsideFailure.incomprehensible("too many checkouts to look through")
    }

    private func order(_ checkout: JSONValue) throws -> ProviderOrder {
        ProviderOrder(id: try checkout.text("id"), checkout: .redirect(try checkout.text("checkout_url")))
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        let checkout = try await ask(.get, "/checkouts/\(PercentEncoding.encode(try attempt.knownOrder()))").json
        return try report(checkout)
    }

    private func report(_ checkout: JSONValue) throws -> ProviderReport {
        let status = try checkout.text("status")
        let method = checkout["payment_method"]?.string
        switch status {
        case "paid":
            let paid = try checkout.major("amount", try checkout.currency("currency"))
            let fee = checkout["fees"]?.number?.minorUnits(of: paid.currency)
            return ProviderReport(.paid(paid), method: method, fee: fee, rawStatus: status)
        case "failed":
            let failure = PaymentFailure(code: "declined", message: "The payment was declined; please try another way.")
            return ProviderReport(.failed(failure), method: method, rawStatus: status)
        case "canceled": return ProviderReport(.cancelled, method: method, rawStatus: status)
        case "expired": return ProviderReport(.expired, method: method, rawStatus: status)
        default: return ProviderReport(.open, method: method, rawStatus: status)
        }
    }

    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        do {
            let path = "/checkouts/\(PercentEncoding.encode(try attempt.knownOrder()))/expire"
            let answer = try report(try await ask(.post, path, .object([])).json).answer
            return answer == .expired ? .cancelled : answer
        } catch is ProviderRefusal {
            return try await status(of: attempt).answer
        }
    }

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer { .byHand }

    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? { .byHand }

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        let expected = Hex.encode(HMACSHA256.authenticate(webhook.body, key: secret))
        guard let signature = webhook.fields["signature"], ConstantTime.equal(signature, expected),
            let json = try? JSONValue.decode(json: webhook.body), let id = json["id"]?.string,
            let type = json["type"]?.string
        else { throw PaymentProblem.signatureInvalid }
        return WebhookNotice(eventID: id, type: type, subject: json["data"]?["id"]?.string.map { .order($0) })
    }

    package func probe() async throws { _ = try await ask(.get, "/balance") }

    private func ask(_ method: Method, _ path: String, _ body: JSONValue? = nil) async throws -> ProviderReply {
        let reply = try ProviderReply(try await api.send(method, path, body: body.map { .json($0) } ?? .none))
        if reply.isSuccess { return reply }
        throw ProviderRefusal(code: "\(reply.status)", reason: reply.json["message"]?.string ?? "answered \(reply.status)")
    }
}
