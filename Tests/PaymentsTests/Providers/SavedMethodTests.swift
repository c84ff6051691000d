import JSON
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct SavedMethodTests {
    private static let path = "/api/v1/payments/methods"

    private func save(
        _ token: String, _ stage: PaymentStage, as who: String? = "resident", provider: String = "stripe",
        key: String = "\(UUID.v7())"
    ) async throws -> TestAnswer {
        try await stage.server.send(
            "POST", Self.path, token: who, fields: ["Idempotency-Key": key],
            body: ["provider": .string(provider), "token": .string(token)])
    }

    @Test func savingChoosingLettingGo() async throws {
        try await withHouses { stage, houses in
            #expect(try await save("pm_card", stage, as: nil).status == 401)
            let first = try await save("pm_one", stage)
            #expect(first.status == 201 && first.data["last4"]?.string == "4242" && first.data["isDefault"] == true, "\(first.text)")
            #expect(first.data["expiresOn"]?.string == "2031-08-01")
            let again = try await save("pm_one", stage)
            #expect(again.data["id"] == first.data["id"], "\(again.text)")
            let second = try await save("pm_two", stage)
            #expect(second.data["isDefault"] == false)
            #expect(houses.stripe.ids("cus_").count == 1)
            let id = try #require(second.data["id"]?.string)
            #expect(try await stage.server.send("PUT", "\(Self.path)/\(id)/default", token: "flatmate").status == 404)
            let chosen = try await race(4) { _ in
                try await stage.server.send("PUT", "\(Self.path)/\(id)/default", token: "resident").status
            }
            #expect(chosen == [200, 200, 200, 200])
            let list = try await stage.server.send("GET", Self.path, token: "resident")
            #expect(list.data.array?.compactMap { $0["isDefault"]?.bool } == [false, true], "\(list.text)")
            #expect(!list.text.contains("pm_"), "the provider's names stay here")
            #expect(try await stage.server.send("DELETE", "\(Self.path)/\(id)", token: "flatmate").status == 404)
            #expect(try await stage.server.send("DELETE", "\(Self.path)/\(id)", token: "resident").status == 204)
            #expect(try await stage.server.send("DELETE", "\(Self.path)/\(id)", token: "resident").status == 404)
            try await stage.exhaust("detach-method")
            #expect(houses.stripe.object("pm_two")["customer"]?.isNull == true)
            #expect(try await stage.server.send("GET", Self.path, token: "resident").meta["total"]?.int == 1)
        }
    }

    @Test func whatProvidersDoNotKeepOrKnowIsRefused() async throws {
        try await withHouses { stage, _ in
            let other = try await save("x_token", stage, provider: "razorpay")
            #expect(other.status == 422 && other.code == "methods_not_kept", "\(other.text)")
            let unknown = try await save("pm_unknown", stage)
            #expect(unknown.status == 422 && unknown.code == "provider_refused", "\(unknown.text)")
            _ = try await save("pm_one", stage)
            #expect(try await save("pm_one", stage, as: "flatmate").code == "provider_refused", "somebody else's")
        }
    }

    @Test func payingByIt() async throws {
        try await withHouses { stage, houses in
            let method = try #require(try await save("pm_one", stage).data["id"]?.string)
            let invoice = try await stage.invoice(100_00)
            func pay(_ token: String) async throws -> TestAnswer {
                try await stage.server.send(
                    "POST", "/api/v1/payments/create", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
                    body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "savedMethodId": .string(method)])
            }
            #expect(try await pay("flatmate").status == 404)
            let answer = try await pay("resident")
            #expect(answer.status == 201 && answer.data["provider"]?.string == "stripe", "\(answer.text)")
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            let verified = try await stage.verify(id)
            #expect(verified.data["status"]?.string == "succeeded", "\(verified.text)")
            let intent = try #require(houses.stripe.ids("pi_").first)
            #expect(houses.stripe.object(intent)["payment_method"]?.string == "pm_one")
        }
    }

    private func pay(
        _ minor: Int64, _ currency: Currency, _ stage: PaymentStage, _ more: [(name: String, value: JSONValue)]
    ) async throws -> TestAnswer {
        let invoice = try await stage.invoice(minor, currency, period: Months.next())
        return try await stage.server.send(
            "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: .object([("purpose", "invoice"), ("purposeId", .string("\(invoice)"))] + more))
    }

    /// What a payer wants to keep is kept when he has paid, once, and he pays by it again.
    @Test(arguments: [("stripe", Currency.eur), ("yookassa", .rub)])
    func whatIsPaidByIsKept(_ provider: String, _ currency: Currency) async throws {
        try await withHouses { stage, houses in
            let answer = try await pay(100_00, currency, stage, [("saveMethod", true)])
            #expect(answer.status == 201 && answer.data["provider"]?.string == provider, "\(answer.text)")
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            #expect(try await stage.count("select count(*) from payments.saved_methods") == 0)
            houses.payAll()
            _ = try await race(3) { _ in try await stage.payments.settle(id).payment.state.status }
            let list = try await stage.server.send("GET", Self.path, token: "resident")
            let method = try #require(list.data.array?.first?["id"], "\(list.text)")
            #expect(list.data.array?.count == 1 && list.data[0]?["last4"]?.string == "4242", "\(list.text)")
            let again = try await pay(50_00, currency, stage, [("savedMethodId", method)])
            let second = try #require(again.data["id"]?.string.flatMap { ID<Payment>($0) }, "\(again.text)")
            try await stage.payments.settle(second)
            #expect(try await stage.payment(second).state.status == .succeeded, "nobody has to do anything")
        }
    }

    @Test func whereNothingIsKeptNothingIsBegun() async throws {
        try await withHouses { stage, _ in
            let answer = try await pay(100_00, .inr, stage, [("saveMethod", true)])
            #expect(answer.status == 422 && answer.code == "methods_not_kept", "\(answer.text)")
            #expect(try await stage.count("select count(*) from payments.payments") == 0)
        }
    }

    /// Paid at once, its answer lost, and asked for again when Stripe has forgotten the key: what was paid is found, and the
    /// payer pays no second time.
    @Test func aLostAnswerCostsNoSecondPayment() async throws {
        try await withHouses { stage, houses in
            let method = try #require(try await save("pm_one", stage).data["id"]?.string)
            let invoice = try await stage.invoice(100_00)
            houses.stripe.goAway(true)
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "lost"],
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)"), "savedMethodId": .string(method)])
            #expect(answer.data["status"]?.string == "unknown", "\(answer.text)")
            houses.stripe.goAway(false)
            houses.stripe.forgetKeys()
            stage.server.clock.advance(by: .hours(25))
            try await stage.payments.check()
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            #expect(try await stage.payment(id).state.status == .succeeded)
            #expect(houses.stripe.ids("pi_").count == 1)
        }
    }
}
