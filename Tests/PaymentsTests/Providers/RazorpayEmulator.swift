import Crypto
import JSON
import Support
import Synchronization
import Values

/// Razorpay as its documentation has it: Basic credentials, JSON in paise, one refund per idempotency key.
final class RazorpayEmulator: Sendable {
    static let keys = (id: "rzp_test_abc", secret: "rzp-secret", webhook: "rzp-webhook")

    private struct Order {
        let id: String
        let amount: Int
        let receipt: String
        let notes: JSONValue
        var payments: [JSONValue] = []
    }

    private struct State {
        var orders: [Order] = []
        var refunds: [(key: String, value: JSONValue)] = []
        var fault: EmulatedAnswer?
        /// What is asked is done, and then the fault answered.
        var isDoneFirst = false
        var refundStatus = "processed"
        var number = 0
    }

    private let state: Mutex<State>
    let service: EmulatedService

    init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        state = Mutex(State())
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<RazorpayEmulator?>(nil) }

    // MARK: What a test does

    func fail(_ answer: EmulatedAnswer?, doingFirst: Bool = false) {
        state.withLock { $0.fault = answer; $0.isDoneFirst = doingFirst }
    }

    func refundsEnd(_ status: String) { state.withLock { $0.refundStatus = status } }

    var orders: [String] { state.withLock { $0.orders.map(\.id) } }
    var refunds: Int { state.withLock { $0.refunds.count } }

    /// The payer pays in the checkout; what that gives his client.
    func pay(_ order: String, amount: Int? = nil, status: String = "captured") -> (payment: String, signature: String) {
        state.withLock { state in
            state.number += 1
            let id = "pay_\(state.number)"
            for index in state.orders.indices where state.orders[index].id == order {
                state.orders[index].payments.append([
                    "id": .string(id), "order_id": .string(order), "status": .string(status), "method": "upi",
                    "amount": .number("\(amount ?? state.orders[index].amount)"), "currency": "INR",
                ])
            }
            let code = HMACSHA256.authenticate(Array("\(order)|\(id)".utf8), key: Self.keys.secret)
            return (id, Hex.encode(code))
        }
    }

    /// A webhook as it comes: body and fields.
    func webhook(_ event: String, order: String, id: String) -> (body: [UInt8], fields: [String: String]) {
        let body: JSONValue = [
            "entity": "event", "event": .string(event), "payload": ["payment": ["entity": ["order_id": .string(order)]]],
        ]
        let bytes = body.jsonBytes
        let code = Hex.encode(HMACSHA256.authenticate(bytes, key: Self.keys.webhook))
        return (bytes, ["X-Razorpay-Signature": code, "X-Razorpay-Event-Id": id])
    }

    // MARK: What it answers

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        let expected = "Basic " + Base64.encode(Array("\(Self.keys.id):\(Self.keys.secret)".utf8))
        guard request.field("authorization") == expected else { return error(401, "BAD_REQUEST_ERROR", "no account") }
        if request.method == "POST", request.field("content-type") != "application/json" {
            return error(400, "BAD_REQUEST_ERROR", "no JSON")
        }
        let (fault, isDone) = state.withLock { ($0.fault, $0.isDoneFirst) }
        if let fault, !isDone { return fault }
        let answer = route(request)
        return request.method == "POST" ? fault ?? answer : answer
    }

    private func route(_ request: EmulatedRequest) -> EmulatedAnswer {
        let parts = request.path.split(separator: "/").map(String.init)
        return state.withLock { state in
            switch (request.method, parts.count, parts.last) {
            case ("POST", 2, "orders"): return self.make(request, &state)
            case ("GET", 2, "orders"):
                let found = state.orders.filter { $0.receipt == request.query("receipt") }
                return .json(["entity": "collection", "items": .array(found.map(self.json))])
            case ("GET", 4, "payments") where parts[1] == "orders":
                guard let order = state.orders.first(where: { $0.id == parts[2] }) else { return self.missing }
                return .json(["entity": "collection", "items": .array(order.payments)])
            case ("GET", 2, "payments"):
                return .json(["entity": "collection", "items": .array(state.orders.flatMap(\.payments))])
            case ("POST", 4, "capture"): return self.capture(parts[2], request, &state)
            case ("POST", 4, "refund"): return self.refund(parts[2], request, &state)
            case ("GET", 4, "refunds"):
                let found = state.refunds.map(\.value).filter { $0["payment_id"]?.string == parts[2] }
                return .json(["entity": "collection", "items": .array(found)])
            default: return self.missing
            }
        }
    }

    private func make(_ request: EmulatedRequest, _ state: inout State) -> EmulatedAnswer {
        guard let amount = request.json["amount"]?.int, amount >= 100, request.json["currency"]?.string == "INR",
            let receipt = request.json["receipt"]?.string, receipt.count <= 40, let notes = request.json["notes"]
        else { return error(400, "BAD_REQUEST_ERROR", "no order") }
        state.number += 1
        let order = Order(id: "order_\(state.number)", amount: amount, receipt: receipt, notes: notes)
        state.orders.append(order)
        return .json(json(order))
    }

    private func json(_ order: Order) -> JSONValue {
        [
            "id": .string(order.id), "entity": "order", "amount": .number("\(order.amount)"), "currency": "INR",
            "receipt": .string(order.receipt), "notes": order.notes, "status": order.payments.isEmpty ? "created" : "paid",
        ]
    }

    private func capture(_ payment: String, _ request: EmulatedRequest, _ state: inout State) -> EmulatedAnswer {
        for order in state.orders.indices {
            for index in state.orders[order].payments.indices where state.orders[order].payments[index]["id"]?.string == payment {
                let known = state.orders[order].payments[index]
                guard known["status"]?.string == "authorized", known["amount"]?.int == request.json["amount"]?.int else {
                    return error(400, "BAD_REQUEST_ERROR", "cannot capture")
                }
                let captured = known.replacing("status", "captured")
                state.orders[order].payments[index] = captured
                return .json(captured)
            }
        }
        return missing
    }

    private func refund(_ payment: String, _ request: EmulatedRequest, _ state: inout State) -> EmulatedAnswer {
        guard let key = request.field("x-refund-idempotency"), key.count >= 10, let amount = request.json["amount"]?.int,
            request.json["speed"]?.string == "normal"
        else { return error(400, "BAD_REQUEST_ERROR", "no refund") }
        if let known = state.refunds.first(where: { $0.key == key }) { return .json(known.value) }
        let captured = state.orders.flatMap(\.payments).first { $0["id"]?.string == payment }?["amount"]?.int ?? 0
        let before = state.refunds.filter { $0.value["payment_id"]?.string == payment && $0.value["status"]?.string != "failed" }
            .reduce(0) { $0 + ($1.value["amount"]?.int ?? 0) }
        guard before + amount <= captured else { return error(400, "BAD_REQUEST_ERROR", "more than was captured") }
        state.number += 1
        let refund: JSONValue = [
            "id": .string("rfnd_\(state.number)"), "entity": "refund", "payment_id": .string(payment),
            "amount": .number("\(amount)"), "status": .string(state.refundStatus), "notes": request.json["notes"] ?? .null,
        ]
        state.refunds.append((key, refund))
        return .json(refund)
    }

    /// What became of refunds that were pending.
    func finishRefunds(_ status: String) {
        state.withLock { state in
            state.refunds = state.refunds.map { ($0.key, $0.value.replacing("status", .string(status))) }
        }
    }

    private var missing: EmulatedAnswer { error(400, "BAD_REQUEST_ERROR", "The id provided does not exist") }

    private func error(_ status: Int, _ code: String, _ text: String) -> EmulatedAnswer {
        .json(["error": ["code": .string(code), "description": .string(text)]], status: status)
    }
}
