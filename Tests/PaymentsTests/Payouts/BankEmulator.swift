import Crypto
import JSON
import Service
import Support
import Synchronization
import Values

@testable import Payments

/// RazorpayX, YooKassa and Stripe as their documentations have payouts: each with its own key field, once per key, and what is
/// made can be listed.
final class BankEmulator: Sendable {
    private struct State {
        var made: [JSONValue] = []
        var answers: [String: JSONValue] = [:]
        var status = "processed"
        var isSilent = false
    }

    private let state = Mutex(State())
    let service: EmulatedService

    init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<BankEmulator?>(nil) }

    /// All three, of which each takes what it can.
    func transfers(_ parts: OutsideParts) -> [any PayoutTransfer] {
        [
            StripeTransfer(secret: "sk_test_abc", base: service.url + "/v1", through: parts),
            RazorpayXTransfer(
                keyID: "rzp_test_abc", secret: "secret", accountNumber: "7878780080316316", base: service.url + "/v1",
                through: parts),
            YooKassaTransfer(agentID: "505050", secret: "payout_secret", base: service.url + "/v3", through: parts),
        ]
    }

    var made: [JSONValue] { state.withLock { $0.made } }
    /// How what was made ends, in the house's own word.
    func end(_ status: String) {
        state.withLock { state in
            state.status = status
            state.made = state.made.map { $0.replacing("status", .string(status)) }
            state.answers = state.answers.mapValues { $0.replacing("status", .string(status)) }
        }
    }
    /// What is asked is done, and its answer lost.
    func loseAnswers(_ isOn: Bool) { state.withLock { $0.isSilent = isOn } }

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        guard Self.isAuthorised(request) else { return .json(["error": ["description": "no"]], status: 401) }
        return state.withLock { state in
            if request.method == "GET" { return state.isSilent ? .brokenOff : Self.read(request, state) }
            let name = request.path.hasPrefix("/v3") ? "idempotence-key" : request.path.hasSuffix("transfers")
                ? "idempotency-key" : "x-payout-idempotency"
            guard let key = request.field(name) else { return .json(["error": ["description": "no key"]], status: 400) }
            if let known = state.answers[key] { return state.isSilent ? .brokenOff : .json(known) }
            guard let payout = Self.payout(request, "pout_\(state.made.count)", state.status) else {
                return .json(["code": "invalid_request", "error": ["description": "invalid"]], status: 400)
            }
            state.made.append(payout)
            state.answers[key] = payout
            return state.isSilent ? .brokenOff : .json(payout)
        }
    }

    private static func isAuthorised(_ request: EmulatedRequest) -> Bool {
        let field = request.field("authorization")
        if request.path.hasPrefix("/v3") { return field == "Basic " + Base64.encode(Array("505050:payout_secret".utf8)) }
        if request.path.contains("/transfers") { return field == "Bearer sk_test_abc" }
        return field == "Basic " + Base64.encode(Array("rzp_test_abc:secret".utf8))
    }

    private static func read(_ request: EmulatedRequest, _ state: State) -> EmulatedAnswer {
        let last = String(request.path.split(separator: "/").last ?? "")
        switch last {
        case "transfers":
            let group = request.query("transfer_group")
            return .json(["data": .array(state.made.filter { $0["transfer_group"]?.string == group })])
        case "payouts":
            let reference = request.query("reference_id")
            return .json(["items": .array(state.made.filter { reference == nil || $0["reference_id"]?.string == reference })])
        default:
            guard let known = state.made.first(where: { $0["id"]?.string == last }) else {
                return .json(["error": ["description": "missing"]], status: 404)
            }
            return .json(known)
        }
    }

    /// Nil for what the house does not take.
    private static func payout(_ request: EmulatedRequest, _ id: String, _ status: String) -> JSONValue? {
        if request.path.hasSuffix("transfers") {
            guard let amount = request.form("amount"), Int(amount) != nil, request.form("destination")?.hasPrefix("acct_") == true,
                request.form("currency")?.count == 3, let group = request.form("transfer_group")
            else { return nil }
            return [
                "id": .string("tr_" + id), "object": "transfer", "amount": .number(amount), "transfer_group": .string(group),
                "reversed": .bool(status == "reversed"),
            ]
        }
        let json = request.json
        let isWhole: Bool
        if request.path.hasPrefix("/v3") {
            let destination = json["payout_destination_data"]
            isWhole =
                json["amount"]?["value"]?.string?.split(separator: ".").last?.count == 2
                && (destination?["card"]?["number"]?.string != nil || destination?["account_number"]?.string != nil)
        } else {
            let account = json["fund_account"]
            isWhole =
                json["account_number"]?.string == "7878780080316316" && json["currency"]?.string == "INR"
                && ["IMPS", "NEFT"].contains(json["mode"]?.string) && account?["account_type"]?.string == "bank_account"
                && account?["bank_account"]?["ifsc"]?.string?.count == 11 && (json["amount"]?.int ?? 0) >= 100
                && (json["reference_id"]?.string?.count ?? 99) <= 40 && (json["narration"]?.string?.count ?? 99) <= 30
                && account?["contact"]?["name"]?.string != nil
        }
        return isWhole ? json.replacing("id", .string(id)).replacing("status", .string(status)) : nil
    }
}
