import Crypto
import JSON
import Support
import Synchronization
import Values

@testable import Payments

/// Stripe as its documentation has it: bearer secret, a fixed version, form encoding, one answer per idempotency key.
final class StripeEmulator: Sendable {
    static let keys = StripeKeys(secret: "sk_test_abc", publishable: "pk_test_abc", webhookSecret: "whsec_abc")

    private struct State {
        /// Intents, sessions and refunds by their id.
        var objects: [String: JSONValue] = [:]
        var answers: [String: (path: String, body: String, answer: JSONValue)] = [:]
        var number = 0
        var fault: EmulatedAnswer?
        var refundStatus = "succeeded"
        var isGone = false
    }

    private let state = Mutex(State())
    let service: EmulatedService

    init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<StripeEmulator?>(nil) }

    // MARK: What a test does

    /// What is asked next by POST is done, and its answer lost.
    func loseAnswers(_ isOn: Bool) { state.withLock { $0.fault = isOn ? .brokenOff : nil } }

    /// What is asked is done, and nothing is ever answered.
    func goAway(_ isOn: Bool) { state.withLock { $0.isGone = isOn } }

    /// A day is over: what comes under a key that was known is new.
    func forgetKeys() { state.withLock { $0.answers = [:] } }

    func refundsEnd(_ status: String) { state.withLock { $0.refundStatus = status } }

    func ids(_ prefix: String) -> [String] {
        state.withLock { $0.objects.keys.filter { $0.hasPrefix(prefix) }.sorted() }
    }

    func object(_ id: String) -> JSONValue { state.withLock { $0.objects[id] ?? .null } }

    /// The payer pays an intent, or on the page of a session.
    func pay(_ id: String, fee: Int = 175) {
        state.withLock { state in
            var intent = id
            if id.hasPrefix("cs_"), let session = state.objects[id] {
                state.number += 1
                intent = "pi_\(state.number)"
                state.objects[intent] = self.intent(
                    intent, amount: session["amount_total"]?.int ?? 0, currency: session["currency"] ?? "eur",
                    metadata: session["metadata"] ?? .null, capture: session["capture"] ?? "automatic")
                state.objects[id] = session.replacing("payment_intent", .string(intent)).replacing("status", "complete")
            }
            guard let known = state.objects[intent] else { return }
            let isHeld = known["capture_method"]?.string == "manual"
            let charge: JSONValue = [
                "id": "ch_1",
                "payment_method_details": [
                    "type": "card", "card": ["brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2031],
                ],
                "balance_transaction": ["fee": .number("\(fee)"), "currency": known["currency"] ?? "eur"],
            ]
            state.objects[intent] = known.replacing("status", isHeld ? "requires_capture" : "succeeded")
                .replacing("amount_received", isHeld ? 0 : known["amount"] ?? 0).replacing("latest_charge", charge)
            // What is to be used again stays with its customer.
            guard known["setup_future_usage"]?.string != nil, let customer = known["customer"] else { return }
            state.objects["pm_kept"] = ["id": "pm_kept", "object": "payment_method", "customer": customer]
            state.objects[intent] = state.objects[intent]?.replacing("payment_method", "pm_kept")
        }
    }

    func webhook(_ type: String, _ object: JSONValue, id: String, at now: Instant) -> (body: [UInt8], fields: [String: String]) {
        let body: JSONValue = ["id": .string(id), "object": "event", "type": .string(type), "data": ["object": object]]
        let bytes = body.jsonBytes
        let seconds = now.microseconds / 1_000_000
        let code = HMACSHA256.authenticate(Array("\(seconds).".utf8) + bytes, key: Self.keys.webhookSecret)
        return (bytes, ["Stripe-Signature": "t=\(seconds),v1=\(Hex.encode(code))"])
    }

    // MARK: What it answers

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        guard request.field("authorization") == "Bearer \(Self.keys.secret)" else { return error(401, "no key") }
        guard request.field("stripe-version") == "2023-10-16" else { return error(400, "no version") }
        if request.method == "GET" { return .json(read(request)) }
        guard request.field("content-type") == "application/x-www-form-urlencoded" || request.body.isEmpty else {
            return error(400, "no form")
        }
        guard let key = request.field("idempotency-key") else { return error(400, "no key") }
        return state.withLock { state in
            if let known = state.answers[key] {
                guard known.path == request.path, known.body == request.text else { return self.error(400, "key reused") }
                return state.isGone ? .brokenOff : .json(known.answer)
            }
            guard let made = self.make(request, &state) else { return self.error(400, "cannot") }
            state.answers[key] = (request.path, request.text, made)
            return state.isGone ? .brokenOff : state.fault ?? .json(made)
        }
    }

    private func read(_ request: EmulatedRequest) -> JSONValue {
        state.withLock { state in
            if request.path.hasSuffix("/refunds") {
                let intent = request.query("payment_intent")
                let found = state.objects.values.filter {
                    $0["object"]?.string == "refund" && $0["payment_intent"]?.string == intent
                }
                return ["object": "list", "data": .array(Array(found))]
            }
            if request.path.hasSuffix("/payment_intents") {
                let customer = request.query("customer")
                let found = state.objects.values.filter {
                    $0["object"]?.string == "payment_intent" && (customer == nil || $0["customer"]?.string == customer)
                }
                return ["object": "list", "has_more": false, "data": .array(Array(found))]
            }
            let id = String(request.path.split(separator: "/").last ?? "")
            var object = state.objects[id] ?? .null
            let isExpanded = request.query("expand[]")?.hasPrefix("payment_intent") == true
            if isExpanded, let intent = object["payment_intent"]?.string {
                object = object.replacing("payment_intent", state.objects[intent] ?? .null)
            }
            return object
        }
    }

    private func make(_ request: EmulatedRequest, _ state: inout State) -> JSONValue? {
        let parts = request.path.split(separator: "/").map(String.init)
        state.number += 1
        let object: JSONValue?
        switch (parts[1], parts.count, parts.last) {
        case ("payment_intents", 2, _):
            guard let amount = request.form("amount").flatMap({ Int($0) }), let currency = request.form("currency"),
                currency == currency.lowercased(), request.form("automatic_payment_methods[enabled]") == "true"
            else { return nil }
            let made = intent(
                "pi_\(state.number)", amount: amount, currency: .string(currency),
                metadata: [
                    "payment_id": .string(request.form("metadata[payment_id]") ?? ""),
                    "attempt": .string(request.form("metadata[attempt]") ?? ""),
                ], capture: .string(request.form("capture_method") ?? "automatic"))
            guard request.form("setup_future_usage") == nil || request.form("customer").flatMap({ state.objects[$0] }) != nil
            else { return nil }
            object = confirmed(
                made.replacing("customer", request.form("customer").map { .string($0) } ?? .null)
                    .replacing("setup_future_usage", request.form("setup_future_usage").map { .string($0) } ?? .null),
                request, state)
        case ("checkout", 3, _): object = session(request, state.number)
        case ("checkout", 5, "expire"): object = state.objects[parts[3]]?.replacing("status", "expired")
        case ("payment_intents", 4, "cancel"):
            guard state.objects[parts[2]]?["status"]?.string != "succeeded" else { return nil }
            object = state.objects[parts[2]]?.replacing("status", "canceled")
        case ("payment_intents", 4, "capture"):
            guard let known = state.objects[parts[2]], known["status"]?.string == "requires_capture",
                let amount = request.form("amount_to_capture"), Int(amount) ?? 0 <= known["amount"]?.int ?? 0
            else { return nil }
            object = known.replacing("status", "succeeded").replacing("amount_received", .number(amount))
        case ("customers", 2, _): object = ["id": .string("cus_\(state.number)"), "object": "customer"]
        case ("payment_methods", 4, "attach"): object = attached(parts[2], request, state)
        case ("payment_methods", 4, "detach"): object = state.objects[parts[2]]?.replacing("customer", .null)
        case ("refunds", 2, _): object = refund(request, state)
        default: return nil
        }
        guard let object, let id = object["id"]?.string else { return nil }
        state.objects[id] = object
        return object
    }

    private func intent(_ id: String, amount: Int, currency: JSONValue, metadata: JSONValue, capture: JSONValue) -> JSONValue {
        [
            "id": .string(id), "object": "payment_intent", "amount": .number("\(amount)"), "amount_received": 0,
            "currency": currency, "status": "requires_payment_method", "client_secret": .string("\(id)_secret_x"),
            "metadata": metadata, "capture_method": capture, "latest_charge": nil,
        ]
    }

    private func attached(_ id: String, _ request: EmulatedRequest, _ state: State) -> JSONValue? {
        guard id != "pm_unknown", let customer = request.form("customer"), state.objects[customer] != nil,
            state.objects[id]?["customer"]?.string == nil
        else { return nil }
        return [
            "id": .string(id), "object": "payment_method", "type": "card", "customer": .string(customer),
            "card": ["brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2031],
        ]
    }

    /// Confirmed at once by what the customer has saved.
    private func confirmed(_ intent: JSONValue, _ request: EmulatedRequest, _ state: State) -> JSONValue? {
        guard request.form("confirm") == "true" else { return intent }
        guard let method = request.form("payment_method"), request.form("return_url") != nil,
            state.objects[method]?["customer"]?.string == request.form("customer")
        else { return nil }
        return intent.replacing("status", "succeeded").replacing("amount_received", intent["amount"] ?? 0)
            .replacing("payment_method", .string(method))
            .replacing("customer", .string(request.form("customer") ?? ""))
    }

    private func session(_ request: EmulatedRequest, _ number: Int) -> JSONValue? {
        guard request.form("mode") == "payment", request.form("line_items[0][quantity]") == "1",
            let amount = request.form("line_items[0][price_data][unit_amount]"), request.form("success_url") != nil,
            let currency = request.form("line_items[0][price_data][currency]"),
            request.form("line_items[0][price_data][product_data][name]")?.isEmpty == false
        else { return nil }
        return [
            "id": .string("cs_test_\(number)"), "object": "checkout.session", "status": "open", "payment_intent": nil,
            "amount_total": .number(amount), "currency": .string(currency), "url": .string("https://pay.test/cs_test_\(number)"),
            "metadata": ["payment_id": .string(request.form("payment_intent_data[metadata][payment_id]") ?? "")],
            "capture": .string(request.form("payment_intent_data[capture_method]") ?? "automatic"),
        ]
    }

    private func refund(_ request: EmulatedRequest, _ state: State) -> JSONValue? {
        guard let intent = request.form("payment_intent"), let amount = request.form("amount").flatMap({ Int($0) }),
            let received = state.objects[intent]?["amount_received"]?.int
        else { return nil }
        let before = state.objects.values
            .filter { $0["payment_intent"]?.string == intent && $0["status"]?.string != "failed" && $0["object"] == "refund" }
            .reduce(0) { $0 + ($1["amount"]?.int ?? 0) }
        guard before + amount <= received else { return nil }
        return [
            "id": .string("re_\(state.number)"), "object": "refund", "payment_intent": .string(intent),
            "amount": .number("\(amount)"), "status": .string(state.refundStatus),
            "metadata": ["refund_key": .string(request.form("metadata[refund_key]") ?? "")],
        ]
    }

    private func error(_ status: Int, _ text: String) -> EmulatedAnswer {
        .json(["error": ["type": "invalid_request_error", "message": .string(text)]], status: status)
    }
}
