import HTTP
import JSON
import Service
import Values

/// Stripe: a payment intent for our own page where clients have its publishable key, else its checkout page.
package struct StripeProvider: PaymentProvider {
    package let name = "stripe"
    static let version = "2023-10-16"
    /// Where its minor units are not those of ISO 4217.
    private static let unusual: Set<String> = ["ISK", "MGA", "UGX"]

    private let api: OutsideHTTP
    private let keys: StripeKeys
    private let signature: StripeSignature
    private let clock: Clock
    /// Stripe forgets an idempotency key after a day; what is sent under it later is done a second time.
    private static let keyLife = Duration.hours(23)

    package init(_ keys: StripeKeys, base: String, through parts: OutsideParts) {
        self.keys = keys
        signature = StripeSignature(secret: keys.webhookSecret)
        clock = parts.clock
        api = OutsideHTTP(
            name, base: base,
            fields: [("Authorization", "Bearer \(keys.secret)"), ("Stripe-Version", Self.version)], through: parts)
    }

    package var isLive: Bool { keys.secret.contains("_live_") }
    package var publicKey: String? { keys.publishable }

    package func takes(_ currency: Currency, from payer: Payer) -> Bool { !Self.unusual.contains(currency.code) }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        guard keys.publishable != nil || request.saved != nil else { return try await openPage(request) }
        let payment = request.payment
        var form: StripeForm = [
            ("amount", "\(request.attempt.amount.minor)"), ("currency", request.attempt.amount.currency.code.lowercased()),
            ("automatic_payment_methods[enabled]", "true"), ("capture_method", payment.capture.rawValue),
            ("metadata[payment_id]", "\(payment.id)"), ("metadata[reference]", payment.reference),
            ("metadata[attempt]", "\(request.attempt.idempotencyKey)"),
        ]
        if !payment.description.isEmpty { form.append(("description", payment.description)) }
        if let email = request.payer.email { form.append(("receipt_email", email)) }
        if let customer = request.customerID, request.saved == nil {
            form += [("customer", customer), ("setup_future_usage", "off_session")]
        }
        if let saved = request.saved {
            form += [
                ("customer", saved.customerID), ("payment_method", saved.methodID), ("confirm", "true"),
                ("return_url", request.returnURL),
            ]
        }
        return try order(try await ask(.post, "/payment_intents", form, key: "\(request.attempt.idempotencyKey)").json)
    }

    private func order(_ intent: JSONValue) throws -> ProviderOrder {
        let secret = try intent.text("client_secret")
        let checkout = keys.publishable.map { Checkout.clientSecret(secret, publishableKey: $0) }
        return ProviderOrder(id: try intent.text("id"), checkout: checkout ?? .none)
    }

    private func openPage(_ request: OrderRequest) async throws -> ProviderOrder {
        let (payment, amount) = (request.payment, request.attempt.amount)
        let item = "line_items[0]"
        var form: StripeForm = [
            ("mode", "payment"), ("\(item)[quantity]", "1"),
            ("\(item)[price_data][currency]", amount.currency.code.lowercased()),
            ("\(item)[price_data][unit_amount]", "\(amount.minor)"),
            (
                "\(item)[price_data][product_data][name]",
                payment.description.isEmpty ? payment.reference : payment.description
            ),
            ("success_url", request.returnURL), ("cancel_url", request.returnURL),
            ("client_reference_id", payment.reference),
            ("payment_intent_data[capture_method]", payment.capture.rawValue),
            ("payment_intent_data[metadata][payment_id]", "\(payment.id)"), ("metadata[payment_id]", "\(payment.id)"),
        ]
        // A session is one's or the other's: a customer has an address of his own.
        if let customer = request.customerID {
            form += [("customer", customer), ("payment_intent_data[setup_future_usage]", "off_session")]
        } else if let email = request.payer.email {
            form.append(("customer_email", email))
        }
        let reply = try await ask(.post, "/checkout/sessions", form, key: "\(request.attempt.idempotencyKey)")
        return ProviderOrder(id: try reply.text("id"), checkout: .redirect(try reply.text("url")))
    }

    /// The same key brings the same order, as long as Stripe knows it. Later only what was confirmed with the order may have
    /// been paid, and that stands in its customer's list; of any other nobody has ever had the checkout.
    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        if clock.now() < request.payment.createdAt + Self.keyLife { return try await open(request) }
        guard let saved = request.saved else { return nil }
        let list = try await ask(.get, "/payment_intents?limit=100&customer=\(PercentEncoding.encode(saved.customerID))")
        let key = "\(request.attempt.idempotencyKey)"
        if let made = list.json["data"]?.array?.first(where: { $0["metadata"]?["attempt"]?.string == key }) {
            return try order(made)
        }
        if list.json["has_more"]?.bool == true { throw OutsideFailure.incomprehensible("too many payments to look through") }
        return nil
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        let order = try attempt.knownOrder()
        guard order.hasPrefix("cs_") else {
            let path = "/payment_intents/\(PercentEncoding.encode(order))"
            return try report(try await ask(.get, path + "?expand[]=latest_charge.balance_transaction").json)
        }
        let path = "/checkout/sessions/\(PercentEncoding.encode(order))"
        let session = try await ask(.get, path + "?expand[]=payment_intent.latest_charge.balance_transaction").json
        if let intent = session["payment_intent"], intent.object != nil {
            let report = try report(intent)
            if report.answer != .open { return report }
        }
        let status = try session.text("status")
        return ProviderReport(status == "expired" ? .expired : .open, rawStatus: status)
    }

    private func report(_ intent: JSONValue) throws -> ProviderReport {
        let status = try intent.text("status")
        let charge = intent["latest_charge"]
        let method = charge?["payment_method_details"]?["type"]?.string
        let id = try intent.text("id")
        switch status {
        case "succeeded":
            let paid = Money(minor: try intent.minor("amount_received"), currency: try intent.currency("currency"))
            let balance = charge?["balance_transaction"]
            let isOwn = balance?["currency"]?.string?.uppercased() == paid.currency.code
            return ProviderReport(
                .paid(paid), paymentID: id, method: method, fee: isOwn ? balance?["fee"]?.number?.whole : nil,
                rawStatus: status, kept: Self.kept(intent, charge))
        case "requires_capture": return ProviderReport(.authorized, paymentID: id, method: method, rawStatus: status)
        case "canceled": return ProviderReport(.cancelled, paymentID: id, method: method, rawStatus: status)
        default: return ProviderReport(.open, rawStatus: status)
        }
    }

    /// What was paid by, where it stays with the customer.
    private static func kept(_ intent: JSONValue, _ charge: JSONValue?) -> KeptMethod? {
        guard intent["setup_future_usage"]?.string != nil, let id = intent["payment_method"]?.string,
            let details = charge?["payment_method_details"], let kind = details["type"]?.string
        else { return nil }
        return KeptMethod(id: id, kind: kind, card: details[kind])
    }

    package func capture(_ amount: Money, of attempt: PaymentAttempt) async throws {
        let intent = try attempt.providerPaymentID ?? attempt.knownOrder()
        do {
            _ = try await ask(
                .post, "/payment_intents/\(PercentEncoding.encode(intent))/capture",
                [("amount_to_capture", "\(amount.minor)")], key: "\(attempt.idempotencyKey)-capture")
        } catch is ProviderRefusal {
            // Captured already, or no longer held: its status says which.
        }
    }

    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        let order = PercentEncoding.encode(try attempt.knownOrder())
        let isPage = order.hasPrefix("cs_") && attempt.providerPaymentID == nil
        let intent = attempt.providerPaymentID.map(PercentEncoding.encode) ?? order
        let path = isPage ? "/checkout/sessions/\(order)/expire" : "/payment_intents/\(intent)/cancel"
        do {
            _ = try await ask(.post, path, [], key: "\(attempt.idempotencyKey)-cancel")
            return .cancelled
        } catch is ProviderRefusal {
            return try await status(of: attempt).answer
        }
    }

    // MARK: Refunds

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        let form: StripeForm = [
            ("payment_intent", try intent(refund)), ("amount", "\(refund.amount.minor)"),
            ("metadata[refund_key]", "\(refund.key)"), ("metadata[number]", refund.number),
        ]
        do {
            return try answer(try await ask(.post, "/refunds", form, key: "\(refund.key)").json)
        } catch let refusal as ProviderRefusal {
            return .refused(refusal.reason)
        }
    }

    /// Its keys are forgotten after a day; the refund's metadata is not.
    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        let path = "/refunds?limit=100&payment_intent=\(PercentEncoding.encode(try intent(refund)))"
        let key = "\(refund.key)"
        return try (try await ask(.get, path).json["data"]?.array ?? [])
            .first { $0["metadata"]?["refund_key"]?.string == key }.map(answer)
    }

    private func intent(_ refund: RefundOrder) throws -> String {
        try refund.attempt.providerPaymentID ?? refund.attempt.knownOrder()
    }

    private func answer(_ refund: JSONValue) throws -> RefundAnswer {
        let id = try refund.text("id")
        switch try refund.text("status") {
        case "succeeded": return .sent(id)
        case "failed", "canceled": return .refused(refund["failure_reason"]?.string ?? "Stripe could not refund \(id).")
        default: return .pending(id)
        }
    }

    // MARK: Webhooks

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        guard signature.isValid(webhook.fields["stripe-signature"] ?? "", for: webhook.body, now: now) else {
            throw PaymentProblem.signatureInvalid
        }
        guard let json = try? JSONValue.decode(json: webhook.body), let id = json["id"]?.string,
            let type = json["type"]?.string, let object = json["data"]?["object"]
        else { throw HouseProblem.malformed.problem }
        return WebhookNotice(eventID: id, type: type, subject: Self.subject(of: object))
    }

    private static func subject(of object: JSONValue) -> WebhookNotice.Subject? {
        if object["object"]?.string == "refund" {
            return (object["metadata"]?["refund_key"]?.string ?? object["id"]?.string).map { .refund($0) }
        }
        if let id = object["metadata"]?["payment_id"]?.string.flatMap({ ID<Payment>($0) }) { return .payment(id) }
        // A charge or a dispute names its intent.
        return (object["payment_intent"]?.string ?? object["id"]?.string).map { .order($0) }
    }

    package func probe() async throws { _ = try await ask(.get, "/balance") }

    // MARK: Asking

    func ask(
        _ method: Method, _ path: String, _ form: StripeForm? = nil, key: String? = nil
    ) async throws -> ProviderReply {
        let fields = key.map { [(name: "Idempotency-Key", value: $0)] } ?? []
        let response = try await api.send(method, path, fields: fields, body: form.map { .form($0) } ?? .none)
        let reply = try ProviderReply(response)
        if reply.isSuccess { return reply }
        let error = reply.json["error"]
        // The same key is being worked on.
        if reply.status == 409 { throw OutsideFailure.unanswered("answered 409") }
        throw ProviderRefusal(
            code: error?["code"]?.string ?? error?["type"]?.string ?? "\(reply.status)",
            reason: error?["message"]?.string ?? "answered \(reply.status)")
    }
}

typealias StripeForm = [(name: String, value: String)]

/// An account at Stripe.
package struct StripeKeys: Sendable {
    let secret: String
    let publishable: String?
    let webhookSecret: String

    package init(secret: String, publishable: String?, webhookSecret: String) {
        self.secret = secret
        self.publishable = publishable
        self.webhookSecret = webhookSecret
    }
}
