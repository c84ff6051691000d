import JSON
import Service
import Support
import Testing
import Values

@testable import Payments

/// A sum that a provider holds until staff take it: what a product would register.
struct DepositPurpose: PaymentPurpose {
    let payee: Scope
    var name = "deposit"
    var isForPayers = true

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        PaymentQuote(
            product: "condominiums", amount: Money(minor: 100_00, currency: wish.currency ?? .eur), scope: payee,
            payee: payee, lockKey: "deposit:\(object)", lifetime: .hours(1), description: "Deposit", capture: .manual)
    }

    func settle(_ payment: Payment) async throws -> Int64 { payment.received.minor }

    func takeBack(_ money: Money, of payment: Payment) async throws {}
}

@Suite struct CaptureTests {
    /// Held at its provider.
    private func held(_ currency: String, _ stage: PaymentStage, _ houses: Houses) async throws -> ID<Payment> {
        let body: JSONValue = [
            "purpose": "deposit", "purposeId": .string("\(UUID.v7())"), "currency": .string(currency),
        ]
        let answer = try await stage.server.send(
            "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"], body: body)
        let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }, "\(answer.text)")
        houses.payAll()
        #expect(try await stage.verify(id).code == "payment_not_completed")
        #expect(try await stage.payment(id).state.status == .authorized)
        return id
    }

    private func capture(
        _ id: ID<Payment>, _ amount: String?, _ stage: PaymentStage, as token: String? = "office"
    ) async throws -> TestAnswer {
        try await stage.server.send(
            "POST", "/api/v1/payments/\(id)/capture", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: .object(amount.map { [("amount", .number($0))] } ?? []))
    }

    @Test(arguments: ["EUR", "RUB"]) func staffTakeAPart(_ currency: String) async throws {
        try await withHouses { stage, houses in
            let id = try await held(currency, stage, houses)
            for (token, status) in [(nil, 401), ("resident", 404), ("stranger", 404)] as [(String?, Int)] {
                #expect(try await capture(id, "60", stage, as: token).status == status)
            }
            #expect(try await capture(id, "100.01", stage).code == "amount_mismatch")
            let answers = try await race(4) { _ in try await capture(id, "60", stage) }
            #expect(answers.contains { $0.status == 200 } && answers.allSatisfy { $0.status == 200 || $0.status == 409 }, "\(answers.map(\.text))")
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.state.captured == 60_00)
            #expect(try await stage.balance(.payable(stage.world.company, payment.state.amount.currency)) == 57_00)
            #expect(try await stage.count("select count(*) from payments.transactions") == 1)
            #expect(try await capture(id, nil, stage).code == "invalid_state")
        }
    }

    /// What a provider cannot do is refused before anything is decided; then all of it can still be taken.
    @Test func ofWhatIsTakenWholeNoPartIsTaken() async throws {
        try await withHouses { stage, houses in
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"],
                body: ["purpose": "deposit", "purposeId": .string("\(UUID.v7())"), "currency": "INR", "provider": "razorpay"])
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }, "\(answer.text)")
            for order in houses.razorpay.orders { _ = houses.razorpay.pay(order, status: "authorized") }
            #expect(try await stage.verify(id).code == "payment_not_completed")
            let part = try await capture(id, "60", stage)
            #expect(part.status == 422 && part.code == "amount_mismatch", "\(part.text)")
            #expect(try await capture(id, nil, stage).status == 200)
            #expect(try await stage.payment(id).state.captured == 100_00)
        }
    }

    @Test(arguments: ["EUR", "RUB"]) func staffLetItGo(_ currency: String) async throws {
        try await withHouses { stage, houses in
            let id = try await held(currency, stage, houses)
            let path = "/api/v1/payments/\(id)/cancel"
            #expect(try await stage.server.send("POST", path, token: "resident").code == "invalid_state")
            let released = try await stage.server.send("POST", path, token: "office")
            #expect(released.data["status"]?.string == "cancelled", "\(released.text)")
            #expect(try await capture(id, nil, stage).code == "invalid_state")
        }
    }
}
