import Crypto
import JSON
import Support
import Synchronization
import Values

/// Cashfree as its documentation has it: two credential fields, a version, orders under the merchant's id, rupees with two
/// decimals.
final class CashfreeEmulator: Sendable {
    static let account = (id: "cf-app", secret: "cf-secret")

    private struct Order {
        let id: String
        let amount: String
        var status = "ACTIVE"
        var payments: [JSONValue] = []
        var refunds: [(id: String, value: JSONValue)] = []
    }

    private struct State {
        var orders: [Order] = []
        var fault: EmulatedAnswer?
        var isDoneFirst = false
        var isFindFaulty = false
        var refundStatus = "SUCCESS"
    }

    private let state = Mutex(State())
    let service: EmulatedService

    init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<CashfreeEmulator?>(nil) }

    // MARK: What a test does

    /// - Parameter everywhere: what is looked up fails as well.
    func fail(_ answer: EmulatedAnswer?, doingFirst: Bool = false, everywhere: Bool = false) {
        state.withLock { state in
            state.fault = answer
            state.isDoneFirst = doingFirst
            state.isFindFaulty = everywhere
        }
    }

    var orders: [String] { state.withLock { $0.orders.map(\.id) } }

    func refundsEnd(_ status: String) { state.withLock { $0.refundStatus = status } }

    func pay(_ order: String, amount: String? = nil) {
        state.withLock { state in
            for index in state.orders.indices where state.orders[index].id == order {
                state.orders[index].status = "PAID"
                state.orders[index].payments += [
                    ["cf_payment_id": "1", "payment_status": "FAILED", "payment_amount": .number("1.00"), "payment_currency": "INR"],
                    [
                        "cf_payment_id": .string("pay_\(order)"), "payment_status": "SUCCESS", "payment_currency": "INR",
                        "payment_amount": .number(amount ?? state.orders[index].amount), "payment_group": "upi",
                    ],
                ]
            }
        }
    }

    func webhook(_ type: String, order: String, at instant: Instant) -> (body: [UInt8], fields: [String: String]) {
        let body: JSONValue = [
            "data": ["order": ["order_id": .string(order)], "payment": ["cf_payment_id": .number("1453002795")]],
            "event_time": "2026-11-21T12:20:29+05:30", "type": .string(type),
        ]
        let time = "\(instant.microseconds / 1000)"
        let code = Base64.encode(HMACSHA256.authenticate(Array(time.utf8) + body.jsonBytes, key: Self.account.secret))
        return (body.jsonBytes, ["X-Webhook-Signature": code, "X-Webhook-Timestamp": time])
    }

    // MARK: What it answers

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        guard request.field("x-client-id") == Self.account.id, request.field("x-client-secret") == Self.account.secret else {
            return error(401, "authentication_error")
        }
        guard request.field("x-api-version") == "2023-08-01" else { return error(400, "api_version_missing") }
        let (fault, isDone, everywhere) = state.withLock { ($0.fault, $0.isDoneFirst, $0.isFindFaulty) }
        let isHit = request.method == "POST" || everywhere
        if let fault, isHit, !isDone { return fault }
        let answer = route(request)
        return isHit ? fault ?? answer : answer
    }

    private func route(_ request: EmulatedRequest) -> EmulatedAnswer {
        let parts = request.path.split(separator: "/").map(String.init)
        return state.withLock { state in
            if parts.last == "recon" { return self.recon(state) }
            if request.method == "POST", parts.count == 2 { return self.make(request, &state) }
            guard let index = state.orders.firstIndex(where: { $0.id == parts[2] }) else {
                return self.error(404, "order_not_found")
            }
            switch (request.method, parts.count) {
            case ("GET", 3): return .json(self.json(state.orders[index]))
            case ("PATCH", 3):
                guard request.json["order_status"]?.string == "TERMINATED", state.orders[index].status == "ACTIVE" else {
                    return self.error(400, "order_inactive")
                }
                state.orders[index].status = "TERMINATED"
                return .json(self.json(state.orders[index]))
            case ("GET", 4): return .json(.array(state.orders[index].payments))
            case ("POST", 4): return self.refund(request, &state.orders[index], state.refundStatus)
            case ("GET", 5):
                let known = state.orders[index].refunds.first { $0.id == parts[4] }
                return known.map { .json($0.value) } ?? self.error(404, "refund_not_found")
            default: return self.error(404, "not_found")
            }
        }
    }

    private func recon(_ state: State) -> EmulatedAnswer {
        let paid = state.orders.filter { $0.status == "PAID" }.map { order -> JSONValue in
            [
                "event_type": "PAYMENT", "event_status": "SUCCESS", "event_amount": .number(order.amount),
                "event_currency": "INR", "order_id": .string(order.id), "cf_payment_id": .string("pay_\(order.id)"),
            ]
        }
        return .json(["cursor": nil, "limit": 100, "data": .array(paid)])
    }

    private func make(_ request: EmulatedRequest, _ state: inout State) -> EmulatedAnswer {
        guard let id = request.json["order_id"]?.string, case .number(let amount)? = request.json["order_amount"],
            amount.split(separator: ".").last?.count == 2, request.json["order_currency"]?.string == "INR",
            request.json["customer_details"]?["customer_phone"]?.string?.isEmpty == false,
            request.json["customer_details"]?["customer_id"]?.string != nil,
            request.json["order_meta"]?["notify_url"]?.string?.hasSuffix("/payments/webhook/cashfree") == true,
            request.field("x-idempotency-key") != nil
        else { return error(400, "order_invalid") }
        if state.orders.contains(where: { $0.id == id }) { return error(409, "order_already_exists") }
        state.orders.append(Order(id: id, amount: amount))
        return .json(json(state.orders[state.orders.count - 1]))
    }

    private func json(_ order: Order) -> JSONValue {
        [
            "cf_order_id": "2149460581", "order_id": .string(order.id), "entity": "order", "order_currency": "INR",
            "order_amount": .number(order.amount), "order_status": .string(order.status),
            "payment_session_id": .string("session_\(order.id)"),
        ]
    }

    private func refund(_ request: EmulatedRequest, _ order: inout Order, _ status: String) -> EmulatedAnswer {
        guard let id = request.json["refund_id"]?.string, (3...40).contains(id.count), id.allSatisfy({ $0.isLetter || $0.isNumber }),
            case .number(let amount)? = request.json["refund_amount"], amount.split(separator: ".").last?.count == 2,
            order.status == "PAID"
        else { return error(400, "refund_invalid") }
        if order.refunds.contains(where: { $0.id == id }) { return error(409, "refund_already_exists") }
        let refund: JSONValue = [
            "refund_id": .string(id), "refund_amount": .number(amount), "refund_status": .string(status),
            "order_id": .string(order.id),
        ]
        order.refunds.append((id, refund))
        return .json(refund)
    }

    private func error(_ status: Int, _ code: String) -> EmulatedAnswer {
        .json(["message": .string("cannot: \(code)"), "code": .string(code), "type": "invalid_request_error"], status: status)
    }
}
