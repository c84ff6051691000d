import Identity
import JSON
import Notifications
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// Who pays for short messages, and from what.
@Suite struct CreditWalletTests {
    private func open(_ stage: PaymentStage, by token: String? = "finance", _ owner: Scope? = nil) async throws -> TestAnswer {
        let owner = owner ?? stage.world.company
        return try await stage.server.send(
            "POST", "/api/v1/wallets", token: token,
            body: ["ownerType": .string(owner.type.name), "ownerId": .string("\(owner.id!)")])
    }

    private func adjust(_ stage: PaymentStage, _ wallet: String, _ amount: String, by token: String = "finance") async throws -> TestAnswer {
        try await stage.server.send(
            "POST", "/api/v1/wallets/\(wallet)/adjust", token: token, fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: ["amount": .number(amount), "reason": "bought by bank transfer"])
    }

    /// A company's wallet with so many credits in it, and who pays from it.
    private func filled(_ stage: PaymentStage, _ credits: Int) async throws -> (CreditWallets, LedgerAccount) {
        let opened = try await open(stage)
        #expect(opened.status == 201, "\(opened.text)")
        let answer = try await adjust(stage, opened.data["id"]?.string ?? "", "\(credits)")
        #expect(answer.status == 200 && answer.data["balance"] == .number("\(credits)"), "\(answer.text)")
        return (stage.world.credits(stage.payments.ledger), .wallet(stage.world.company, CreditWallets.unit))
    }

    /// What is free, set aside and used.
    private func figures(_ stage: PaymentStage, _ wallet: LedgerAccount) async throws -> [Int64] {
        var figures: [Int64] = []
        for account in [wallet, .held(wallet), .used(wallet)] { figures.append(try await stage.balance(account)) }
        return figures
    }

    private func move(_ stage: PaymentStage, _ body: @Sendable () async throws -> Void) async throws {
        try await stage.server.database.transaction { _ in try await body() }
    }

    @Test func staffOpenAndFillIt() async throws {
        try await withPayments { stage in
            for (token, status) in [(nil, 401), ("resident", 403), ("office", 403), ("director", 403), ("anywhere else", 404)]
                as [(String?, Int)]
            {
                #expect(try await open(stage, by: token).status == status, "\(token ?? "guest")")
            }
            for owner in [Scope("company", .v7()), stage.world.condo, Scope("seller", .zero), Scope("user", .v7())] {
                #expect(try await open(stage, owner).status == 404, "\(owner)")
            }
            let wrong = try await stage.server.send("POST", "/api/v1/wallets", token: "finance", body: ["ownerType": "company"])
            #expect(wrong.refusedFields == ["ownerId"])
            let opened = try await open(stage)
            #expect(opened.status == 201 && opened.data["unit"] == "sms_credit" && opened.data["isWallet"] == true, "\(opened.text)")
            let again = try await open(stage)
            #expect(again.status == 200 && again.data["id"] == opened.data["id"])
            let wallet = try #require(opened.data["id"]?.string)
            #expect(opened.field("location") == "/api/v1/wallets/\(wallet)")
            #expect(try await adjust(stage, wallet, "0.5").refusedFields == ["amount"], "credits are whole")
            #expect(try await adjust(stage, wallet, "100", by: "director").status == 403, "nobody fills his own")
            #expect(try await adjust(stage, wallet, "100").data["balance"] == 100)
            #expect(try await stage.server.send("GET", "/api/v1/wallets/\(wallet)", token: "office").data["balance"] == 100)
            #expect(
                try await stage.count("select count(*) from identity.audit_logs where action = 'wallet_opened' and object_id = \(wallet)")
                    == 1)
        }
    }

    @Test func aCreditIsSetAsideUsedOrGivenBack() async throws {
        try await withPayments { stage in
            let (credits, wallet) = try await filled(stage, 3)
            let (one, two, far) = (UUID.v7(), UUID.v7(), UUID.v7())
            // The condo's messages are its company's to pay.
            for _ in 0..<2 {
                try await move(stage) {
                    try await credits.reserve([MessageCredits(one, 1), MessageCredits(two, 2)], of: stage.world.condo)
                }
            }
            #expect(try await figures(stage, wallet) == [0, 3, 0], "set aside once")
            let refused = await #expect(throws: Problem.self) {
                try await move(stage) { try await credits.reserve([MessageCredits(far, 1)], of: stage.world.company) }
            }
            #expect(refused?.status == 402 && refused?.code == "credits_insufficient")
            try await move(stage) { try await credits.commit([one, far]) }
            try await move(stage) { try await credits.release([two]) }
            #expect(try await figures(stage, wallet) == [2, 0, 1])
            // Nothing moves twice, and what did not arrive costs nothing although it had been taken.
            for _ in 0..<2 {
                try await move(stage) { try await credits.commit([one, two]) }
                try await move(stage) { try await credits.release([two, far]) }
            }
            #expect(try await figures(stage, wallet) == [2, 0, 1])
            for _ in 0..<2 { try await move(stage) { try await credits.release([one, two]) } }
            #expect(try await figures(stage, wallet) == [3, 0, 0])
            let book = try await stage.server.database.all(
                Statement<String>("select kind from payments.transactions where product = 'messaging' order by at, id"))
            #expect(book == ["hold", "hold", "hold_taken", "hold_released", "hold_released"], "\(book)")
        }
    }

    /// 0-platform, 7.5: never below its floor, whatever races; of many either all or none.
    @Test func theLastCreditIsOnes() async throws {
        try await withPayments { stage in
            let (credits, wallet) = try await filled(stage, 10)
            let ends = try await race(8) { _ in
                do {
                    try await move(stage) {
                        try await credits.reserve((0..<4).map { _ in MessageCredits(.v7(), 1) }, of: stage.world.company)
                    }
                    return true
                } catch let problem as Problem where problem.code == "credits_insufficient" {
                    return false
                }
            }
            #expect(ends.filter { $0 }.count == 2)
            #expect(try await figures(stage, wallet) == [2, 8, 0])
        }
    }

    /// Those that cross wait for each other in no circle.
    @Test func manyAreSettledAtOnce() async throws {
        try await withPayments { stage in
            let (credits, wallet) = try await filled(stage, 60)
            let messages = (0..<60).map { _ in UUID.v7() }
            try await move(stage) { try await credits.reserve(messages.map { MessageCredits($0, 1) }, of: stage.world.company) }
            let (taken, lost) = (Array(messages[..<40]), Array(messages[40...]))
            _ = try await race(8) { index in
                let isForth = index < 4
                try await move(stage) {
                    if index.isMultiple(of: 2) {
                        try await credits.commit(isForth ? taken : taken.reversed())
                    } else {
                        try await credits.release(isForth ? lost : lost.reversed())
                    }
                }
                return true
            }
            #expect(try await figures(stage, wallet) == [20, 0, 40])
        }
    }

    @Test func whoPaysFollowsFromThoseAbove() async throws {
        try await withPayments { stage in
            let kinds: [ScopeKind] = [
                .top("company", all: ""), .under("company", "condo", links: ""), .under("condo", "unit", links: ""),
                .top("seller", all: ""),
            ]
            func types(_ payers: Set<ScopeType>) -> Set<ScopeType> {
                CreditWallets(stage.payments.ledger, payers: payers, kinds: kinds).scopeTypes
            }
            #expect(types(["condo"]) == ["condo", "unit"])
            #expect(types(["company", "seller"]) == ["company", "condo", "unit", "seller"])
            #expect(types([]).isEmpty)
        }
    }
}
