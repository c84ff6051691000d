import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// Payouts that a provider carries out.
@Suite struct ProviderPayoutTests {
    private func withBank(_ body: @escaping @Sendable (PaymentStage, BankEmulator) async throws -> Void) async throws {
        let bank = try BankEmulator()
        try await withPayments(transfers: bank.transfers) { stage in try await body(stage, bank) }
    }

    private func post(_ path: String, _ body: JSONValue, _ stage: PaymentStage, as token: String = "finance") async throws -> TestAnswer {
        try await stage.server.send("POST", path, token: token, fields: ["Idempotency-Key": "\(UUID.v7())"], body: body)
    }

    /// Formed, and the payee's account said.
    private func formed(
        _ currency: Currency, to number: String, _ routing: String?, _ stage: PaymentStage, minor: Int64 = 1000_00
    ) async throws -> String {
        let (id, page) = try await stage.checkout(try await stage.invoice(minor, currency, period: Months.next()))
        _ = try await stage.choose("succeed", on: page)
        try await stage.payments.settle(id)
        stage.server.clock.advance(by: .days(4))
        let company = "\(stage.world.company.id!)"
        var account: [(name: String, value: JSONValue)] = [
            ("payeeType", "company"), ("payeeId", .string(company)), ("holder", "Housing Ltd"), ("bank", "Bank"),
            ("number", .string(number)),
        ]
        if let routing { account.append(("routing", .string(routing))) }
        #expect(try await stage.server.send("PUT", "/api/v1/payouts/account", token: "finance", body: .object(account)).status == 200)
        let answer = try await post(
            "/api/v1/payouts", ["payeeType": "company", "payeeId": .string(company), "currency": .string(currency.code)], stage)
        return try #require(answer.data["id"]?.string, "\(answer.text)")
    }

    private func work(_ stage: PaymentStage) async throws {
        let ids = try await stage.server.database.all(
            Statement<ID<Payout>>("select id from payments.payouts where status = 'processing'"))
        for id in ids { try await stage.module.payouts.carryOut(id) }
    }

    private func status(_ id: String, _ stage: PaymentStage) async throws -> JSONValue? {
        try await stage.server.send("GET", "/api/v1/payouts/\(id)", token: "finance").data["payout"]?["status"]
    }

    @Test(arguments: [
        ("razorpayx", Currency.inr, "409001234567", "HDFC0001234" as String?, "processed"),
        ("yookassa", .rub, "2200000000000004", nil, "succeeded"), ("yookassa", .rub, "4100116075156746", nil, "succeeded"),
        ("stripe", .eur, "acct_1032D82eZvKYlo2C", nil, "paid"),
    ])
    func theProviderBringsItThere(
        _ name: String, _ currency: Currency, _ number: String, _ routing: String?, _ end: String
    ) async throws {
        try await withBank { stage, bank in
            let id = try await formed(currency, to: number, routing, stage)
            bank.end(end)
            let answer = try await post("/api/v1/payouts/\(id)/process", ["method": "provider"], stage)
            #expect(answer.status == 202 && answer.data["transfer"]?.string == name, "\(answer.text)")
            _ = try await race(3) { _ in try await work(stage) }
            #expect(try await status(id, stage) == "completed")
            #expect(bank.made.count == 1)
            #expect(try await stage.balance(.clearing(name, currency)) == 950_00)
            #expect(try await stage.balance(.payoutsDue(currency)) == 0)
        }
    }

    @Test func whatNobodyCanBringThereIsRefused() async throws {
        try await withBank { stage, bank in
            let id = try await formed(.inr, to: "409001234567", nil, stage)
            let answer = try await post("/api/v1/payouts/\(id)/process", ["method": "provider"], stage)
            #expect(answer.status == 503 && answer.code == "payments_not_configured", "\(answer.text)")
            #expect(try await stage.balance(.payable(stage.world.company, .inr)) == 950_00)
            // By hand it goes anywhere.
            let byHand = try await post("/api/v1/payouts/\(id)/process", [:], stage)
            #expect(byHand.data["transfer"]?.string == "bank" && bank.made.isEmpty, "\(byHand.text)")
        }
    }

    /// Accepted and waiting, then refused: owed again, and tried again under another key.
    @Test func whatTheBankSendsBackIsOwedAgain() async throws {
        try await withBank { stage, bank in
            let id = try await formed(.inr, to: "409001234567", "HDFC0001234", stage)
            bank.end("queued")
            _ = try await post("/api/v1/payouts/\(id)/process", ["method": "provider"], stage)
            try await work(stage)
            #expect(try await status(id, stage) == "processing")
            bank.end("reversed")
            try await work(stage)
            #expect(try await status(id, stage) == "failed")
            #expect(try await stage.balance(.payable(stage.world.company, .inr)) == 950_00)
            bank.end("processed")
            #expect(try await post("/api/v1/payouts/\(id)/retry", [:], stage).status == 202)
            try await work(stage)
            #expect(try await status(id, stage) == "completed")
            #expect(bank.made.count == 2)
        }
    }

