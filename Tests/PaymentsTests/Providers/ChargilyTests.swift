import Crypto
import JSON
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Payments

/// Chargily as its documentation has it: bearer secret, whole dinars, no keys of the merchant's.
final class ChargilyEmulator: Sendable {
    static let secret = "test_sk_chargily"

    private let state = Mutex((checkouts: [String: JSONValue](), isSilent: false))
    let service: EmulatedService

    init() throws {
        let box = Box()
        service = try EmulatedService { request in box.emulator.withLock { $0 }?.answer(request) ?? .empty(500) }
        box.emulator.withLock { $0 = self }
    }

    private final class Box: Sendable { let emulator = Mutex<ChargilyEmulator?>(nil) }

    func loseAnswers(_ isOn: Bool) { state.withLock { $0.isSilent = isOn } }
    var checkouts: [String] { state.withLock { $0.checkouts.keys.sorted() } }

    func end(_ id: String, _ status: String) {
        state.withLock { $0.checkouts[id] = $0.checkouts[id]?.replacing("status", .string(status)).replacing("fees", 50) }
    }

    func webhook(_ type: String, _ id: String) -> (body: [UInt8], fields: [String: String]) {
        let body: JSONValue = ["id": .string("evt_\(type)"), "type": .string(type), "data": ["id": .string(id)]]
        return (body.jsonBytes, ["signature": Hex.encode(HMACSHA256.authenticate(body.jsonBytes, key: Self.secret))])
    }

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        guard request.field("authorization") == "Bearer \(Self.secret)" else { return .json(["message": "no"], status: 401) }
        let id = String(request.path.split(separator: "/").last ?? "")
        return state.withLock { state in
            if request.method == "GET" {
                if id == "checkouts" { return .json(["data": .array(Array(state.checkouts.values))]) }
                return state.checkouts[id].map { .json($0) } ?? .json(["message": "missing"], status: 404)
            }
            if id == "expire" {
                let known = String(request.path.split(separator: "/").dropLast().last ?? "")
                state.checkouts[known] = state.checkouts[known]?.replacing("status", "expired")
                return .json(state.checkouts[known] ?? .null)
            }
            guard let amount = request.json["amount"]?.int, amount >= 75, request.json["currency"]?.string == "dzd",
                request.json["webhook_endpoint"]?.string?.hasSuffix("/webhook/chargily") == true,
                request.json["success_url"]?.string != nil
            else { return .json(["message": "invalid"], status: 422) }
            let made = "01hj5n7cqpaf0mt2d0xx85tgz\(state.checkouts.count)"
            let checkout: JSONValue = [
                "id": .string(made), "status": "pending", "amount": .number("\(amount)"), "currency": "dzd", "fees": 0,
                "checkout_url": .string("https://pay.chargily.test/\(made)"), "metadata": request.json["metadata"] ?? .null,
                "payment_method": "edahabia",
            ]
            state.checkouts[made] = checkout
            return state.isSilent ? .brokenOff : .json(checkout)
        }
    }
}

@Suite struct ChargilyTests {
    private func withChargily(_ body: @escaping @Sendable (PaymentStage, ChargilyEmulator) async throws -> Void) async throws {
        let emulator = try ChargilyEmulator()
        let url = emulator.service.url + "/test/api/v2"
        try await withPayments(
            outside: { [ChargilyProvider(secret: ChargilyEmulator.secret, isLive: false, base: url, through: $0)] }
        ) { stage in
            try await body(stage, emulator)
        }
    }

    @Test func aCheckoutIsPaidHeardOfAndGivenBackByHand() async throws {
        try await withChargily { stage, emulator in
            let (id, answer) = try await stage.begin(1000_00, .dzd)
            let checkout = try #require(emulator.checkouts.first)
            #expect(answer.data["checkout"]?["url"]?.string == "https://pay.chargily.test/\(checkout)", "\(answer.text)")
            emulator.end(checkout, "paid")
            let event = emulator.webhook("checkout.paid", checkout)
            #expect(try await stage.hear("chargily", (event.body + [32], event.fields)).status == 401)
            for _ in 1...2 { #expect(try await stage.hear("chargily", event).status == 200) }
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.fee == 50_00 && payment.method == "edahabia")
            let refund = try await stage.giveBack("400", of: id)
            #expect(try await stage.payments.refund(refund).providerID?.hasPrefix("HAND-RFD-") == true)
            #expect(try await stage.balance(.clearing("bank", .dzd)) == 400_00)
            #expect(try await stage.balance(.clearing("chargily", .dzd)) == -950_00)
        }
    }

    @Test(arguments: [("failed", PaymentStatus.failed), ("expired", .expired), ("canceled", .cancelled), ("processing", .pending)])
    func theOtherEnds(_ theirs: String, _ ours: PaymentStatus) async throws {
        try await withChargily { stage, emulator in
            let (id, _) = try await stage.begin(1000_00, .dzd)
            emulator.end(try #require(emulator.checkouts.first), theirs)
            try await stage.payments.settle(id)
            #expect(try await stage.payment(id).state.status == ours)
        }
    }

    @Test func aCheckoutWhoseAnswerWasLostIsFound() async throws {
        try await withChargily { stage, emulator in
            emulator.loseAnswers(true)
            let (_, answer) = try await stage.begin(1000_00, .dzd)
            #expect(answer.data["status"]?.string == "pending" && emulator.checkouts.count == 1, "\(answer.text)")
        }
    }

    @Test func whatItDoesNotTakeIsRefused() async throws {
        try await withChargily { stage, emulator in
            let small = try await stage.order(try await stage.invoice(74_00, .dzd))
            #expect(small.status == 422 && small.code == "provider_refused", "\(small.text)")
            let parts = try await stage.order(try await stage.invoice(100_50, .dzd, period: "2026-06"))
            #expect(parts.status == 422 && emulator.checkouts.isEmpty, "\(parts.text)")
        }
    }

    /// The payer has chosen before he goes to the page; nobody can be paid by what none knows.
    @Test func theMethodIsTheProvidersOwn() async throws {
        try await withChargily { stage, emulator in
            func pay(_ method: String) async throws -> TestAnswer {
                let invoice = try await stage.invoice(1000_00, .dzd, period: Months.next())
                return try await stage.server.send(
                    "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"],
                    body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "method": .string(method)])
            }
            let wrong = try await pay("sbp")
            #expect(wrong.status == 422 && wrong.text.contains("\"method\""), "\(wrong.text)")
            let answer = try await pay("cib")
            #expect(answer.status == 201 && answer.data["method"]?.string == "cib", "\(answer.text)")
            let sent = emulator.service.seen.last { $0.method == "POST" }
            #expect(sent?.json["payment_method"]?.string == "cib")
        }
    }

    @Test func givingUpEndsTheCheckout() async throws {
        try await withChargily { stage, emulator in
            let (id, _) = try await stage.begin(1000_00, .dzd)
            let answer = try await stage.server.send("POST", "/api/v1/payments/\(id)/cancel", token: "resident")
            #expect(answer.data["status"]?.string == "cancelled", "\(answer.text)")
        }
    }
}
