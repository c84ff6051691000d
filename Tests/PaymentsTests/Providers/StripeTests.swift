import JSON
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct StripeTests {
    private func intent(_ answer: TestAnswer) throws -> String {
        let secret = try #require(answer.data["checkout"]?["clientSecret"]?.string)
        return String(secret.dropLast("_secret_x".count))
    }

    @Test func anIntentIsPaidAndHeardOf() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            #expect(answer.data["checkout"]?["kind"]?.string == "client_secret")
            #expect(answer.data["checkout"]?["publishableKey"]?.string == "pk_test_abc")
            #expect(answer.data["isLive"] == false)
            let order = try intent(answer)
            #expect(houses.stripe.object(order)["metadata"]?["payment_id"]?.string == "\(id)")
            houses.stripe.pay(order, fee: 175)
            let now = stage.server.clock.clock.now()
            let event = houses.stripe.webhook("payment_intent.succeeded", houses.stripe.object(order), id: "evt_1", at: now)
            for _ in 1...3 { #expect(try await stage.hear("stripe", event).status == 200) }
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.fee == 1_75 && payment.method == "card")
            #expect(try await stage.count("select count(*) from payments.transactions") == 1)
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 1)
            #expect(try await stage.balance(.clearing("stripe", .eur)) == -98_25)
            #expect(try await stage.balance(.fees(.eur)) == -1_75)
            #expect(try await stage.verify(id).data["checkout"]?["clientSecret"]?.isNull == true)
        }
    }

    /// A secret of the payer's client is not readable in the database.
    @Test func theCheckoutIsSealed() async throws {
        try await withHouses { stage, _ in
            _ = try await stage.begin(100_00, .eur)
            #expect(
                try await stage.count(
                    """
                    select count(*) from payments.attempts
                     where checkout_enc is not null and position('_secret_'::bytea in checkout_enc) = 0
                    """) == 1)
        }
    }

    @Test func withoutAPublishableKeyThePayerGoesToThePage() async throws {
        try await withHouses(hasPublishableKey: false) { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            #expect(answer.data["checkout"]?["kind"]?.string == "redirect")
            let session = try #require(houses.stripe.ids("cs_").first)
            #expect(answer.data["checkout"]?["url"]?.string == "https://pay.test/\(session)")
            #expect(try await stage.verify(id).code == "payment_not_completed")
            houses.stripe.pay(session)
            let verified = try await stage.verify(id)
            #expect(verified.data["status"]?.string == "succeeded", "\(verified.text)")
            _ = try await stage.giveBack("40", of: id)
            #expect(try await stage.payment(id).state.refunded == 40_00)
            #expect(houses.stripe.ids("re_").count == 1)
        }
    }

    @Test func forgedAndStaleEventsStoreNothing() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            let object = houses.stripe.object(try intent(answer))
            let now = stage.server.clock.clock.now()
            let good = houses.stripe.webhook("payment_intent.succeeded", object, id: "evt_1", at: now)
            let old = houses.stripe.webhook("payment_intent.succeeded", object, id: "evt_1", at: now - .seconds(301))
            for forged in [
                (good.body + [32], good.fields), (good.body, [:]), (good.body, ["Stripe-Signature": "t=1,v1=00"]),
                (old.body, old.fields),
            ] {
                let refused = try await stage.hear("stripe", (forged.0, forged.1))
                #expect(refused.status == 401 && refused.code == "signature_invalid")
            }
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 0)
            #expect(try await stage.hear("stripe", good).status == 200)
            #expect(try await stage.payment(id).state.status == .pending, "it was told, and asked, and is not paid")
        }
    }

    /// A webhook of one house never speaks for a payment of another.
    @Test func aPaymentOfAnotherProviderIsNotTouched() async throws {
        try await withHouses { stage, houses in
            let (id, _) = try await stage.begin(100_00, .inr)
            let object: JSONValue = ["object": "payment_intent", "id": "pi_9", "metadata": ["payment_id": .string("\(id)")]]
            let event = houses.stripe.webhook(
                "payment_intent.succeeded", object, id: "evt_2", at: stage.server.clock.clock.now())
            #expect(try await stage.hear("stripe", event).status == 200)
            #expect(try await stage.count("select count(*) from payments.webhook_events where status = 'ignored'") == 1)
            #expect(try await stage.payment(id).state.status == .pending)
        }
    }

    @Test func anOrderWhoseAnswerWasLostIsMadeOnce() async throws {
        try await withHouses { stage, houses in
            houses.stripe.loseAnswers(true)
            let invoice = try await stage.invoice(100_00)
            let answer = try await stage.order(invoice)
            #expect(answer.data["status"]?.string == "pending", "the same key brought it: \(answer.text)")
            #expect(houses.stripe.ids("pi_").count == 1)
        }
    }

    @Test func givingUpCancelsTheIntent() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            let path = "/api/v1/payments/\(id)/cancel"
            #expect(try await stage.server.send("POST", path, token: "resident").data["status"]?.string == "cancelled")
            #expect(houses.stripe.object(try intent(answer))["status"]?.string == "canceled")
        }
    }

    @Test func whatWasPaidMeanwhileCannotBeGivenUp() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            houses.stripe.pay(try intent(answer))
            let path = "/api/v1/payments/\(id)/cancel"
            #expect(try await stage.server.send("POST", path, token: "resident").code == "invalid_state")
            #expect(try await stage.payment(id).state.status == .succeeded)
        }
    }

    @Test func aDisputeIsTold() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(100_00, .eur)
            let order = try intent(answer)
            houses.stripe.pay(order)
            let dispute: JSONValue = ["object": "dispute", "id": "dp_1", "payment_intent": .string(order)]
            let event = houses.stripe.webhook("charge.dispute.created", dispute, id: "evt_3", at: stage.server.clock.clock.now())
            #expect(try await stage.hear("stripe", event).status == 200)
            #expect(try await stage.payment(id).state.status == .succeeded)
            #expect(try await stage.count("select count(*) from api.outbox where event = 'payment.disputed'") == 1)
        }
    }
}
