import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct PaymentFlowTests {
    @Test func fromTheInvoiceToTheReceipt() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            let shown = try await stage.server.send("GET", page)
            #expect(shown.status == 200)
            #expect(shown.text.contains("100.00 EUR"))
            #expect(shown.field("content-security-policy")?.hasPrefix("default-src 'none'; style-src 'sha256-") == true)
            #expect(try await stage.choose("succeed", on: page).status == 200)
            #expect(try await stage.payment(id).state.status == .pending, "the page grants nothing")
            #expect(try await stage.deliver() == [200])
            #expect(try await stage.payment(id).state.status == .pending, "the webhook grants nothing")
            try await stage.work()
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded)
            #expect(payment.commission == 5_00)
            #expect(payment.receiptNumber?.hasSuffix("-000001") == true)
            #expect(try await stage.status(invoice).status == .paid)
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 95_00)
            #expect(try await stage.balance(.commission(.eur)) == 5_00)
            #expect(try await stage.balance(.clearing("sandbox", .eur)) == -100_00)
            let answer = try await stage.server.send("GET", "/api/v1/invoices/\(invoice)", token: "flatmate")
            #expect(answer.data["payments"]?.array?.first?["receiptNumber"]?.string == payment.receiptNumber)
            let list = try await stage.server.send("GET", "/api/v1/invoices/\(invoice)/payments", token: "flatmate")
            #expect(list.data.array?.count == 1)
        }
    }

    /// 0-platform, scenario 20.
    @Test func theWebhookThriceAndVerifyAtOnceBookOnce() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            _ = try await stage.choose("succeed", on: page)
            let statuses = try await race(6) { index in
                if index < 3 { return try await stage.deliver() }
                if index < 5 {
                    return [
                        try await stage.server.send(
                            "POST", "/api/v1/payments/verify", token: "resident", body: ["paymentId": .string("\(id)")]
                        ).status
                    ]
                }
                try await stage.payments.settle(id)
                return [200]
            }
            #expect(statuses.joined().allSatisfy { $0 == 200 })
            try await stage.work()
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 1)
            #expect(try await stage.count("select count(*) from payments.transactions") == 1)
            #expect(try await stage.count("select count(*) from invoices.allocations") == 1)
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payment.succeeded'") == 1)
        }
    }

    @Test func forgedAndStaleWebhooksStoreNothing() async throws {
        try await withPayments { stage in
            let body = SandboxEvent(id: "evt_1", type: "order.paid", order: "x").jsonBytes
            let now = stage.server.clock.clock.now()
            let good = StripeSignature(secret: "s3cret")
            for signature in [
                "", "t=1,v1=00", StripeSignature(secret: "other").sign(body, at: now),
                good.sign(body, at: now - .seconds(301)), good.sign(body + [32], at: now),
            ] {
                let answer = try await stage.server.send(
                    "POST", "/api/v1/payments/webhook/sandbox", fields: ["Sandbox-Signature": signature], raw: body)
                #expect(answer.status == 401)
                #expect(answer.code == "signature_invalid")
            }
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 0)
        }
    }

    @Test(arguments: [("fail", PaymentStatus.failed), ("cancel", .cancelled), ("wrong_amount", .failed)])
    func theOtherOutcomes(_ outcome: String, _ status: PaymentStatus) async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            _ = try await stage.choose(outcome, on: page)
            _ = try await stage.deliver()
            try await stage.work()
            let payment = try await stage.payment(id)
            #expect(payment.state.status == status)
            if outcome == "wrong_amount" { #expect(payment.state.failure?.code == "amount_mismatch") }
            #expect(try await stage.status(invoice).paid == 0)
            #expect(try await stage.count("select count(*) from payments.transactions") == 0)
            let verified = try await stage.server.send(
                "POST", "/api/v1/payments/verify", token: "resident", body: ["paymentId": .string("\(id)")])
            #expect(verified.code == "payment_not_completed")
            #expect(try await stage.order(invoice).status == 201, "a new one may be begun")
        }
    }

    /// However often somebody asks, staff and listeners hear of it once.
    @Test func aWrongAmountIsToldOnce() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            _ = try await stage.choose("wrong_amount", on: page)
            for _ in 1...3 { try await stage.payments.settle(id) }
            #expect(try await stage.payment(id).state.failure?.code == "amount_mismatch")
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payment.failed'") == 1)
        }
    }

    /// 0.01 to 999 999.99, by hand and online; what is larger is paid in parts.
    @Test func onePaymentHasABound() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(2_500_000_00)
            let byHand = try await stage.record(invoice, "1000000")
            #expect(byHand.status == 422 && byHand.refusedFields == ["amount"], "\(byHand.text)")
            try await stage.hand(invoice, "999999.99", status: 201)
            let online = try await stage.order(invoice, amount: "1000000")
            #expect(online.status == 422 && online.refusedFields == ["amount"], "\(online.text)")
            let most = try await stage.order(invoice)
            #expect(most.status == 201 && most.text.contains("\"amount\":999999.99"), "\(most.text)")
        }
    }

    @Test func aReferenceIsFoundByItsIndex() async throws {
        try await withPayments { stage in
            let (id, _) = try await stage.checkout(try await stage.invoice(100_00))
            let reference = try await stage.payment(id).reference
            let found = try await stage.server.send("GET", "/api/v1/payments?q=\(reference.lowercased())", token: "office")
            #expect(found.data.array?.count == 1)
            let plan = try await stage.server.database.transaction { _ in
                try await stage.server.database.execute(Command("set local enable_seqscan = off"))
                return try await stage.server.database.all(
                    Statement<String>("explain \(PaymentQueries.payment(reference: reference).sql)"))
            }
            #expect(plan.contains { $0.contains("Index Cond: (reference =") }, "\(plan)")
        }
    }

    /// However much there is, a page of everything is read from an index in its order.
    @Test(arguments: [true, false]) func aListOverEverythingIsNotSorted(_ isDescending: Bool) async throws {
        try await withPayments { stage in
            let database = stage.server.database
            let sight = PaymentSight(staff: [], payer: .zero, isEverything: true)
            let filter = PaymentFilter(
                scopeID: nil, product: nil, purpose: nil, purposeID: nil, status: nil, method: nil, provider: nil,
                payerID: nil, from: nil, to: nil, q: nil)
            let page = PaymentQueries.page(
                PaymentSelection(sight: sight, filter: filter), PageRequest(sort: "createdAt", isDescending: isDescending))
            let plan = try await database.transaction { _ in
                try await database.execute(Command("set local enable_sort = off"))
                return try await database.all(Statement<String>("explain \(page.sql)"))
            }
            #expect(plan.contains { $0.contains("payments_created") }, "\(plan)")
        }
    }

    /// Each open payment is asked about by a job of its own, once a round, and a job that comes late asks nothing.
    @Test func everyOpenOneIsAskedAboutByItself() async throws {
        try await withPayments { stage in
            let ids = [
                try await stage.checkout(try await stage.invoice(100_00)).id,
                try await stage.checkout(try await stage.invoice(50_00, period: "2026-08")).id,
            ]
            try await stage.payments.checkAll()
            let waiting: SQL = "select count(*) from jobs.jobs where name = 'verify-payment-status' and finished_at is null"
            #expect(try await stage.count(waiting) == 0, "not yet")
            stage.server.clock.advance(by: .seconds(31))
            for _ in 0..<3 { try await stage.payments.checkAll() }
            #expect(try await stage.count(waiting) == 2)
            try await stage.exhaust("verify-payment-status")
            let checks: SQL = "select sum(checks) from payments.attempts"
            #expect(try await stage.count(checks) == 2)
            for id in ids { try await stage.payments.check(PaymentCheckJob(paymentID: id, check: 0)) }
            #expect(try await stage.count(checks) == 2, "a late one asks nothing")
            stage.server.clock.advance(by: .days(2))
            try await stage.payments.checkAll()
            try await stage.exhaust("verify-payment-status")
            for id in ids { #expect(try await stage.payment(id).state.status == .expired) }
            try await stage.payments.checkAll()
            #expect(try await stage.count(waiting) == 0)
        }
    }

    @Test func aStalledOneExpiresAndALateSuccessCounts() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            #expect(try await stage.choose("stall", on: page).text.contains("role=\"status\""))
            try await stage.payments.check()
            #expect(try await stage.payment(id).state.status == .pending)
            stage.server.clock.advance(by: .days(2))
            try await stage.payments.check()
            #expect(try await stage.payment(id).state.status == .expired)
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded)
            #expect(payment.state.isLate)
            #expect(try await stage.status(invoice).status == .paid)
        }
    }

    /// The rest over the other open invoices, oldest due first, then back to the payer.
    @Test func moneyThatNoLongerFitsIsSharedOutAndGivenBack() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            _ = try await stage.choose("succeed", on: page)
            let second = try await stage.invoice(20_00, period: "2026-05")
            let third = try await stage.invoice(10_00, period: "2026-04")
            try await stage.hand(invoice, "60.00", status: 201)
            try await stage.payments.settle(id)
            for paid in [invoice, second, third] { #expect(try await stage.status(paid).status == .paid) }
            #expect(try await stage.balance(.refundsDue(.eur)) == 30_00)
            // 5 % of the 70.00 that were used; the 60.00 by hand are the company's already and only owe their share.
            #expect(try await stage.balance(.payable(stage.world.company, .eur)) == 66_50)
            #expect(try await stage.balance(.commissionDue(stage.world.company, .eur)) == -3_00)
            try await stage.work()
            #expect(try await stage.balance(.refundsDue(.eur)) == 0)
            #expect(try await stage.balance(.clearing("sandbox", .eur)) == -70_00)
            #expect(try await stage.payment(id).state.status == .partiallyRefunded)
        }
    }

    @Test func aBalanceIsPaidOldestFirst() async throws {
        try await withPayments { stage in
            let late = try await stage.invoice(30_00, period: "2026-05", due: Day(year: 2026, month: 6, day: 14))
            let next = try await stage.invoice(50_00, period: "2026-06", due: Day(year: 2027, month: 6, day: 14))
            let unit = stage.world.unit.id!
            func pay(_ amount: String?, _ token: String) async throws -> TestAnswer {
                var members: [(name: String, value: JSONValue)] = [
                    ("purpose", "balance"), ("purposeId", .string("\(unit)")),
                ]
                if let amount { members.append(("amount", .number(amount))) }
                return try await stage.server.send(
                    "POST", "/api/v1/payments/create", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
                    body: .object(members))
            }
            #expect(try await pay(nil, "neighbour").status == 404)
            #expect(try await pay("80.01", "resident").code == "amount_exceeds_balance")
            let begun = try await pay("45", "resident")
            let id = try #require(begun.data["id"]?.string.flatMap { ID<Payment>($0) })
            let url = try #require(begun.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            try await stage.payments.settle(id)
            #expect(try await stage.status(late).status == .paid)
            #expect(try await stage.status(next).paid == 15_00)
            try await stage.hand(next, "35", status: 201)
            #expect(try await pay(nil, "resident").code == "already_paid")
        }
    }

    @Test func aCancelledInvoiceGivesEverythingBack() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            try await stage.payments.invoices.cancel(invoice, reason: "wrong")
            _ = try await stage.choose("succeed", on: page)
            try await stage.payments.settle(id)
            try await stage.work()
            #expect(try await stage.payment(id).state.status == .refunded)
            #expect(try await stage.balance(.clearing("sandbox", .eur)) == 0)
            #expect(try await stage.balance(.commission(.eur)) == 0)
        }
    }

    @Test func thePayerGivesUp() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, page) = try await stage.checkout(invoice)
            let path = "/api/v1/payments/\(id)/cancel"
            #expect(try await stage.server.send("POST", path, token: "flatmate").status == 404)
            #expect(try await stage.server.send("POST", path, token: "resident").data["status"] == "cancelled")
            #expect(try await stage.choose("succeed", on: page).code == "already_decided")
            #expect(try await stage.server.send("POST", path, token: "resident").code == "invalid_state")
        }
    }

    @Test func whatStaffGiveUpIsWrittenDown() async throws {
        try await withPayments { stage in
            let (id, _) = try await stage.checkout(try await stage.invoice(100_00))
            let path = "/api/v1/payments/\(id)/cancel"
            #expect(try await stage.server.send("POST", path, token: "office").data["status"] == "cancelled")
            #expect(
                try await stage.count(
                    """
                    select count(*) from identity.audit_logs where action = 'payment_cancelled'
                      and object_id = \(id.description) and new_values ->> 'status' = 'cancelled'
                    """) == 1)
            let (own, _) = try await stage.checkout(try await stage.invoice(100_00, period: "2026-06"))
            #expect(try await stage.server.send("POST", "/api/v1/payments/\(own)/cancel", token: "resident").status == 200)
            #expect(try await stage.count("select count(*) from identity.audit_logs where action = 'payment_cancelled'") == 1)
        }
    }

    /// As in production.
    @Test func withoutASandboxNothingOfItExists() async throws {
        try await withPayments { stage in
            let bare = PaymentsModule(
                stage.payments, payouts: stage.module.payouts, returns: ReturnAddresses(standard: "http://app.test/", hosts: []))
            #expect(stage.module.operations.filter { $0.id.contains("Sandbox") }.count == 3)
            #expect(bare.operations.filter { $0.id.contains("Sandbox") }.isEmpty)
            // Nor does anybody write letters there.
            #expect(bare.jobs.count == stage.module.jobs.count - 1 - (stage.module.letters?.jobs.count ?? 0))
        }
    }

    @Test func theWayBackChangesNothing() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            let payment = try await stage.payment(id)
            let back = try await stage.server.send("GET", "/api/v1/payments/return/\(payment.reference)?status=success")
            #expect(back.status == 302)
            #expect(back.field("location") == "http://app.test/back")
            #expect(try await stage.payment(id).state.status == .pending)
            #expect(try await stage.server.send("GET", "/api/v1/payments/return/ORD_NOTHING").status == 404)
            // Only the provider's own word does, which a job asks for; once, however often the payer comes.
            _ = try await stage.choose("succeed", on: page)
            #expect(try await stage.server.send("GET", "/api/v1/payments/return/\(payment.reference)").status == 302)
            let jobs: SQL = "select count(*) from jobs.jobs where name = 'process-payment' and data->>'paymentId' = \(id.description)"
            #expect(try await stage.count(jobs) == 1)
            try await stage.exhaust("process-payment")
            #expect(try await stage.payment(id).state.status == .succeeded)
        }
    }
}

extension PaymentStage {
    func hand(_ invoice: ID<Invoice>, _ amount: String, status: Int, token: String = "office") async throws {
        let answer = try await record(invoice, amount, token: token)
        #expect(answer.status == status)
    }

    func record(_ invoice: ID<Invoice>, _ amount: String, token: String = "office") async throws -> TestAnswer {
        try await server.send(
            "POST", "/api/v1/invoices/\(invoice)/payments", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: ["amount": .number(amount), "method": "cash"])
    }
}
