import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments
@testable import UrgentServices

/// Paying into a balance (spec 3.3, scenarios 34 to 39).
@Suite struct RechargeTests {
    private let payer = Board.Person.e1

    @Test(arguments: [
        ("GET", "/balance"), ("POST", "/balance/recharge"), ("POST", "/balance/create-invoice"),
        ("GET", "/balance/payment/1/status"), ("GET", "/balance/transactions"),
    ])
    func guestsHaveNone(_ method: String, _ path: String) async throws {
        try await withBoard { board in
            let answer = try await board.send(method, path, ["amount": 100])
            #expect(answer.status == 401 && answer.json["code"] == "not_authenticated", "\(answer.text)")
        }
    }

    @Test func packagesArePublic() async throws {
        try await withBoard { board in
            let packages = try await board.get("/balance/packages").json.array ?? []
            #expect(packages.map { $0["amount"]?.int } == [100, 300, 1000, 3000])
            #expect(packages.map { $0["popular"]?.bool } == [false, true, false, false])
            #expect(packages.map { $0["stars"]?.int } == [67, 200, 667, 2000])
        }
    }

    /// Scenario 34.
    @Test func aRechargeIsAPaymentAndNoGift() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 100)
            let answer = try await board.post("/balance/recharge", as: payer, ["amount": 100])
            #expect(answer.status == 202, "\(answer.text)")
            #expect(answer.json["success"] == false && answer.json["status"] == "pending" && answer.json["new_balance"] == 100)
            #expect(answer.json["transaction_id"]?.isNull == true && answer.json["method"] == "telegram_stars")
            let link = try #require(board.neighbours.telegram.invoices.first?.link)
            #expect(answer.json["pay_url"]?.string == link && answer.json["mini_app_invoice_url"]?.string == link)
            #expect(try await board.get("/balance", as: payer).json == ["balance": 100])
        }
    }

    @Test(arguments: [
        #"{"amount":0}"#, #"{"amount":-5}"#, #"{"amount":100001}"#, #"{"amount":10.5}"#, #"{"amount":"100"}"#, "{}",
        #"{"amount":null}"#, #"{"amount":100,"method":"cash"}"#, #"{"amount":100,"method":1}"#, "[]", "{",
    ])
    func badAmountsAreRefused(_ body: String) async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            for path in ["recharge", "create-invoice"] {
                let answer = try await board.server.send(
                    "POST", "/api/balance/\(path)", token: Board.initData(payer), fields: ["Content-Type": "application/json"],
                    raw: Array(body.utf8))
                #expect(answer.status == 422 && answer.json["code"] == "validation_error", "\(answer.text)")
                #expect(answer.json["detail"]?.string?.isEmpty == false)
            }
            #expect(board.neighbours.telegram.invoices.isEmpty)
        }
    }

    /// Scenario 35: 100 roubles at 1.50 are 66.67 Stars.
    @Test func anInvoiceInStars() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 100)
            try await board.come(Board.Person.e2)
            let (id, answer, _) = try await board.invoice(100, by: payer)
            let asked = try #require(board.neighbours.telegram.invoices.first)
            #expect(answer.status == 200 && asked.stars == 67 && asked.parameters["currency"] == "XTR", "\(answer.text)")
            #expect(answer.json["pay_url"]?.string?.hasPrefix("https://t.me/") == true)
            #expect(answer.json["mini_app_invoice_url"] == answer.json["pay_url"] && answer.json["stars_amount"] == 67)
            let status = try await board.paymentStatus(id, of: payer)
            #expect(status.json == ["payment_id": .number("\(id)"), "status": "pending", "amount": 100, "new_balance": .null])
            #expect(try await board.paymentStatus(id, of: Board.Person.e2).json["code"] == "payment_not_found")
            #expect(try await board.paymentStatus(id + 1, of: payer).status == 404)
            #expect(try await board.get("/balance/payment/abc/status", as: payer).status == 422)
        }
    }

    /// Scenario 36.
    @Test func starsAreCreditedOnce() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 100)
            let telegram = board.neighbours.telegram
            let (id, _, payload) = try await board.invoice(100, by: payer)
            for (stars, isFine) in [(66, false), (67, true)] {
                #expect(try await board.hear(telegram.preCheckout(payload, stars: stars, user: Int64(payer))).status == 200)
                #expect(telegram.answers.last?["ok"]?.bool == isFine)
            }
            let update = telegram.pay(Board.token, payload, stars: 67, user: Int64(payer), at: .now)
            let wrong = try await board.hear(update, secret: "wrong-secret-0123456789-0123456789")
            #expect(wrong.status == 401 && wrong.json["code"] == "bad_signature")
            #expect(try await board.hear(update, secret: nil).status == 401)
            let statuses = try await race(6) { _ in try await board.hear(update).status }
            #expect(statuses == Array(repeating: 200, count: 6))
            try await board.work()
            let status = try await board.paymentStatus(id, of: payer)
            #expect(status.json["status"] == "paid" && status.json["new_balance"] == 200, "\(status.text)")
            #expect(try await board.balance(of: payer) == 200)
            try await board.checkInvariants()
        }
    }

    /// Scenario 38: only from YooKassa's addresses, and only what it says when it is asked.
    @Test func yooKassaIsAskedAndNotBelieved() async throws {
        let proxied = Policy(rateLimit: nil, trustedProxies: [Network("127.0.0.1")!])
        try await withBoard(policy: proxied) { board in
            try await board.come(payer, with: 0)
            let kassa = board.neighbours.yooKassa
            let (id, answer, _) = try await board.invoice(100, by: payer, method: "yookassa")
            #expect(answer.status == 200 && answer.json["mini_app_invoice_url"]?.isNull == true, "\(answer.text)")
            #expect(answer.json["pay_url"]?.string?.hasPrefix("https://yoomoney.test/") == true)
            #expect(answer.json["stars_amount"]?.isNull == true)
            let order = try #require(kassa.payments.first)
            func tell(_ order: String, from address: String) async throws -> TestAnswer {
                try await board.server.send(
                    "POST", "/api/balance/webhook/yookassa", fields: ["X-Forwarded-For": address],
                    raw: kassa.webhook("payment.succeeded", order))
            }
            #expect(try await tell(order, from: "203.0.113.7").status == 403)
            let unknown = try await tell("2419a771-000f-5000-9000-999", from: Neighbours.yooKassaAddress)
            #expect(unknown.status == 404 && unknown.json["code"] == "payment_not_found")
            #expect(try await tell(order, from: Neighbours.yooKassaAddress).json == ["ok": true])
            try await board.work()
            #expect(try await board.balance(of: payer) == 0, "still pending there")
            kassa.pay(order, income: "96.50")
            // The same event again: the first time nothing came of it.
            let event = kassa.webhook("payment.succeeded", order)
            for _ in 0..<3 {
                let told = try await board.server.send(
                    "POST", "/api/balance/webhook/yookassa", fields: ["X-Forwarded-For": Neighbours.yooKassaAddress], raw: event)
                #expect(told.status == 200)
            }
            try await board.work()
            #expect(try await board.balance(of: payer) == 100)
            #expect(try await board.paymentStatus(id, of: payer).json["status"] == "paid")
            try await board.checkInvariants()
        }
    }

    @Test(arguments: ["{", "[]", #"{"event":"payment.succeeded"}"#])
    func whatIsNoEventIsRefused(_ body: String) async throws {
        let proxied = Policy(rateLimit: nil, trustedProxies: [Network("127.0.0.1")!])
        try await withBoard(policy: proxied) { board in
            let answer = try await board.server.send(
                "POST", "/api/balance/webhook/yookassa", fields: ["X-Forwarded-For": Neighbours.yooKassaAddress],
                raw: Array(body.utf8))
            #expect(answer.status == 422, "\(answer.text)")
        }
    }

    /// Scenario 39; and what comes later still counts.
    @Test func anInvoiceLivesHalfAnHour() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            let (id, _, payload) = try await board.invoice(300, by: payer)
            board.server.clock.advance(by: .seconds(1801))
            try await board.checkPayments()
            #expect(try await board.paymentStatus(id, of: payer).json["status"] == "expired")
            let telegram = board.neighbours.telegram
            try await board.hear(telegram.preCheckout(payload, stars: 200, user: Int64(payer)))
            #expect(telegram.answers.last?["ok"]?.bool == false)
            try await board.hear(telegram.pay(Board.token, payload, stars: 200, user: Int64(payer), at: .now))
            try await board.work()
            #expect(try await board.paymentStatus(id, of: payer).json["new_balance"] == 300)
        }
    }

    /// What Telegram gives back by itself leaves the balance, down to nothing, once; what it only says leaves nothing.
    @Test(arguments: [(0, 0), (60, 0), (150, 50)])
    func whatIsGivenBackOutsideIsTaken(_ had: Int, _ left: Int) async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            let telegram = board.neighbours.telegram
            let (id, _, payload) = try await board.invoice(100, by: payer)
            try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(payer)))
            try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(payer), at: .now))
            try await board.work()
            try await board.setBalance(of: payer, to: had)
            let lie = try #require(telegram.tellOfRefund(Board.token, payload, isDone: false, at: .now))
            try await board.hear(lie)
            try await board.work()
            #expect(try await board.balance(of: payer) == had)
            let told = try #require(telegram.tellOfRefund(Board.token, payload, isDone: true, at: .now))
            for _ in 0..<2 { try await board.hear(told) }
            try await board.work()
            #expect(try await board.balance(of: payer) == left)
            #expect(try await board.paymentStatus(id, of: payer).json["status"] == "paid")
            let rows = try await board.get("/balance/transactions?type=payment_refund", as: payer).json
            #expect(rows["total"]?.int == (had > 0 ? 1 : 0), "\(rows)")
            #expect(rows["transactions"]?.array?.first?["payment_id"]?.int == (had > 0 ? id : nil))
            #expect(
                try await board.count("select count(*) from identity.audit_logs where action = 'payment_given_back_outside'") == 1)
            try await board.checkInvariants()
        }
    }

    // MARK: Repetitions

    @Test func aKeyIsOneInvoice() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            let ids = try await race(5) { _ in try await board.invoice(100, by: payer, key: "key-1").id }
            #expect(Set(ids).count == 1 && ids[0] > 0)
            #expect(try await board.count("select count(*) from payments.payments") == 1)
            let again = try await board.invoice(100, by: payer, key: "key-1").answer
            #expect(again.json["pay_url"]?.string == board.neighbours.telegram.invoices.last?.link)
            for (amount, method) in [(200, "telegram_stars"), (100, "yookassa")] {
                let other = try await board.invoice(amount, by: payer, method: method, key: "key-1").answer
                #expect(other.status == 409 && other.json["code"] == "idempotency_conflict")
            }
            try await board.come(Board.Person.e2, with: 0)
            #expect(try await board.invoice(100, by: Board.Person.e2, key: "key-1").id != ids[0], "keys are one's own")
            let bad = try await board.invoice(100, by: payer, key: "no such key!").answer
            #expect(bad.status == 422 && bad.json["code"] == "validation_error")
            #expect(bad.json["errors"]?[0]?["loc"] == ["header", "Idempotency-Key"], "\(bad.text)")
        }
    }

    @Test func whatFailedIsTriedAgainUnderItsKey() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            board.neighbours.telegram.refuse("createInvoiceLink", 502, "Bad Gateway")
            let failed = try await board.invoice(100, by: payer, key: "k").answer
            #expect(failed.status == 502 && failed.json["code"] == "payment_provider_error", "\(failed.text)")
            board.neighbours.telegram.refuse("createInvoiceLink", 0, nil)
            let made = try await board.invoice(100, by: payer, key: "k")
            #expect(made.answer.status == 200 && made.id > 0, "\(made.answer.text)")
            #expect(try await board.count("select count(*) from urgent.payment_invoices") == 1)
        }
    }

    @Test func whatTelegramRefusesHasFailed() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            board.neighbours.telegram.refuse("createInvoiceLink", 400, "Bad Request: STARS_INVOICE_INVALID")
            for _ in 0..<2 {
                let answer = try await board.invoice(100, by: payer, key: "k").answer
                #expect(answer.status == 502 && answer.json["code"] == "payment_provider_error", "\(answer.text)")
            }
            let id = try await board.database.one(Statement<Int>("select max(id) from urgent.payment_invoices"))
            #expect(try await board.paymentStatus(id, of: payer).json["status"] == "expired")
        }
    }

    // MARK: Who may not

    @Test func notOfferedIsSaid() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            let answer = try await board.invoice(100, by: payer, method: "crypto_bot").answer
            #expect(answer.status == 503 && answer.json["code"] == "payment_not_configured")
        }
    }

    @Test func theBlockedPayNothing() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            try await board.database.execute(Command("update urgent.users set blocked_at = now() where id = \(payer)"))
            for path in ["recharge", "create-invoice"] {
                let answer = try await board.post("/balance/\(path)", as: payer, ["amount": 100])
                #expect(answer.status == 403 && answer.json["code"] == "user_blocked")
            }
            #expect(try await board.get("/balance", as: payer).status == 200)
        }
    }

    /// By the platform's own route nobody pays for an invoice, and by none for another's.
    @Test func anInvoiceIsItsOwners() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 0)
            _ = try await board.invoice(100, by: payer)
            let payment = try await board.database.one(Statement<UUID>("select payment_id from urgent.payment_invoices"))
            let purpose = try #require(board.neighbours.payments.payments.purposes[RechargePurpose.name])
            let owner = try await board.account(of: payer)
            #expect(!purpose.isForPayers)
            for (user, code) in [(owner, nil), (UUID.v7(), "not_found")] {
                do {
                    let caller = Caller(
                        principal: Principal(
                            kind: .user, userID: user, name: "a", grants: [], sessionID: nil, expiresAt: .distantFuture))
                    _ = try await purpose.quote(
                        payment, PaymentWish(amount: nil, currency: nil, proof: nil, usesBonus: false), by: caller)
                    #expect(code == nil, "quoted")
                } catch { #expect(ProblemReport.problem(for: error).code == code) }
            }
        }
    }

    // MARK: For developers

    @Test func whereMoneyIsFreeItIsThereAtOnce() async throws {
        var options = UrgentDoors.Options()
        options.recharges.isFree = true
        try await withBoard(options: options) { board in
            try await board.come(payer, with: 100)
            let answer = try await board.post("/balance/recharge", as: payer, ["amount": 100])
            #expect(answer.status == 200 && answer.json["success"] == true && answer.json["new_balance"] == 200, "\(answer.text)")
            let movements = try await board.get("/balance/transactions", as: payer).json
            let first = movements["transactions"]?.array?.first
            #expect(first?["id"] == answer.json["transaction_id"] && first?["payment_method"] == "dev")
            let key = ["Idempotency-Key": "once"]
            let twice = try await race(2) { _ in
                try await board.send("POST", "/balance/recharge", as: payer, ["amount": 50], fields: key).json["transaction_id"]?.int
            }
            #expect(twice[0] != nil && twice[0] == twice[1])
            #expect(try await board.balance(of: payer) == 250)
            let other = try await board.send("POST", "/balance/recharge", as: payer, ["amount": 51], fields: key)
            #expect(other.status == 409)
            try await board.checkInvariants()
        }
    }

    @Test func inProductionMoneyIsNotFree() throws {
        let rows = GeneralSettings.rows + UrgentSettings.rows
        #expect {
            _ = try Settings(rows: rows, environment: ["ENVIRONMENT": "production", "DEV_RECHARGE": "true"])
        } throws: { ($0 as? SettingsError)?.problems.map(\.name).contains("DEV_RECHARGE") == true }
        _ = try Settings(rows: rows, environment: ["ENVIRONMENT": "development", "DEV_RECHARGE": "true"])
    }

    // MARK: The list

    @Test func movementsAreListed() async throws {
        try await withBoard { board in
            try await board.come(payer, with: 100)
            let order = try await board.newOrder()
            #expect(try await board.take(order, by: payer).status == 200)
            #expect(try await board.post("/orders/\(order)/close", as: Board.Person.customer).status == 204)
            let all = try await board.get("/balance/transactions", as: payer).json
            let rows = all["transactions"]?.array ?? []
            #expect(all["total"] == 3 && rows.map { $0["type"]?.string } == ["refund", "order_take", "recharge"], "\(all)")
            #expect(rows.map { $0["amount"]?.int } == [2, -2, 100] && rows.map { $0["balance_after"]?.int } == [100, 98, 100])
            #expect(rows.prefix(2).allSatisfy { $0["order_id"]?.string == order && $0["payment_method"]?.isNull == true })
            let takes = try await board.get("/balance/transactions?type=order_take&limit=1", as: payer).json
            #expect(takes["total"] == 1 && takes["transactions"]?.array?.count == 1)
            let behind = try await board.get("/balance/transactions?offset=10", as: payer).json
            #expect(behind["total"] == 3 && behind["transactions"]?.array?.isEmpty == true)
            for query in ["type=gift", "limit=0", "limit=101", "offset=-1", "limit=x"] {
                #expect(try await board.get("/balance/transactions?\(query)", as: payer).status == 422, "\(query)")
            }
        }
    }
}
