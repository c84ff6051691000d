import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments
@testable import Realtime

/// What a guest can pay for, by a word that he was given; its time is that of any payment.
struct RaffleTicket: PaymentPurpose {
    let payee: Scope
    let name = "raffle"
    let takesGuests = true
    let takesBonus = true

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard caller.userID != nil || wish.proof == "word of \(object)" else { throw HouseProblem.notFound.problem }
        return PaymentQuote(
            product: "condominiums", amount: Money(minor: wish.usesBonus ? 5_00 : 7_50, currency: wish.currency ?? .eur), scope: payee, payee: payee,
            lockKey: "raffle:\(object)", description: "Ticket",
            guest: caller.userID == nil ? GuestPayer(name: "Gast", email: "gast@example.test", phone: "+919000000009") : nil,
            metadata: ["seat": "A1"])
    }

    func settle(_ payment: Payment) async throws -> Int64 { payment.received.minor }

    func takeBack(_ money: Money, of payment: Payment) async throws {}
}

@Suite struct GuestTests {
    private func pay(
        _ object: UUID, _ stage: PaymentStage, _ more: [(name: String, value: JSONValue)], as token: String? = nil,
        key: String = "\(UUID.v7())"
    ) async throws -> TestAnswer {
        try await stage.server.send(
            "POST", "/api/v1/payments/create", token: token, fields: ["Idempotency-Key": key],
            body: .object([("purpose", "raffle"), ("purposeId", .string("\(object)"))] + more))
    }

    @Test func aGuestPaysByHisProof() async throws {
        try await withPayments { stage in
            let object = UUID.v7()
            let proof: [(name: String, value: JSONValue)] = [("proof", .string("word of \(object)"))]
            let answer = try await pay(object, stage, proof, key: "guest")
            #expect(answer.status == 201 && answer.data["payerId"]?.isNull == true, "\(answer.text)")
            #expect(answer.data["payer"]?["email"]?.string == "gast@example.test")
            let again = try await pay(object, stage, proof, key: "guest")
            #expect(again.text == answer.text && again.field("idempotency-replayed") == "true")
            #expect(try await pay(object, stage, proof).status == 200, "his open payment")
            let url = try #require(answer.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            try await stage.payments.settle(id)
            #expect(try await stage.payment(id).state.status == .succeeded)
            #expect(try await stage.server.send("GET", "/api/v1/payments/\(id)").status == 401, "a guest reads nothing")
            #expect(try await stage.server.send("GET", "/api/v1/payments/\(id)", token: "resident").status == 404)
            let shown = try await stage.server.send("GET", "/api/v1/payments/\(id)", token: "office")
            #expect(shown.data["payer"]?["name"]?.string == "Gast", "\(shown.text)")
        }
    }

