import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct WalletTests {
    private func owner(_ stage: PaymentStage, _ name: String = "resident") throws -> Scope {
        Scope("user", stage.world.people.id(of: name))
    }

    private func fill(
        _ stage: PaymentStage, _ amount: String?, currency: String? = "EUR", of name: String = "resident", by token: String = "resident"
    ) async throws -> TestAnswer {
        var members: [(name: String, value: JSONValue)] = [
            ("purpose", "wallet"), ("purposeId", .string("\(try owner(stage, name).id!)")),
        ]
        if let amount { members.append(("amount", .number(amount))) }
        if let currency { members.append(("currency", .string(currency))) }
        return try await stage.server.send(
            "POST", "/api/v1/payments/create", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"], body: .object(members))
    }

    /// A wallet with so much in it.
    private func wallet(_ cents: Int64, _ stage: PaymentStage) async throws -> LedgerAccount {
        let wallet = LedgerAccount.wallet(try owner(stage), .eur)
        try await stage.payments.wallets.fill(
            cents, of: wallet, from: .adjustments("EUR"), Wallets.Reason("platform", nil, key: "fill:\(UUID.v7())"))
        return wallet
    }

    private func reason(_ key: String) -> Wallets.Reason { Wallets.Reason("platform", nil, key: key) }

    @Test func fillingIt() async throws {
        try await withPayments { stage in
            #expect(try await fill(stage, nil, currency: nil).refusedFields == ["amount", "currency"])
            #expect(try await fill(stage, "10.001").refusedFields == ["amount"])
            #expect(try await fill(stage, "10", of: "flatmate").status == 404)
            let begun = try await fill(stage, "10.50")
            #expect(begun.status == 201, "\(begun.text)")
            let id = try #require(begun.data["id"]?.string.flatMap { ID<Payment>($0) })
            let url = try #require(begun.data["checkout"]?["url"]?.string)
            _ = try await stage.choose("succeed", on: String(url.dropFirst("http://pay.test".count)))
            _ = try await race(3) { _ in try await stage.payments.settle(id) }
            let wallets = try await stage.server.send("GET", "/api/v1/wallets", token: "resident")
            #expect(wallets.data[0]?["balance"] == .number("10.50"), "\(wallets.text)")
            let account = try #require(wallets.data[0]?["id"]?.string)
            let entries = try await stage.server.send("GET", "/api/v1/wallets/\(account)/entries", token: "resident")
            #expect(entries.data.array?.count == 1)
            let refused = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "finance", fields: ["Idempotency-Key": "\(UUID.v7())"],
                body: ["reason": "other"])
            #expect(refused.status == 409 && refused.code == "refund_by_product", "\(refused.text)")
        }
    }

    /// The owner's sockets hear of each movement once, with what is in it then; of refused and repeated ones nothing.
    @Test func itsOwnerIsTold() async throws {
        try await withPayments { stage in
            let wallet = try await wallet(10_00, stage)
            for _ in 0..<2 {
                try await stage.payments.wallets.pay(4_00, from: wallet, to: .adjustments("EUR"), reason("debit"))
            }
            await #expect(throws: PaymentProblem.balanceTooLow) {
                try await stage.payments.wallets.pay(7_00, from: wallet, to: .adjustments("EUR"), reason("too much"))
            }
            let company = LedgerAccount.wallet(Scope("company", .v7()), .eur)
            try await stage.payments.wallets.fill(1_00, of: company, from: .adjustments("EUR"), reason("company"))
            let told = try await stage.server.database.all(
                Statement<String>(
                    """
                    select concat_ws(' ', room, event, data->>'kind', data->>'amount', data->>'balance', data->>'unit')
                      from realtime.events order by seq
                    """))
            let room = "user:\(try owner(stage).id!) wallet:updated"
            #expect(told == ["\(room) wallet_filling 10.00 10.00 EUR", "\(room) wallet_payment -4.00 6.00 EUR"])
        }
    }

    @Test func staffSeesItWithItsOwner() async throws {
        try await withPayments { stage in
            _ = try await wallet(10_00, stage)
            let section = try #require(stage.module.sections.first { $0.scopeTypes == ["user"] })
            for (name, count) in [("resident", 1), ("flatmate", 0)] {
                let shown = try await section.show(try owner(stage, name))
                let wallets = try JSONValue.decode(json: shown.bytes)["wallets"]
                #expect(wallets?.array?.count == count, "\(name)")
                if count == 1 { #expect(wallets?[0]?["balance"] == .number("10.00") && wallets?[0]?["unit"] == "EUR") }
            }
        }
    }

    /// 0-platform, scenario 25.
    @Test func twoDebitsAboveTheBalance() async throws {
        try await withPayments { stage in
            let wallet = try await wallet(10_00, stage)
            let ends = try await race(8) { index in
                do {
                    return try await stage.payments.wallets.pay(
                        6_00, from: wallet, to: .adjustments("EUR"), reason("debit:\(index)"))
                } catch PaymentProblem.balanceTooLow {
                    return false
                }
            }
            #expect(ends.filter { $0 }.count == 1)
            #expect(try await stage.balance(wallet) == 4_00)
        }
    }

    @Test func aHoldIsTakenOrLetGoOnce() async throws {
        try await withPayments { stage in
            let wallets = stage.payments.wallets
            let wallet = try await wallet(10_00, stage)
            try await wallets.hold(7_00, of: wallet, reason("h"))
            #expect(try await wallets.hold(7_00, of: wallet, reason("h")) == false, "the same one")
            #expect(try await stage.balance(wallet) == 3_00)
            #expect(try await stage.balance(.held(wallet)) == 7_00)
            await #expect(throws: PaymentProblem.balanceTooLow) { try await wallets.hold(3_01, of: wallet, reason("i")) }
            await #expect(throws: PaymentProblem.amountMismatch) {
                try await wallets.take(7_01, of: "h", from: wallet, to: .adjustments("EUR"), reason("t"))
            }
            let ends = try await race(8) { index in
                do {
                    if index % 2 == 0 {
                        try await wallets.take(5_00, of: "h", from: wallet, to: .commission(.eur), reason("take:\(index)"))
                        return "taken"
                    }
                    try await wallets.release("h", of: wallet, reason("release:\(index)"))
                    return "released"
                } catch PaymentProblem.decidedTwice {
                    return "late"
                }
            }
            #expect(ends.filter { $0 != "late" }.count == 1, "\(ends)")
            #expect(try await stage.balance(.held(wallet)) == 0)
            #expect(try await stage.balance(wallet) == (ends.contains("taken") ? 5_00 : 10_00))
            #expect(try await stage.balance(.commission(.eur)) == (ends.contains("taken") ? 5_00 : 0))
        }
    }

    @Test func staffCorrectIt() async throws {
        try await withPayments { stage in
            let wallet = try await wallet(10_00, stage)
            let path = "/api/v1/wallets/\(wallet.id)/adjust"
            @Sendable func adjust(_ amount: String, as token: String?, key: String = "\(UUID.v7())") async throws -> TestAnswer {
                try await stage.server.send(
                    "POST", path, token: token, fields: ["Idempotency-Key": key],
                    body: ["amount": .number(amount), "reason": "he was charged twice"])
            }
            for (token, status) in [(nil, 401), ("resident", 404), ("office", 404), ("director", 404)] as [(String?, Int)] {
                #expect(try await adjust("1", as: token).status == status, "\(token ?? "guest")")
            }
            #expect(try await adjust("0", as: "finance").refusedFields == ["amount"])
            for _ in 1...2 {
                #expect(try await adjust("90000000000000000", as: "finance").refusedFields == ["amount"], "more than an account holds")
            }
            #expect(try await adjust("1.001", as: "finance").refusedFields == ["amount"])
            let low = try await adjust("-10.01", as: "finance")
            #expect(low.status == 402 && low.code == "balance_too_low", "\(low.text)")
            let answers = try await race(4) { _ in try await adjust("-2.50", as: "finance", key: "once") }
            #expect(answers.allSatisfy { $0.status == 200 || $0.status == 409 }, "\(answers.map(\.text))")
            #expect(try await stage.balance(wallet) == 7_50)
            #expect(
                try await stage.count(
                    """
                    select count(*) from identity.audit_logs where action = 'wallet_adjusted' and object_id = \("\(wallet.id)")
                       and details -> 'amount' = '-2.5' and jsonb_typeof(details -> 'currency') = 'string'
                    """) == 1)
        }
    }
}