    /// A lost answer is no failure: the transfer is found, and money leaves once.
    @Test(arguments: [
        (Currency.inr, "409001234567", "HDFC0001234" as String?, "processed"), (.rub, "2200000000000004", nil, "succeeded"),
        (.eur, "acct_1032D82eZvKYlo2C", nil, "paid"),
    ])
    func aLostAnswerIsFoundAgain(_ currency: Currency, _ number: String, _ routing: String?, _ end: String) async throws {
        try await withBank { stage, bank in
            let id = try await formed(currency, to: number, routing, stage)
            bank.end(end)
            bank.loseAnswers(true)
            _ = try await post("/api/v1/payouts/\(id)/process", ["method": "provider"], stage)
            await #expect(throws: OutsideFailure.self) { try await work(stage) }
            #expect(try await status(id, stage) == "processing")
            bank.loseAnswers(false)
            try await work(stage)
            #expect(try await status(id, stage) == "completed")
            #expect(bank.made.count == 1)
        }
    }

    /// What a payer contests is nobody's until it is ours again.
    @Test func whatIsContestedIsNotPaidOut() async throws {
        try await withHouses { stage, houses in
            let (id, _) = try await stage.begin(100_00, .eur)
            houses.payAll()
            try await stage.payments.settle(id)
            let intent = try #require(houses.stripe.ids("pi_").first)
            func tell(_ type: String) async throws {
                let dispute: JSONValue = ["object": "dispute", "id": "dp_1", "payment_intent": .string(intent)]
                let event = houses.stripe.webhook(type, dispute, id: "evt_\(type)", at: stage.server.clock.clock.now())
                for _ in 1...2 { #expect(try await stage.hear("stripe", event).status == 200) }
            }
            try await tell("charge.dispute.created")
            let shown = try await stage.server.send("GET", "/api/v1/payments/\(id)", token: "office")
            #expect(shown.data["disputedAt"]?.string != nil, "\(shown.text)")
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payment.disputed'") == 1)
            stage.server.clock.advance(by: .days(4))
            let body: JSONValue = ["payeeType": "company", "payeeId": .string("\(stage.world.company.id!)"), "currency": "EUR"]
            #expect(try await post("/api/v1/payouts", body, stage).code == "nothing_payable")
            try await tell("charge.dispute.funds_reinstated")
            #expect(try await post("/api/v1/payouts", body, stage).status == 201)
        }
    }

    // MARK: Two of the staff

    @Test func aLargePayoutIsLetGoByTwo() async throws {
        try await withBank { stage, _ in
            let id = try await formed(.inr, to: "409001234567", nil, stage, minor: 60_000_00)
            let path = "/api/v1/payouts/\(id)/process"
            let first = try await post(path, [:], stage)
            #expect(first.status == 202 && first.data["status"]?.string == "pending", "\(first.text)")
            #expect(first.data["approvedBy"]?.string == stage.world.people.id(of: "finance").map { "\($0)" })
            let again = try await post(path, [:], stage)
            #expect(again.status == 409 && again.code == "second_approval_needed", "\(again.text)")
            #expect(try await stage.balance(.payable(stage.world.company, .inr)) == 57_000_00)
            // Another amount was never approved by anybody.
            let less: JSONValue = ["amount": 55_000, "reason": "two thousand for the damage"]
            let changed = try await stage.server.send("PATCH", "/api/v1/payouts/\(id)", token: "root", body: less)
            #expect(changed.data["approvedBy"]?.isNull == true, "\(changed.text)")
            let batch = try await post("/api/v1/payouts/process", ["ids": [.string(id)]], stage, as: "root")
            #expect(batch.data["results"]?[0]?["code"]?.string == "second_approval_needed", "\(batch.text)")
            let answers = try await race(4) { _ in try await post(path, [:], stage).status }
            #expect(answers.sorted() == [202, 409, 409, 409])
            #expect(try await status(id, stage) == "processing")
            let actions = try await stage.server.database.all(
                Statement<String>("select action from identity.audit_logs where object_type = 'payout' order by at"))
            #expect(
                actions == ["payout_formed", "payout_approved", "payout_adjusted", "payout_approved", "payout_processed"], "\(actions)")
        }
    }

    @Test func aSmallerOneByOne() async throws {
        try await withBank { stage, _ in
            let id = try await formed(.inr, to: "409001234567", nil, stage, minor: 50_000_00)
            let answer = try await post("/api/v1/payouts/\(id)/process", [:], stage)
            #expect(answer.data["status"]?.string == "processing", "\(answer.text)")
        }
    }
}