    /// Nobody, nothing proved, another's proof; what takes no guests; what is kept for people with an account.
    @Test func whatAGuestMayNot() async throws {
        try await withPayments { stage in
            let object = UUID.v7()
            #expect(try await pay(object, stage, []).status == 401)
            #expect(try await pay(object, stage, [("proof", "guessed")]).status == 404)
            #expect(try await pay(object, stage, [("proof", .string("word of \(UUID.v7())"))]).status == 404)
            let word = JSONValue.string("word of \(object)")
            let saving = try await pay(object, stage, [("proof", word), ("saveMethod", true)])
            #expect(saving.status == 422 && saving.text.contains("saveMethod"), "\(saving.text)")
            let invoice = try await stage.invoice(100_00)
            let other = try await stage.server.send(
                "POST", "/api/v1/payments/create", fields: ["Idempotency-Key": "x"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "proof": "guessed"])
            #expect(other.status == 404, "\(other.text)")
            let bare = try await stage.server.send(
                "POST", "/api/v1/payments/create", fields: ["Idempotency-Key": "y"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)")])
            #expect(bare.status == 401, "\(bare.text)")
            #expect(try await stage.count("select count(*) from payments.payments") == 0)
        }
    }

    /// Cashfree asks for a telephone number: that of the guest will do.
    @Test func whoPaysSaysThePurpose() async throws {
        try await withHouses { stage, houses in
            let object = UUID.v7()
            let answer = try await pay(
                object, stage, [("proof", .string("word of \(object)")), ("currency", "INR"), ("provider", "cashfree")])
            #expect(answer.status == 201, "\(answer.text)")
            let sent = try #require(houses.cashfree.service.seen.first { $0.path.hasSuffix("/orders") })
            #expect(sent.json["customer_details"]?["customer_phone"]?.string == "+919000000009")
        }
    }

    /// PAYMENT_TTL_MINUTES: ended once, by whoever notices, and what still comes is late.
    @Test func whatIsNotPaidInItsTimeEndsOnce() async throws {
        try await withPayments { stage in
            let object = UUID.v7()
            let answer = try await pay(object, stage, [], as: "resident")
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }, "\(answer.text)")
            let payment = try await stage.payment(id)
            #expect(payment.expiresAt - payment.createdAt > .minutes(14) && payment.expiresAt - payment.createdAt <= .minutes(15))
            stage.server.clock.advance(by: .minutes(16))
            _ = try await race(4) { _ in try await stage.payments.check() }
            #expect(try await stage.payment(id).state.status == .expired)
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payment.expired'") == 1)
            let next = try await pay(object, stage, [], as: "resident")
            #expect(next.status == 201, "\(next.text)")
            let url = try #require(answer.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            #expect(try await race(4) { _ in try await stage.deliver() }.allSatisfy { $0 == [200] })
            try await stage.work()
            let late = try await stage.payment(id)
            #expect(late.state.status == .succeeded && late.state.isLate)
            #expect(try await stage.count("select count(*) from payments.transactions where kind = 'payment'") == 1)
        }
    }

    /// A balance is paid in parts: as much as one likes, of which invoices the payment says, the oldest first.
    @Test func aBalanceIsPaidInParts() async throws {
        try await withPayments { stage in
            let old = try await stage.invoice(30_00, period: "2026-05", due: Day(year: 2026, month: 5, day: 20))
            let new = try await stage.invoice(50_00, period: "2026-06", due: Day(year: 2026, month: 6, day: 20))
            let unit = try #require(stage.world.unit.id)
            func part(_ amount: String) async throws -> TestAnswer {
                try await stage.server.send(
                    "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"],
                    body: ["purpose": "balance", "purposeId": .string("\(unit)"), "amount": .number(amount)])
            }
            #expect(try await part("80.01").code == "amount_exceeds_balance")
            let first = try await part("45.00")
            let parts = first.data["parts"]?.array ?? []
            #expect(parts.map { $0["object"]?.string } == ["\(old)", "\(new)"], "\(first.text)")
            #expect(parts.map { $0["amount"] } == [.number("30.00"), .number("15.00")])
            let url = try #require(first.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            try await stage.payments.settle(try #require(first.data["id"]?.string.flatMap { ID<Payment>($0) }))
            #expect(try await stage.status(old).status == .paid)
            #expect(try await stage.status(new).paid == 15_00)
            let rest = try await part("35.00")
            #expect(rest.data["parts"]?.array?.count == 1 && rest.data["amount"] == .number("35.00"), "\(rest.text)")
        }
    }

    // MARK: Invoices

    /// Read, printed and paid by whoever has the order's word, and by nobody who has another.
    @Test func aGuestReadsAndPaysWhatHeWasInvoicedFor() async throws {
        try await withPayments { stage in
            var draft = stage.world.draft(20_00, period: "2026-07")
            draft.kind = "order"
            let invoice = try #require(try await stage.payments.invoices.createIssued(draft)).id
            let path = "/api/v1/invoices/\(invoice)"
            let word = "word%20of%20\(invoice)"
            for place in [path, path + "/pdf"] {
                #expect(try await stage.server.send("GET", place).status == 401)
                #expect(try await stage.server.send("GET", place + "?proof=guessed").status == 404)
                #expect(try await stage.server.send("GET", place + "?proof=guessed", token: "neighbour").status == 404)
                #expect(try await stage.server.send("GET", place + "?prove=x").status == 422)
                let shown = try await stage.server.send("GET", place + "?proof=" + word)
                #expect(shown.status == 200, "\(shown.text)")
            }
            let other = try await stage.invoice(30_00, period: "2026-08")
            #expect(try await stage.server.send("GET", "/api/v1/invoices/\(other)?proof=" + word).status == 404, "of a kind for residents")
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/create", fields: ["Idempotency-Key": "g"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "proof": .string("word of \(invoice)")])
            #expect(answer.status == 201 && answer.data["payer"]?["name"] == "Gast" && answer.data["payerId"]?.isNull == true, "\(answer.text)")
            let url = try #require(answer.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            try await stage.payments.settle(try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }))
            let paid = try await stage.server.send("GET", path + "?proof=" + word)
            #expect(paid.data["status"] == "paid")
            let again = try await stage.server.send(
                "POST", "/api/v1/payments/create", fields: ["Idempotency-Key": "h"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "proof": .string("word of \(invoice)")])
            #expect(again.status == 409 && again.code == "already_paid")
        }
    }

    // MARK: Wishes

    @Test func factsOfAPurposeStandWithItsPayment() async throws {
        try await withPayments { stage in
            let object = UUID.v7()
            let answer = try await pay(object, stage, [], as: "resident")
            #expect(answer.status == 201 && answer.data["metadata"] == ["seat": "A1"], "\(answer.text)")
            // They are the purpose's: nobody names them.
            let named = try await pay(UUID.v7(), stage, [("metadata", ["seat": "B2"])], as: "resident")
            #expect(named.status == 422 && named.refusedFields == ["metadata"])
            let invoice = try await stage.invoice(10_00)
            let plain = try await stage.order(invoice)
            #expect(plain.data["metadata"] == [:])
        }
    }

    @Test func bonusesAreUsedWhereThePurposeTakesThem() async throws {
        try await withPayments { stage in
            let used = try await pay(UUID.v7(), stage, [("useBonus", true)], as: "resident")
            #expect(used.status == 201 && used.data["amount"] == 5, "\(used.text)")
            let kept = try await pay(UUID.v7(), stage, [("useBonus", false)], as: "resident")
            #expect(kept.status == 201 && kept.data["amount"] == .number("7.5"), "\(kept.text)")
            let invoice = try await stage.invoice(10_00)
            let refused = try await stage.server.send(
                "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "b"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "useBonus": true])
            #expect(refused.status == 422 && refused.refusedFields == ["useBonus"])
        }
    }

    @Test(arguments: [
        ("shop://paid?x=1", true), ("SHOP://paid", true), ("http://app.test/back", true), ("other://paid", false),
        ("javascript://app.test/%0aalert(1)", false), ("shop:paid", false), ("shop", false), ("http://evil.test/", false),
        ("shop://a b", false), ("https://shop://x", false), ("://x", false),
    ]) func payersAreSentToAllowedPlacesOnly(_ address: String, _ isAllowed: Bool) throws {
        let places = ReturnAddresses(standard: "http://app.test/", hosts: [], more: { ["shop://", "javascript://"] })
        if isAllowed { try places.check(address) } else {
            #expect(throws: InvalidInput.self) { try places.check(address) }
        }
    }

    @Test func anApplicationIsOpenedAfterwards() async throws {
        try await withPayments { stage in
            let answer = try await pay(UUID.v7(), stage, [("returnUrl", "shop://paid")], as: "resident")
            let reference = try #require(answer.data["reference"]?.string, "\(answer.text)")
            let back = try await stage.server.send("GET", "/api/v1/payments/return/\(reference)")
            #expect(back.status == 302 && back.field("location")?.hasPrefix("shop://paid") == true, "\(back.fields)")
        }
    }

    @Test(arguments: [["RETURN_HOSTS": "javascript://"], ["RETURN_HOSTS": "shop:/"], ["RETURN_HOSTS": "shop.example/x"]])
    func whatIsNoPlaceIsNoSetting(_ environment: [String: String]) {
        #expect(throws: SettingsError.self) { try Settings(rows: [PaymentSettings.returnHosts], environment: environment) }
    }

    @Test func placesAreHostsAndSchemes() throws {
        let settings = try Settings(rows: [PaymentSettings.returnHosts], environment: ["RETURN_HOSTS": "shop.example:8443,shop://"])
        #expect(settings[PaymentSettings.returnHosts] == ["shop.example:8443", "shop://"])
    }

    // MARK: What staff hear

    @Test func staffHearOfWhatIsContestedOnce() async throws {
        try await withPayments { stage in
            let answer = try await pay(UUID.v7(), stage, [], as: "resident")
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            let url = try #require(answer.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            let settled = try await stage.payments.settle(id)
            let handlers = stage.module.eventHandlers
            #expect(handlers.first?.events == ["payment.disputed", "refund.failed", "payout.failed"])
            #expect(handlers.map(\.name) == ["payments.staff_notices", "payments.letters", "payments.payout_letters"])
            let outbox = Outbox(database: stage.server.database, log: .silent)
            for _ in 0..<2 {
                try await stage.payments.note(.begun, of: settled.payment)
                while try await outbox.dispatch(to: handlers) > 0 {}
            }
            // What is not there any more is told of to nobody.
            try await outbox.publish(Event("refund.failed", "refund", .v7()))
            while try await outbox.dispatch(to: handlers) > 0 {}
            let told = try await stage.server.database.all(
                Statement<String>("select message from notifications.system_notifications where category = 'payment' and action_required"))
            #expect(told.count == 1 && told[0].contains(settled.payment.reference))
            #expect(PaymentsModule.forwards[0].events.contains("payment.disputed"))
        }
    }
}
