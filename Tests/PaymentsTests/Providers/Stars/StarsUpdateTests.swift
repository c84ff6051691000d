import JSON
import Service
import Support
import Testing
import Values

@testable import Payments

/// What Telegram's updates may do: bring their secret, ask before a payment, tell of one.
@Suite struct StarsUpdateTests {
    @Test(arguments: [
        ("condo", nil as String?, 401), ("condo", "", 401), ("condo", "wrong-secret-0123456789", 401),
        ("condo", StarsWorld.secret, 200), ("urgent", StarsWorld.secret, 404), ("nobody", StarsWorld.secret, 404),
    ])
    func onlyTelegramIsHeard(_ bot: String, _ secret: String?, _ status: Int) async throws {
        try await withStars { stage, world in
            let (_, payload, _) = try await stage.beginStars()
            let update = world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now)
            #expect(try await stage.hear(update, bot: bot, secret: secret).status == status)
            #expect(try await stage.count("select count(*) from payments.webhook_events") == (status == 200 ? 1 : 0))
        }
    }

    @Test(arguments: [
        "{", "[]", "{}", #"{"update_id":"x"}"#, #"{"update_id":1,"pre_checkout_query":{"id":"1"}}"#,
        #"{"update_id":1,"message":{"successful_payment":{}}}"#, #"{"update_id":1,"message":{"refunded_payment":{}}}"#,
    ])
    func whatIsNoUpdateIsRefused(_ body: String) async throws {
        try await withStars { stage, _ in
            let answer = try await stage.hear(Array(body.utf8))
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    @Test func whatIsNoPaymentIsForNobodyHere() async throws {
        try await withStars { stage, world in
            let answer = try await stage.hear(world.telegram.message("/start"))
            let stored = try await stage.count("select count(*) from payments.webhook_events")
            #expect(answer.status == 200 && stored == 0)
        }
    }

    // MARK: Before a payment

    /// What was answered last: whether the payer may go on, and what he reads otherwise.
    private func answer(_ world: StarsWorld) throws -> String {
        let answer = try #require(world.telegram.answers.last)
        return answer["ok"]?.bool == true ? "ok" : answer["error_message"]?.string ?? ""
    }

    @Test func theRightNumberOfStarsMayBePaid() async throws {
        try await withStars { stage, world in
            let (_, payload, _) = try await stage.beginStars()
            for (stars, currency, expected) in [
                (66, "XTR", PreCheckoutRefusal.wrongAmount.rawValue), (67, "RUB", PreCheckoutRefusal.wrongAmount.rawValue),
                (67, "XTR", "ok"),
            ] {
                let query = world.telegram.preCheckout(payload, stars: stars, currency: currency)
                #expect(try await stage.hear(query).status == 200)
                #expect(try answer(world) == expected)
            }
            try await stage.hear(world.telegram.preCheckout("ORD_NOBODYKNOWSTHISONE22", stars: 67))
            #expect(try answer(world) == PreCheckoutRefusal.unknown.rawValue)
        }
    }

    /// Of two who open one link one may pay; asked again about him the answer is the same, and after a minute the other may.
    @Test func oneIsLetThrough() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            let mine = world.telegram.preCheckout(payload, stars: 67, user: 1, id: "1")
            let other = world.telegram.preCheckout(payload, stars: 67, user: 2, id: "2")
            let answers = try await race(6) { index in try await stage.hear(index % 2 == 0 ? mine : other).status }
            #expect(answers.allSatisfy { $0 == 200 })
            let passed = Set(world.telegram.answers.filter { $0["ok"]?.bool == true }.compactMap { $0["pre_checkout_query_id"]?.string })
            #expect(passed.count == 1 && world.telegram.answers.count == 6)
            #expect(world.telegram.answers.contains { $0["error_message"]?.string == PreCheckoutRefusal.taken.rawValue })
            let given = try await stage.server.send("POST", "/api/v1/payments/\(id)/cancel", token: "resident")
            #expect(given.status == 409, "not while somebody may be paying")
            stage.server.clock.advance(by: .seconds(61))
            try await stage.hear(passed == ["1"] ? other : mine)
            #expect(try answer(world) == "ok")
        }
    }

    @Test func whatHasEndedCannotBePaid() async throws {
        try await withStars { stage, world in
            let (paid, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            #expect(try await stage.payment(paid).state.status == .succeeded)
            try await stage.hear(world.telegram.preCheckout(payload, stars: 67))
            #expect(try answer(world) == PreCheckoutRefusal.paid.rawValue)

            let (cancelled, second, _) = try await stage.beginStars()
            let given = try await stage.server.send("POST", "/api/v1/payments/\(cancelled)/cancel", token: "resident")
            #expect(given.data["status"]?.string == "cancelled", "\(given.text)")
            try await stage.hear(world.telegram.preCheckout(second, stars: 67))
            #expect(try answer(world) == PreCheckoutRefusal.over.rawValue)

            let (_, third, _) = try await stage.beginStars()
            stage.server.clock.advance(by: .minutes(31))
            try await stage.hear(world.telegram.preCheckout(third, stars: 67))
            #expect(try answer(world) == PreCheckoutRefusal.over.rawValue, "also before anybody has noticed")
        }
    }

    /// Telegram sends an update again that was not answered with 200; an answer that it does not want any more is let be.
    @Test func anAnswerThatDoesNotReachTelegram() async throws {
        try await withStars { stage, world in
            let (_, payload, _) = try await stage.beginStars()
            let query = world.telegram.preCheckout(payload, stars: 67)
            world.telegram.loseAnswers(true)
            #expect(try await stage.hear(query).status == 503)
            world.telegram.loseAnswers(false)
            #expect(try await stage.hear(query).status == 200)
            #expect(try answer(world) == "ok")
            world.telegram.refuse("answerPreCheckoutQuery", 400, "Bad Request: query is too old")
            #expect(try await stage.hear(query).status == 200)
        }
    }

    // MARK: Back

    @Test func starsGoBackWhole() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            let part = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "office", fields: ["Idempotency-Key": "part"],
                body: ["amount": 40, "reason": "other"])
            #expect(part.status == 422 && part.code == "refund_whole_only", "\(part.text)")
            let refund = try await stage.giveBack("100", of: id)
            #expect(try await stage.payments.refund(refund).state.status == .succeeded)
            #expect(try await stage.payment(id).state.status == .refunded)
            #expect(world.telegram.transactions(StarsWorld.condo).count == 2)
            let told = #"{"update_id":7,"message":{"refunded_payment":{"telegram_payment_charge_id":"x"}}}"#
            #expect(try await stage.hear(Array(told.utf8)).status == 200)
        }
    }

    /// Given back behind our back, or by a call whose answer was lost: once in the book, once at Telegram.
    @Test func aRefundWhoseAnswerWasLostIsNotMadeTwice() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            world.telegram.loseAnswers(true)
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "office", fields: ["Idempotency-Key": "all"],
                body: ["reason": "other"])
            let refund = try #require(answer.data["id"]?.string.flatMap { ID<Refund>($0) })
            await #expect(throws: OutsideFailure.self) { try await stage.payments.process(refund) }
            #expect(try await stage.payments.refund(refund).state.status == .processing)
            world.telegram.loseAnswers(false)
            try await stage.payments.process(refund)
            #expect(try await stage.payments.refund(refund).state.status == .succeeded)
            #expect(world.telegram.transactions(StarsWorld.condo).count == 2)
        }
    }

    @Test(arguments: [
        ("Bad Request: CHARGE_ALREADY_REFUNDED", RefundStatus.succeeded), ("Bad Request: BALANCE_TOO_LOW", .failed),
    ])
    func whatTelegramSaysOfARefund(_ description: String, _ status: RefundStatus) async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            world.telegram.refuse("refundStarPayment", 400, description)
            let refund = try await stage.giveBack("100", of: id)
            #expect(try await stage.payments.refund(refund).state.status == status)
        }
    }
}
