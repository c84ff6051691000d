import Invoices
import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Payments

/// Somebody who transfers: does as the test says, and remembers by key.
final class FragileTransfer: PayoutTransfer {
    enum Mode { case done, pending, refused, answerLost }
    struct LineBroken: Error {}

    let name = "bank"
    private let state = Mutex((mode: Mode.done, sent: [UUID: Int](), calls: 0))

    func takes(_ currency: Currency, to account: PayoutAccount) -> Bool { true }

    func become(_ mode: Mode) { state.withLock { $0.mode = mode } }
    var sent: Int { state.withLock { $0.sent.values.reduce(0, +) } }

    func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer {
        try state.withLock { state in
            switch state.mode {
            case .refused: return .refused("no such account")
            case .pending: state.sent[payout.key, default: 0] = 1; return .pending("po_\(payout.number)")
            case .done: state.sent[payout.key, default: 0] = 1; return .done("po_\(payout.number)")
            case .answerLost: state.sent[payout.key, default: 0] = 1; throw LineBroken()
            }
        }
    }

    func find(_ payout: PayoutOrder) async throws -> PayoutAnswer? {
        try state.withLock { state in
            if state.mode == .answerLost { throw LineBroken() }
            guard state.sent[payout.key] != nil else { return nil }
            return state.mode == .pending ? .pending("po_\(payout.number)") : .done("po_\(payout.number)")
        }
    }
}

@Suite struct PayoutTests {
    private func path(_ id: String, _ action: String = "") -> String { "/api/v1/payouts/\(id)\(action)" }

    /// An invoice paid online long enough ago; its money is the company's.
    private func earn(_ cents: Int64, _ stage: PaymentStage, period: String = "2026-07") async throws -> ID<Payment> {
        let (id, page) = try await stage.checkout(try await stage.invoice(cents, period: period))
        _ = try await stage.choose("succeed", on: page)
        try await stage.payments.settle(id)
        return id
    }

    private func post(
        _ path: String, _ body: JSONValue, _ stage: PaymentStage, as token: String = "finance"
    ) async throws -> TestAnswer {
        try await stage.server.send("POST", path, token: token, fields: ["Idempotency-Key": "\(UUID.v7())"], body: body)
    }

    private func form(_ stage: PaymentStage, as token: String = "finance") async throws -> TestAnswer {
        try await post("/api/v1/payouts", newPayout(stage), stage, as: token)
    }

    private func newPayout(_ stage: PaymentStage) -> JSONValue {
        ["payeeType": "company", "payeeId": .string("\(stage.world.company.id!)"), "currency": "EUR"]
    }

    private func account(_ stage: PaymentStage) async throws {
        let body: JSONValue = [
            "payeeType": "company", "payeeId": .string("\(stage.world.company.id!)"), "holder": "Housing Ltd",
            "bank": "Bank", "number": "DE89 3704 0044 0532 0130 00",
        ]
        let answer = try await stage.server.send("PUT", "/api/v1/payouts/account", token: "finance", body: body)
        #expect(answer.status == 200, "\(answer.text)")
    }

