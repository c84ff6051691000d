import Crypto
import JSON
import Synchronization
import Values

/// YooKassa as its documentation has it: Basic credentials, JSON with amounts as text, one object per idempotence key.
package final class YooKassaEmulator: Sendable {
    package static let shop = (id: "100500", secret: "test_secret")

    private struct State {
        var payments: [String: JSONValue] = [:]
        var refunds: [(id: String, value: JSONValue)] = []
        var answers: [String: (path: String, body: String, answer: JSONValue)] = [:]
        var number = 0
        var isSilent = false
        var refundStatus = "succeeded"
    }

    private let state = Mutex(State())
    package let service: EmulatedService

    package init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<YooKassaEmulator?>(nil) }

    // MARK: What a test does

    package var payments: [String] { state.withLock { $0.payments.keys.sorted() } }
    package var refunds: Int { state.withLock { $0.refunds.count } }
    package func refundsEnd(_ status: String) { state.withLock { $0.refundStatus = status } }

    /// What is asked is done, and its answer lost.
    package func loseAnswers(_ isOn: Bool) { state.withLock { $0.isSilent = isOn } }

    package func pay(_ id: String, income: String) {
        state.withLock { state in
            guard let known = state.payments[id] else { return }
            let isHeld = known["capture"] == .bool(false)
            let isKept = known["save_payment_method"]?.bool == true
            let card: JSONValue = [
                "type": "bank_card", "id": .string(id), "saved": true,
                "card": ["last4": "4242", "expiry_month": "08", "expiry_year": "2031", "card_type": "Mir"],
            ]
            state.payments[id] = known.replacing("status", isHeld ? "waiting_for_capture" : "succeeded")
                .replacing("paid", true).replacing("payment_method", isKept ? card : ["type": "sbp"])
                .replacing("income_amount", ["value": .string(income), "currency": "RUB"])
        }
    }

    package func decline(_ id: String, reason: String) {
        state.withLock { state in
            state.payments[id] = state.payments[id]?.replacing("status", "canceled")
                .replacing("cancellation_details", ["party": "payment_network", "reason": .string(reason)])
        }
    }

    package func webhook(_ event: String, _ id: String) -> [UInt8] {
        let body: JSONValue = [
            "type": "notification", "event": .string(event), "object": ["id": .string(id), "status": "succeeded"],
        ]
        return body.jsonBytes
    }

    // MARK: What it answers

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        let expected = "Basic " + Base64.encode(Array("\(Self.shop.id):\(Self.shop.secret)".utf8))
        guard request.field("authorization") == expected else { return error(401, "invalid_credentials") }
        if request.method == "GET" { return read(request) }
        guard let key = request.field("idempotence-key"), key.count <= 64 else { return error(400, "invalid_request") }
        return state.withLock { state in
            if let known = state.answers[key] {
                let isSame = known.path == request.path && known.body == request.text
                return isSame ? .json(known.answer) : self.error(400, "invalid_request")
            }
            guard let made = self.make(request, &state) else { return self.error(400, "invalid_request") }
            state.answers[key] = (request.path, request.text, made)
            return state.isSilent ? .brokenOff : .json(made)
        }
    }

    private func read(_ request: EmulatedRequest) -> EmulatedAnswer {
        state.withLock { state in
            if request.path.hasSuffix("/refunds") {
                let found = state.refunds.map(\.value).filter { $0["payment_id"]?.string == request.query("payment_id") }
                return .json(["type": "list", "items": .array(found)])
            }
            if request.path.hasSuffix("/payments") {
                let found = state.payments.values.filter { $0["status"]?.string == request.query("status") }
                return .json(["type": "list", "items": .array(Array(found))])
            }
            let known = state.payments[String(request.path.split(separator: "/").last ?? "")]
            return known.map { .json($0) } ?? self.error(404, "not_found")
        }
    }

    private func make(_ request: EmulatedRequest, _ state: inout State) -> JSONValue? {
        let parts = request.path.split(separator: "/").map(String.init)
        switch (parts[1], parts.count, parts.last) {
        case ("payments", 2, _): return payment(request, &state)
        case ("payments", 4, "capture"):
            guard let known = state.payments[parts[2]], known["status"]?.string == "waiting_for_capture",
                let amount = request.json["amount"]
            else { return nil }
            let taken = known.replacing("status", "succeeded").replacing("amount", amount).replacing("income_amount", amount)
            state.payments[parts[2]] = taken
            return taken
        case ("payments", 4, "cancel"):
            guard let known = state.payments[parts[2]], known["status"]?.string == "waiting_for_capture" else { return nil }
            let ended = known.replacing("status", "canceled")
                .replacing("cancellation_details", ["party": "merchant", "reason": "canceled_by_merchant"])
            state.payments[parts[2]] = ended
            return ended
        case ("refunds", 2, _): return refund(request, &state)
        default: return nil
        }
    }

    private func payment(_ request: EmulatedRequest, _ state: inout State) -> JSONValue? {
        guard request.json["amount"]?["value"]?.string?.split(separator: ".").last?.count == 2,
            request.json["amount"]?["currency"]?.string == "RUB",
            (request.json["description"]?.string?.count ?? 0) <= 128
        else { return nil }
        // By what is saved it is paid at once; else the payer confirms on a page.
        let saved = request.json["payment_method_id"]?.string
        if let saved {
            guard state.payments[saved]?["payment_method"]?["saved"]?.bool == true else { return nil }
        } else {
            guard request.json["confirmation"]?["type"]?.string == "redirect",
                request.json["confirmation"]?["return_url"]?.string != nil
            else { return nil }
        }
        state.number += 1
        let id = "2419a771-000f-5000-9000-\(state.number)"
        let made: JSONValue = [
            "id": .string(id), "status": saved == nil ? "pending" : "succeeded", "paid": .bool(saved != nil),
            "save_payment_method": request.json["save_payment_method"] ?? false, "amount": request.json["amount"] ?? .null,
            "capture": request.json["capture"] ?? .null, "metadata": request.json["metadata"] ?? .null,
            "confirmation": ["type": "redirect", "confirmation_url": .string("https://yoomoney.test/\(id)")],
        ]
        state.payments[id] = made
        return made
    }

    private func refund(_ request: EmulatedRequest, _ state: inout State) -> JSONValue? {
        guard let payment = request.json["payment_id"]?.string, state.payments[payment]?["status"]?.string == "succeeded",
            request.json["amount"]?["value"]?.string?.split(separator: ".").last?.count == 2
        else { return nil }
        state.number += 1
        let id = "216749f7-0016-50be-b000-\(state.number)"
        let made: JSONValue = [
            "id": .string(id), "payment_id": .string(payment), "status": .string(state.refundStatus),
            "amount": request.json["amount"] ?? .null, "description": request.json["description"] ?? .null,
        ]
        state.refunds.append((id, made))
        return made
    }

    private func error(_ status: Int, _ code: String) -> EmulatedAnswer {
        .json(["type": "error", "code": .string(code), "description": "cannot"], status: status)
    }
}
