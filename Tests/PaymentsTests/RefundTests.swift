import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct RefundTests {
    private func ask(_ stage: PaymentStage, _ id: ID<Payment>, _ amount: String?, token: String = "office") async throws
        -> TestAnswer
    {
        var members: [(name: String, value: JSONValue)] = [("reason", "other")]
        if let amount { members.append(("amount", .number(amount))) }
        return try await stage.server.send(
            "POST", "/api/v1/payments/\(id)/refund", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: .object(members))
    }

    private func paid(_ stage: PaymentStage, _ cents: Int64) async throws -> (ID<Invoice>, ID<Payment>) {
        let invoice = try await stage.invoice(cents)
        let (id, page) = try await stage.checkout(invoice)
        _ = try await stage.choose("succeed", on: page)
        try await stage.payments.settle(id)
        return (invoice, id)
    }

    /// 0-platform, scenario 23.
    @Test func parallelRefundsNeverExceedWhatWasCaptured() async throws {
        try await withPayments { stage in
            let (invoice, id) = try await paid(stage, 3_000_00)
            let statuses = try await race(20) { _ in try await ask(stage, id, "1000").status }
            #expect(statuses.filter { $0 == 201 }.count == 3)
            #expect(statuses.filter { $0 == 409 }.count == 17)
            #expect(try await stage.payment(id).state.status == .succeeded)
            try await stage.work()
            #expect(try await stage.payment(id).state.status == .refunded)
            let state = try await stage.status(invoice)
            #expect(state.paid == 0)
            #expect(state.status.isOpen)
            #expect(try await stage.balance(.commission(.eur)) == 0)
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 0)
            #expect(try await stage.balance(.clearing("sandbox", .eur)) == 0)
        }
    }

    @Test func aPartGoesBackFromTheInvoiceToo() async throws {
        try await withPayments { stage in
            let (invoice, id) = try await paid(stage, 100_00)
            let answer = try await ask(stage, id, "30.00")
            #expect(answer.data["status"] == "approved")
            try await stage.work()
            try await stage.work()
            #expect(try await stage.payment(id).state.status == .partiallyRefunded)
            #expect(try await stage.status(invoice).balance == 30_00)
            #expect(try await stage.balance(.commission(.eur)) == 3_50)
        }
    }

    @Test func payersOnlyAsk() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            #expect(try await ask(stage, id, nil, token: "resident").data["status"] == "requested")
            #expect(try await ask(stage, id, "1", token: "resident").code == "refund_exceeds")
            #expect(try await ask(stage, id, "1", token: "flatmate").status == 404)
            #expect(try await ask(stage, id, "1", token: "stranger").status == 404)
        }
    }

    @Test func payersAskWithinTwoWeeks() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            stage.server.clock.advance(by: .days(14) - .seconds(1))
            #expect(try await ask(stage, id, "1", token: "resident").status == 201)
            stage.server.clock.advance(by: .seconds(2))
            let late = try await ask(stage, id, "1", token: "resident")
            #expect(late.status == 409 && late.code == "refund_too_late", "\(late.text)")
            #expect(try await ask(stage, id, "1").status == 201)
        }
    }

    @Test func staffDecideOnce() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            let asked = try await ask(stage, id, "60", token: "resident")
            let path = "/api/v1/payments/refunds/\(try #require(asked.data["id"]?.string))"
            @Sendable func decide(_ step: String, _ body: JSONValue, _ token: String) async throws -> TestAnswer {
                try await stage.server.send(
                    "POST", path + step, token: token, fields: ["Idempotency-Key": "\(UUID.v7())"], body: body)
            }
            #expect(try await decide("/approve", [:], "resident").status == 404)
            #expect(try await decide("/approve", [:], "stranger").status == 404)
            #expect(try await decide("/approve", ["amount": 61], "office").code == "refund_exceeds")
            #expect(try await decide("/request-info", ["message": "Why?"], "office").data["status"] == "info_requested")
            let answers = try await race(2) { _ in try await decide("/approve", ["amount": 50], "office").status }
            #expect(answers.sorted() == [200, 409])
            #expect(try await decide("/reject", ["reason": "changed my mind"], "office").code == "already_decided")
            try await stage.work()
            #expect(try await stage.server.send("GET", path, token: "resident").data["status"] == "succeeded")
            #expect(try await stage.server.send("GET", path, token: "flatmate").status == 404)
            let list = try await stage.server.send("GET", "/api/v1/payments/refunds?status=succeeded", token: "office")
            #expect(list.data.array?.count == 1)
            let shown = try await stage.server.send("GET", "/api/v1/payments/\(id)", token: "resident")
            #expect(shown.text.contains("\"refunded\":50.00"))
            #expect(shown.data["refunds"]?.array?.count == 1)
        }
    }

    @Test func aRejectedOneIsFreeAgainAndAFailedOneIsTriedAgain() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            let asked = try await ask(stage, id, nil, token: "resident")
            let first = try #require(asked.data["id"]?.string)
            let rejected = try await stage.server.send(
                "POST", "/api/v1/payments/refunds/\(first)/reject", token: "office", body: ["reason": "not a good reason"])
            #expect(rejected.data["status"] == "rejected")
            let second = try #require(try await ask(stage, id, nil).data["id"]?.string.flatMap { ID<Refund>($0) })
            stage.world.line.fail(.refund, .refusing)
            try await stage.work()
            #expect(try await stage.payments.refund(second).state.status == .failed)
            #expect(try await stage.count("select count(*) from api.outbox where event = 'refund.failed'") == 1)
            stage.world.line.mend()
            let retried = try await stage.server.send(
                "POST", "/api/v1/payments/refunds/\(second)/retry", token: "office")
            #expect(retried.data["status"] == "approved")
            try await stage.work()
            #expect(try await stage.payment(id).state.status == .refunded)
        }
    }

    /// Payment before refund, as everybody else: whoever holds the payment gets the refund at once.
    @Test func aDecisionTakesThePaymentBeforeItsRefund() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            stage.world.line.fail(.refund, .refusing)
            let refund = try #require(try await ask(stage, id, nil).data["id"]?.string.flatMap { ID<Refund>($0) })
            try await stage.work()
            let database = stage.server.database
            let retried = try await database.transaction { _ in
                _ = try await stage.payments.lock(id)
                let retried = Task {
                    try await stage.server.send("POST", "/api/v1/payments/refunds/\(refund)/retry", token: "office").status
                }
                let waiting = Statement<Int>(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                repeat {
                    _ = try await database.one(Statement<String>("select pg_stat_clear_snapshot()::text"))
                } while try await database.one(waiting) == 0
                #expect(
                    try await database.one(
                        Statement<Int>("select 1 from payments.refunds where id = \(refund) for update nowait")) == 1)
                return retried
            }
            #expect(try await retried.value == 200)
        }
    }

    /// What found no use goes back as its own refund, and by no other, however often that one fails.
    @Test func whatFoundNoUseIsNotTakenFromTheInvoices() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(50_00)
            let (id, page) = try await stage.checkout(invoice)
            try await stage.hand(invoice, "20.00", status: 201)
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            let unused = try await stage.server.database.one(
                Statement<ID<Refund>>("select id from payments.refunds where payment_id = \(id)"))
            stage.world.line.fail(.refund, .refusing)
            try await stage.work()
            #expect(try await stage.payments.refund(unused).state.status == .failed)
            stage.world.line.mend()
            #expect(try await ask(stage, id, "30.01").code == "refund_exceeds")
            #expect(try await ask(stage, id, nil).text.contains("\"amount\":30.00"))
            #expect(try await ask(stage, id, "0.01").code == "refund_exceeds")
            try await stage.work()
            #expect(try await stage.status(invoice).paid == 20_00)
            let retried = try await stage.server.send("POST", "/api/v1/payments/refunds/\(unused)/retry", token: "office")
            #expect(retried.data["status"] == "approved", "\(retried.text)")
            try await stage.work()
            #expect(try await stage.payment(id).state.status == .refunded)
            #expect(try await stage.balance(.refundsDue(.eur)) == 0)
            #expect(try await stage.balance(.clearing("sandbox", .eur)) == 0)
        }
    }

    /// The book refuses what cannot be, and the process lives on.
    @Test func moreThanWasGivenIsNotTakenBack() async throws {
        try await withPayments { stage in
            let (invoice, id) = try await paid(stage, 100_00)
            await #expect(throws: TakenBackTooMuch.self) {
                try await stage.payments.invoices.takeBack(100_01, of: id.uuid)
            }
            #expect(try await stage.status(invoice).paid == 100_00)
        }
    }

    /// Killed at its last attempt, a job fails without a word to its handler; the refund is taken up again.
    @Test func aRefundOutlivesItsProcess() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            let refund = try #require(try await ask(stage, id, nil).data["id"]?.string.flatMap { ID<Refund>($0) })
            @Sendable func jobs() async throws -> Int {
                try await stage.count(
                    "select count(*) from jobs.jobs where name = 'process-refund' and finished_at is null")
            }
            try await stage.server.database.write([
                Command("update payments.refunds set status = 'processing' where id = \(refund)"),
                Command(
                    """
                    update jobs.jobs set state = 'failed', finished_at = now(), failed_reason = 'lease lapsed'
                    where name = 'process-refund'
                    """),
            ])
            try await stage.payments.resumeRefunds()
            #expect(try await jobs() == 0, "one that has just begun is left alone")
            stage.server.clock.advance(by: .minutes(6))
            try await stage.payments.resumeRefunds()
            try await stage.payments.resumeRefunds()
            #expect(try await jobs() == 1)
            try await stage.payments.process(refund)
            #expect(try await stage.payment(id).state.status == .refunded)
            try await stage.server.database.execute(
                Command("update jobs.jobs set state = 'completed', finished_at = now() where name = 'process-refund' and finished_at is null"))
            stage.server.clock.advance(by: .minutes(6))
            try await stage.payments.resumeRefunds()
            #expect(try await jobs() == 0)
        }
    }

    /// The provider pays and its answer is lost, at the last attempt too: what is not known is not guessed, and nobody gets
    /// the money a second time.
    @Test func aRefundWithoutAnAnswerKeepsItsMoney() async throws {
        try await withPayments { stage in
            let (invoice, id) = try await paid(stage, 100_00)
            let refund = try #require(try await ask(stage, id, "30").data["id"]?.string.flatMap { ID<Refund>($0) })
            stage.world.line.fail(.refund, .afterIt)
            stage.world.line.fail(.findRefund, .beforeIt)
            try await stage.exhaust("process-refund")
            #expect(stage.world.line.count(.refund) == 1 && stage.world.line.count(.findRefund) > 1)
            #expect(try await stage.payments.refund(refund).state.status == .processing)
            #expect(try await ask(stage, id, "70.01").code == "refund_exceeds")
            #expect(try await stage.payment(id).state.refunded == 0, "the book waits for the answer")

            stage.world.line.mend()
            stage.server.clock.advance(by: .minutes(6))
            try await stage.payments.resumeRefunds()
            try await stage.exhaust("process-refund")
            #expect(try await stage.payments.refund(refund).state.status == .succeeded)
            #expect(try await stage.payment(id).state.refunded == 30_00)
            #expect(try await stage.status(invoice).balance == 30_00)
            #expect(try await stage.count("select refunded::int from payments.sandbox_orders") == 30_00)
        }
    }

    /// Asked for again ever more rarely; in the end staff ask.
    @Test func aRefundThatIsNeverAnsweredIsLeftToStaff() async throws {
        try await withPayments { stage in
            let (_, id) = try await paid(stage, 100_00)
            let refund = try #require(try await ask(stage, id, nil).data["id"]?.string.flatMap { ID<Refund>($0) })
            stage.world.line.fail(.refund, .beforeIt)
            stage.world.line.fail(.findRefund, .beforeIt)
            @Sendable func jobs() async throws -> Int {
                try await stage.count("select count(*) from jobs.jobs where name = 'process-refund'")
            }
            try await stage.exhaust("process-refund")
            for round in 0..<12 {
                stage.server.clock.advance(by: .minutes(5 << round) - .seconds(60))
                try await stage.payments.resumeRefunds()
                #expect(try await jobs() == 1 + min(round, RefundCheck.rounds), "not before its time")
                stage.server.clock.advance(by: .seconds(61))
                try await stage.payments.resumeRefunds()
                #expect(try await jobs() == 1 + min(round + 1, RefundCheck.rounds))
                try await stage.exhaust("process-refund")
            }
            #expect(try await stage.payments.refund(refund).state.status == .processing)
            stage.world.line.mend()
            let asked = try await stage.server.send("POST", "/api/v1/payments/refunds/\(refund)/retry", token: "office")
            #expect(asked.status == 200 && asked.data["status"] == "processing", "\(asked.text)")
            try await stage.exhaust("process-refund")
            #expect(try await stage.payment(id).state.status == .refunded)
            #expect(try await stage.server.send("POST", "/api/v1/payments/refunds/\(refund)/retry", token: "office").status == 409)
        }
    }

    @Test func moneyTakenByHandIsGivenBackByHand() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let answer = try await stage.record(invoice, "100")
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            #expect(try await ask(stage, id, nil).status == 201)
            try await stage.work()
            #expect(try await stage.status(invoice).paid == 0)
            #expect(try await stage.balance(.commissionDue(stage.world.company, .eur)) == 0)
            #expect(try await stage.balance(.collected(stage.world.company, .eur)) == 0)
        }
    }

    /// Online and by hand, partly given back, and one whose money found no use: the statement of the payee adds up.
    @Test func theBalanceAddsUpAfterRefunds() async throws {
        try await withPayments { stage in
            let owner = "ownerType=company&ownerId=\(stage.world.company.id!)&currency=EUR"
            @Sendable func balance() async throws -> [String: Int64] {
                let answer = try await stage.server.send("GET", "/api/v1/payments/ledger/balance?\(owner)", token: "office")
                return Dictionary(uniqueKeysWithValues: (answer.data.object ?? []).compactMap { name, value in
                    value.number?.minorUnits(of: .eur).map { (name, $0) }
                })
            }
            @Sendable func difference(_ sums: [String: Int64]) -> Int64 {
                func sum(_ names: String...) -> Int64 { names.reduce(0) { $0 + (sums[$1] ?? 0) } }
                return sum("received", "commissionsReturned") - sum("refunded", "commissions")
                    - sum("available", "paidOut", "collected", "refundsDue") + sum("commissionDue")
            }
            let (_, online) = try await paid(stage, 100_00)
            let byHand = try await stage.record(try await stage.invoice(200_00, period: "2026-06"), "200")
            let hand = try #require(byHand.data["id"]?.string.flatMap { ID<Payment>($0) })
            let late = try await stage.invoice(40_00, period: "2026-05")
            let (unused, page) = try await stage.checkout(late)
            #expect(try await stage.record(late, "40").status == 201)
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(unused)
            let before = try await balance()
            #expect(before["received"] == 380_00 && before["commissionsReturned"] == 0 && before["refundsDue"] == 40_00)
            #expect(before["collected"] == 240_00 && before["available"] == 95_00 && before["commissionDue"] == 12_00)
            #expect(difference(before) == 0, "\(before)")

            #expect(try await ask(stage, online, "30").status == 201)
            #expect(try await ask(stage, hand, "50").status == 201)
            try await stage.work()
            let after = try await balance()
            #expect(after["refunded"] == 120_00 && after["refundsDue"] == 0 && after["collected"] == 190_00)
            #expect(after["commissions"] == 17_00 && after["commissionsReturned"] == 4_00, "\(after)")
            #expect(difference(after) == 0, "\(after)")
        }
    }

    @Test func whatIsNotPaidIsNotRefunded() async throws {
        try await withPayments { stage in
            let (id, _) = try await stage.checkout(try await stage.invoice(100_00))
            #expect(try await ask(stage, id, nil).code == "payment_not_completed")
        }
    }
}
