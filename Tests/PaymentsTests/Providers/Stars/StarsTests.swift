import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct StarsTests {
    /// `createInvoiceLink` as the Bot API has it, by the bot of the payers' product; 100 roubles at 1.50 are 66.67 Stars.
    @Test func theLinkIsAnInvoiceInStars() async throws {
        try await withStars { stage, world in
            let (id, payload, answer) = try await stage.beginStars()
            let invoice = try #require(world.telegram.invoices.first)
            #expect(invoice.bot == StarsWorld.condo && invoice.payload == payload && invoice.stars == 67)
            #expect(invoice.parameters["provider_token"]?.string == "" && invoice.parameters["currency"]?.string == "XTR")
            #expect(answer.data["checkout"]?["kind"]?.string == "invoice_link")
            #expect(answer.data["checkout"]?["url"]?.string == invoice.link)
            #expect(answer.data["status"]?.string == "pending")
            let payment = try await stage.payment(id)
            let life = payment.expiresAt - payment.createdAt
            #expect(life > .minutes(29) && life <= .minutes(30), "Stars 30 min")
        }
    }

    @Test(arguments: [(1, 1), (150, 1), (151, 2), (100_00, 67), (300_00, 200), (3000_00, 2000)] as [(Int64, Int)])
    func roublesAreRoundedUpToWholeStars(_ kopecks: Int64, _ stars: Int) {
        #expect(StarRate(kopecks: 150).stars(of: Money(minor: kopecks, currency: .rub)) == stars)
    }

    @Test func starsAreStarsAndOtherMoneyIsNone() {
        #expect(StarRate(kopecks: 150).stars(of: Money(minor: 12, currency: .xtr)) == 12)
        #expect(StarRate(kopecks: 150).stars(of: Money(minor: 12, currency: .eur)) == nil)
        #expect(StarRate(kopecks: 1).stars(of: Money(minor: .max, currency: .rub)) == nil)
    }

    /// Told twice, settled once; the resident's 100 roubles are booked, whatever they were in Stars.
    @Test func aPaymentToldTwiceIsBookedOnce() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.preCheckout(payload, stars: 67))
            let update = world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now)
            for _ in 1...2 { #expect(try await stage.hear(update).status == 200) }
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.state.captured == 100_00 && payment.method == "stars")
            #expect(try await stage.balance(.clearing("telegram_stars", .rub)) == -100_00)
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 1)
            #expect(try await stage.count("select count(*) from payments.transactions where kind = 'payment'") == 1)
        }
    }

    /// An amount in Stars itself goes by them without anybody asking for it.
    @Test func aPriceInStarsIsPaidInStars() async throws {
        try await withStars { stage, world in
            let (id, _) = try await stage.begin(25_00, .xtr)
            #expect(world.telegram.invoices.first?.stars == 25)
            let payload = try await stage.payment(id).reference
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 25, at: stage.now))
            #expect(try await stage.payment(id).state.captured == 25)
        }
    }

    /// Only Telegram's own list grants money: what an update says is a reason to look, and is looked for again.
    @Test func anUpdateAloneGrantsNothing() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            world.telegram.delayList(true)
            let update = world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now)
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/webhook/telegram_stars/condo",
                fields: ["X-Telegram-Bot-Api-Secret-Token": StarsWorld.secret], raw: update)
            #expect(answer.status == 200)
            await #expect(throws: OutsideFailure.self) { try await stage.work() }
            #expect(try await stage.payment(id).state.status == .pending)
            world.telegram.delayList(false)
            try await stage.exhaust("settle-webhook")
            #expect(try await stage.payment(id).state.status == .succeeded)
        }
    }

    @Test func aLostUpdateIsNoLostPayment() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            _ = world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now)
            stage.server.clock.advance(by: .seconds(31))
            try await stage.payments.check()
            #expect(try await stage.payment(id).state.status == .succeeded)
        }
    }

    @Test(arguments: [66, 68, 1])
    func anotherNumberOfStarsIsAlarming(_ stars: Int) async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: stars, at: stage.now))
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .failed && payment.state.failure?.code == "amount_mismatch")
            #expect(payment.state.captured == 0)
        }
    }

    @Test func whatComesAfterTheEndIsLateAndCounts() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            stage.server.clock.advance(by: .minutes(31))
            try await stage.payments.check()
            #expect(try await stage.payment(id).state.status == .expired)
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.state.isLate)
        }
    }

    /// What it asks for is kept: another rate is for other payments.
    @Test func theRateOfTheOrderHolds() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            world.rate.store(100, ordering: .relaxed)
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            #expect(try await stage.payment(id).state.status == .succeeded)
            _ = try await stage.beginStars()
            #expect(world.telegram.invoices.last?.stars == 100)
        }
    }

    /// A list of several pages, with all sorts of other movements, is read once and then read on.
    @Test func theListIsReadOn() async throws {
        try await withStars { stage, world in
            let (first, payload, _) = try await stage.beginStars()
            for number in 0..<250 {
                world.telegram.move(
                    StarsWorld.condo, stars: number, ["type": number % 2 == 0 ? "fragment" : "telegram_ads"],
                    isOutgoing: number % 3 > 0, at: stage.now)
            }
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            #expect(try await stage.payment(first).state.status == .succeeded)
            let calls = world.telegram.service.seen.count
            let (second, other, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, other, stars: 67, at: stage.now))
            #expect(try await stage.payment(second).state.status == .succeeded)
            #expect(world.telegram.service.seen.count == calls + 2, "a link and one page")
        }
    }

    /// The list of another bot says nothing of this one's orders, even under their payload.
    @Test func eachBotHasItsOwnList() async throws {
        try await withStars { stage, world in
            let (id, payload, _) = try await stage.beginStars()
            _ = world.telegram.pay(StarsWorld.urgent, payload, stars: 67, at: stage.now)
            try await stage.payments.settle(id)
            #expect(try await stage.payment(id).state.status == .pending)
        }
    }

    @Test func aLinkWhoseAnswerWasLostIsMadeAgain() async throws {
        try await withStars { stage, world in
            _ = try await stage.beginStars()
            world.telegram.loseAnswers(true)
            let invoice = try await stage.invoice(100_00, .rub, period: Months.next())
            let lost = try await stage.order(invoice, provider: StarsProvider.name)
            #expect(lost.data["status"]?.string == "unknown", "\(lost.text)")
            world.telegram.loseAnswers(false)
            let id = try #require(lost.data["id"]?.string.flatMap { ID<Payment>($0) })
            stage.server.clock.advance(by: .minutes(1))
            try await stage.payments.settle(id)
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .pending)
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payment.reference, stars: 67, at: stage.now))
            #expect(try await stage.payment(id).state.status == .succeeded)
        }
    }

    @Test(arguments: [(400, "provider_refused", 422), (401, "provider_unavailable", 503), (429, "provider_unavailable", 503)])
    func whatTelegramRefuses(_ theirs: Int, _ code: String, _ ours: Int) async throws {
        try await withStars { stage, world in
            world.telegram.refuse("createInvoiceLink", theirs, "Bad Request: STARS_INVOICE_INVALID")
            let answer = try await stage.order(try await stage.invoice(100_00, .rub), provider: StarsProvider.name)
            #expect(answer.status == ours && answer.code == code, "\(answer.text)")
        }
    }

    @Test func theNightComparesWithTheList() async throws {
        try await withStars { stage, world in
            let (_, payload, _) = try await stage.beginStars()
            try await stage.hear(world.telegram.pay(StarsWorld.condo, payload, stars: 67, at: stage.now))
            stage.server.clock.advance(by: .hours(2))
            #expect(try await stage.payments.reconcile() == 0)
            _ = world.telegram.pay(StarsWorld.urgent, "somebody else's", stars: 5, at: stage.now)
            #expect(try await stage.payments.reconcile() == 1)
            let found = try await stage.server.database.one(
                Statement<String>(
                    "select differences->0->>'kind' || ' ' || (differences->0->>'theirs') from payments.reconciliations"))
            #expect(found == "missing_here 5 XTR")
        }
    }
}