    /// Formed, with an account, and its id.
    private func formed(_ cents: Int64, _ stage: PaymentStage) async throws -> String {
        _ = try await earn(cents, stage)
        stage.server.clock.advance(by: .days(4))
        try await account(stage)
        let answer = try await form(stage)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.data["id"]?.string)
    }

    private func work(_ stage: PaymentStage) async throws {
        let ids = try await stage.server.database.all(
            Statement<ID<Payout>>("select id from payments.payouts where status = 'processing'"))
        for id in ids { try await stage.module.payouts.carryOut(id) }
    }

    @Test func fromTheEarningToTheBank() async throws {
        try await withPayments { stage in
            _ = try await earn(100_00, stage)
            let early = try await form(stage)
            #expect(early.status == 409 && early.code == "nothing_payable", "younger than the hold: \(early.text)")
            stage.server.clock.advance(by: .days(4))
            let answer = try await form(stage)
            #expect(answer.status == 201 && answer.data["amount"] == .number("95.00"), "\(answer.text)")
            #expect(answer.data["gross"] == .number("100.00") && answer.data["commission"] == .number("5.00"))
            #expect(try await form(stage).code == "payout_in_progress")
            let id = try #require(answer.data["id"]?.string)
            let missing = try await post(path(id, "/process"), [:], stage)
            #expect(missing.code == "account_missing", "\(missing.text)")
            try await account(stage)
            let processed = try await post(path(id, "/process"), ["notes": "for May"], stage)
            #expect(processed.status == 202 && processed.data["status"]?.string == "processing", "\(processed.text)")
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 0)
            #expect(try await stage.balance(.payoutsDue(.eur)) == 95_00)
            try await work(stage)
            let done = try await stage.server.send("GET", path(id), token: "office")
            let number = try #require(done.data["payout"]?["number"]?.string)
            #expect(done.data["payout"]?["status"]?.string == "completed", "\(done.text)")
            #expect(done.data["payout"]?["providerPayoutId"]?.string == "po_\(number)")
            #expect(done.data["items"]?.array?.count == 1)
            #expect(try await stage.balance(.payoutsDue(.eur)) == 0)
            #expect(try await stage.balance(.clearing("bank", .eur)) == 95_00)
            let balance = try await stage.server.send(
                "GET", "/api/v1/payments/ledger/balance?ownerType=company&ownerId=\(stage.world.company.id!)&currency=EUR",
                token: "office")
            #expect(balance.data["paidOut"] == .number("95.00") && balance.data["available"] == .number("0.00"), "\(balance.text)")
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payout.succeeded'") == 1)
            #expect(try await form(stage).code == "nothing_payable")
        }
    }

    /// 0-platform, scenario 27.
    @Test func twoStaffProcessOnePayout() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            let answers = try await race(6) { _ in try await post(path(id, "/process"), [:], stage) }
            #expect(answers.map(\.status).sorted() == [202, 409, 409, 409, 409, 409], "\(answers.map(\.text))")
            #expect(try await stage.count("select count(*) from jobs.jobs where name = 'process-payout'") == 1)
            _ = try await race(4) { _ in try await work(stage) }
            #expect(stage.world.transfer.sent == 1)
            #expect(try await stage.count("select count(*) from payments.transactions where kind = 'payout_sent'") == 1)
            #expect(try await stage.balance(.clearing("bank", .eur)) == 95_00)
        }
    }

    @Test func ofManyFormedAtOnceThereIsOne() async throws {
        try await withPayments { stage in
            _ = try await earn(100_00, stage)
            stage.server.clock.advance(by: .days(4))
            let answers = try await race(8) { _ in try await form(stage) }
            #expect(answers.map(\.status).sorted() == [201, 409, 409, 409, 409, 409, 409, 409], "\(answers.map(\.text))")
            #expect(try await stage.count("select count(*) from payments.payout_items") == 1)
        }
    }

    @Test func aTransferOfWhichNothingIsHeardStaysProcessing() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            stage.world.transfer.become(.answerLost)
            _ = try await post(path(id, "/process"), [:], stage)
            for _ in 1...3 { await #expect(throws: FragileTransfer.LineBroken.self) { try await work(stage) } }
            let waiting = try await stage.server.send("GET", path(id), token: "finance")
            #expect(waiting.data["payout"]?["status"]?.string == "processing")
            for action in ["/cancel", "/retry"] {
                let body: JSONValue = action == "/cancel" ? ["reason": "because I like to"] : [:]
                #expect(try await post(path(id, action), body, stage).code == "invalid_state")
            }
            stage.world.transfer.become(.pending)
            try await work(stage)
            stage.world.transfer.become(.done)
            stage.server.clock.advance(by: .minutes(6))
            try await stage.module.payouts.resume()
            try await work(stage)
            let done = try await stage.server.send("GET", path(id), token: "finance")
            #expect(done.data["payout"]?["status"]?.string == "completed", "\(done.text)")
            #expect(stage.world.transfer.sent == 1)
        }
    }

    @Test func whatWasRefusedIsOwedAgainAndMayBeTriedAgain() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            stage.world.transfer.become(.refused)
            _ = try await post(path(id, "/process"), [:], stage)
            try await work(stage)
            let refused = try await stage.server.send("GET", path(id), token: "finance")
            #expect(refused.data["payout"]?["status"]?.string == "failed")
            #expect(refused.data["payout"]?["failure"]?.string == "no such account")
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 95_00)
            stage.world.transfer.become(.done)
            let again = try await post(path(id, "/retry"), [:], stage)
            #expect(again.status == 202, "\(again.text)")
            try await work(stage)
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 0)
            #expect(try await stage.balance(.clearing("bank", .eur)) == 95_00)
        }
    }

    /// Who looks after the payee's money hears of each try once, in his language; staff of the refused one by their own notice.
    @Test func thePayeeIsToldWhatBecameOfIt() async throws {
        try await withPayments { stage in
            let office = try #require(stage.world.people.id(of: "office"))
            try await stage.server.database.execute(Command("update identity.users set locale = 'kk' where id = \(office)"))
            func tell() async throws -> [String] {
                let outbox = Outbox(database: stage.server.database, log: .silent)
                while try await outbox.dispatch(to: stage.module.eventHandlers) > 0 {}
                return try await stage.server.database.all(
                    Statement<String>(
                        """
                        select concat_ws(' ', template_key, body) from notifications.notifications
                         where user_id = \(office) and type = 'email' order by created_at, id
                        """))
            }
            let id = try await formed(100_00, stage)
            stage.world.transfer.become(.refused)
            _ = try await post(path(id, "/process"), [:], stage)
            try await work(stage)
            let payout = try await stage.module.payouts.payout(try #require(ID(id)))
            let refused = "payout_failed Не удалось перевести 95.00 EUR: no such account"
            #expect(try await tell() == [refused])
            // Told again, as events may be.
            try await stage.payments.followUp.paidOut("payout.failed", payout)
            #expect(try await tell() == [refused])
            stage.world.transfer.become(.done)
            _ = try await post(path(id, "/retry"), [:], stage)
            try await work(stage)
            // What was refused before is news no more.
            try await stage.payments.followUp.paidOut("payout.failed", payout)
            let day = stage.server.clock.clock.now().day
            #expect(try await tell() == [refused, "payout_completed \(day) вам переведено 95.00 EUR."])
            let others = Statement<Int>(
                "select count(*) from notifications.notifications where template_key like 'payout%' and user_id <> \(office)")
            #expect(try await stage.server.database.one(others) == 0)
        }
    }

    @Test func whatIsGivenUpIsFreeForAnother() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            #expect(try await post(path(id, "/cancel"), ["reason": "short"], stage).status == 422)
            let cancelled = try await post(path(id, "/cancel"), ["reason": "formed by mistake"], stage)
            #expect(cancelled.data["status"]?.string == "cancelled", "\(cancelled.text)")
            #expect(try await form(stage).data["amount"] == .number("95.00"))
        }
    }

    /// Refunds take away from the next payout, once, also those made after the payment had been paid out.
    @Test func refundsAfterThePayoutAreTakenFromTheNext() async throws {
        try await withPayments { stage in
            let first = try await earn(100_00, stage)
            stage.server.clock.advance(by: .days(4))
            try await account(stage)
            let payout = try #require(try await form(stage).data["id"]?.string)
            _ = try await post(path(payout, "/process"), [:], stage)
            try await work(stage)
            _ = try await stage.giveBack("40", of: first)
            _ = try await earn(60_00, stage, period: "2026-06")
            stage.server.clock.advance(by: .days(4))
            let next = try await form(stage)
            // 60.00 less 40.00 given back, less 3.00 commission, and 2.00 of the commission came back.
            #expect(next.data["amount"] == .number("19.00"), "\(next.text)")
            #expect(next.data["adjustment"] == .number("-40.00") && next.data["commission"] == .number("1.00"))
            let balance = try await stage.balance(.payable(stage.world.company, .eur))
            #expect(balance == 19_00)
        }
    }

    @Test func staffDecideOnAnotherAmount() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            let more: JSONValue = ["amount": .number("95.01"), "reason": "more than there is"]
            #expect(try await stage.server.send("PATCH", path(id), token: "finance", body: more).code == "nothing_payable")
            let change = MatchedChange(
                path(id), as: "finance", ["amount": 90, "reason": "five for the damage"],
                ["amount": 80, "reason": "fifteen for the damage"])
            try await stage.server.checkMatching(change)
            let answer = try await stage.server.send("GET", path(id), token: "finance")
            #expect(answer.data["payout"]?["adjustment"] == .number("-15.00"), "\(answer.text)")
            // What was taken off is the platform's once the rest has gone, and nobody is owed it any more.
            stage.world.transfer.become(.refused)
            _ = try await post(path(id, "/process"), [:], stage)
            #expect(try await stage.balance(.adjustments("EUR")) == 15_00)
            try await work(stage)
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 95_00)
            #expect(try await stage.balance(.adjustments("EUR")) == 0)
            stage.world.transfer.become(.done)
            _ = try await post(path(id, "/retry"), [:], stage)
            try await work(stage)
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 0)
            #expect(try await stage.balance(.clearing("bank", .eur)) == 80_00)
            let asked = "/api/v1/payments/ledger/balance?ownerType=company&ownerId=\(stage.world.company.id!)&currency=EUR"
            let balance = try await stage.server.send("GET", asked, token: "office")
            #expect(balance.data["paidOut"] == .number("80.00") && balance.data["deducted"] == .number("15.00"), "\(balance.text)")
        }
    }

    /// Guests, payers, other payees, the payee himself, staff of the platform.
    @Test func whoMay() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            let company = "\(stage.world.company.id!)"
            for (token, read) in [
                (nil, 401), ("resident", 404), ("stranger", 404), ("office", 200), ("finance", 200), ("root", 200),
            ] as [(String?, Int)] {
                #expect(try await stage.server.send("GET", path(id), token: token).status == read, "\(token ?? "guest")")
                let asked = "/api/v1/payouts/account?payeeType=company&payeeId=\(company)"
                #expect(try await stage.server.send("GET", asked, token: token).status == read, "\(token ?? "guest")")
            }
            for (token, status) in [("resident", 404), ("stranger", 404), ("office", 403), ("director", 403)] {
                #expect(try await form(stage, as: token).status == status, "\(token)")
                #expect(try await post(path(id, "/process"), [:], stage, as: token).status == status, "\(token)")
                #expect(try await post(path(id, "/retry"), [:], stage, as: token).status == status, "\(token)")
                let batch = try await post(
                    "/api/v1/payouts/process", ["ids": [.string(id)]], stage, as: token)
                #expect(batch.status == 403, "\(token): \(batch.text)")
            }
            let list = try await stage.server.send("GET", "/api/v1/payouts?status=pending", token: "office")
            #expect(list.data.array?.count == 1)
            #expect(try await stage.server.send("GET", "/api/v1/payouts", token: "stranger").data.array?.isEmpty == true)
            let file = try await stage.server.send("GET", "/api/v1/payouts/export", token: "office")
            #expect(file.text.contains("95.00,EUR"), "\(file.text)")
            let shown = try await stage.server.send(
                "GET", "/api/v1/payouts/account?payeeType=company&payeeId=\(company)", token: "office")
            #expect(shown.data["number"]?.string == "••••3000", "\(shown.text)")
            #expect(
                try await stage.count(
                    "select count(*) from payments.payout_accounts where position('DE89'::bytea in details_enc) > 0") == 0)
        }
    }

    @Test func severalAtOnceEachOnItsOwn() async throws {
        try await withPayments { stage in
            let id = try await formed(100_00, stage)
            let other = "\(UUID.v7())"
            let answer = try await post(
                "/api/v1/payouts/process", ["ids": [.string(id), .string(other), .string(id)]], stage)
            #expect(answer.status == 202 && answer.data["processed"]?.int == 1 && answer.data["failed"]?.int == 2, "\(answer.text)")
            #expect(answer.data["results"]?.array?.compactMap { $0["code"]?.string } == ["not_found", "invalid_state"])
        }
    }

    /// By the schedule, from the minimum on.
    @Test func aRunFormsWhatIsWorthIt() async throws {
        try await withPayments { stage in
            _ = try await earn(900_00, stage)
            stage.server.clock.advance(by: .days(4))
            try await stage.module.payouts.run("company")
            #expect(try await stage.count("select count(*) from payments.payouts") == 0)
            _ = try await earn(900_00, stage, period: "2026-06")
            stage.server.clock.advance(by: .days(4))
            _ = try await race(3) { _ in try await stage.module.payouts.run("company") }
            #expect(try await stage.count("select count(*) from payments.payouts where items_count = 2") == 1)
        }
    }

    @Test(arguments: [
        (PayoutStatus.pending, "process", PayoutStatus.processing), (.pending, "cancel", .cancelled),
        (.processing, "complete", .completed), (.processing, "fail", .failed), (.failed, "retry", .processing),
        (.failed, "cancel", .cancelled),
    ]) func theOnlySteps(_ from: PayoutStatus, _ step: String, _ to: PayoutStatus) {
        for status in PayoutStatus.allCases {
            var state = PayoutState(status)
            let isTaken: Bool
            do {
                switch step {
                case "process": try state.process()
                case "cancel": try state.cancel()
                case "complete": try state.complete()
                case "fail": try state.fail()
                default: try state.retry()
                }
                isTaken = true
            } catch {
                isTaken = false
            }
            if status == from { #expect(isTaken && state.status == to) }
            if !isTaken { #expect(state.status == status) }
        }
    }
}
