import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct PaymentAccessTests {
    /// 0-platform, scenario 24; 1-condominiums, scenario 17.
    @Test func twoByHandAtOnceAndOneWins() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(5_000_00)
            let answers = try await race(2) { _ in try await stage.record(invoice, "3000") }
            #expect(answers.map(\.status).sorted() == [201, 409])
            let refused = try #require(answers.first { $0.status == 409 })
            #expect(refused.code == "amount_exceeds_balance")
            #expect(refused.text.contains("\"expected\":2000"))
            #expect(try await stage.status(invoice).paid == 3_000_00)
            #expect(try await stage.count("select count(*) from payments.payments") == 1)
            #expect(try await stage.count("select max(value) from payments.counters") == 1, "a refused one uses no number")
        }
    }

    @Test func manySmallOnesAtOnceNeverPayTooMuch() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let answers = try await race(12) { _ in try await stage.record(invoice, "15.00").status }
            #expect(answers.filter { $0 == 201 }.count == 6)
            #expect(try await stage.status(invoice).paid == 90_00)
        }
    }

    @Test(arguments: [
        ("resident", 403, "use_online_payment"), ("neighbour", 404, "not_found"), ("stranger", 404, "not_found"),
        (nil, 401, "unauthorized"),
    ] as [(String?, Int, String)]) func onlyTheOfficeRecords(_ token: String?, _ status: Int, _ code: String) async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let answer = try await stage.server.send(
                "POST", "/api/v1/invoices/\(invoice)/payments", token: token, fields: ["Idempotency-Key": "k"],
                body: ["amount": 10, "method": "cash"])
            #expect(answer.status == status)
            #expect(answer.code == code)
        }
    }

    @Test(arguments: [
        ("resident", 201, nil), ("neighbour", 404, "not_found"), ("stranger", 404, "not_found"), ("office", 403, "forbidden"),
    ] as [(String, Int, String?)]) func whoPaysOnline(_ token: String, _ status: Int, _ code: String?) async throws {
        try await withPayments { stage in
            let answer = try await stage.order(try await stage.invoice(100_00), token: token)
            #expect(answer.status == status)
            #expect(answer.code == code)
        }
    }

    @Test func amountsAreTheServersToDecide() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let tooMuch = try await stage.order(invoice, amount: "100.01")
            #expect(tooMuch.code == "amount_exceeds_balance")
            #expect(tooMuch.text.contains("\"expected\":100"))
            #expect(try await stage.order(invoice, amount: "1.001").code == "amount_mismatch")
            #expect(try await stage.order(invoice, amount: "0").status == 422)
            #expect(try await stage.order(invoice, amount: "-1").status == 422)
            #expect(try await stage.count("select count(*) from payments.payments") == 0)
            let part = try await stage.order(invoice, amount: "40.5")
            #expect(part.status == 201)
            #expect(part.text.contains("\"amount\":40.50"))
        }
    }

    /// 0-platform, scenario 19.
    @Test func oneIsOpenHoweverManyBegin() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let answers = try await race(5) { _ in try await stage.order(invoice) }
            #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 201])
            #expect(Set(answers.compactMap { $0.data["id"]?.string }).count == 1)
            #expect(try await stage.count("select count(*) from payments.sandbox_orders") == 1)
            #expect(try await stage.order(invoice, token: "flatmate").code == "payment_open")
            #expect(try await stage.order(invoice, amount: "5").code == "payment_open")
        }
    }

    /// 0-platform, scenario 26.
    @Test func aKeyIsNeededAndAnswersAgain() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let without = try await stage.server.send(
                "POST", "/api/v1/payments/create", token: "resident",
                body: ["purpose": "invoice", "purposeId": .string("\(invoice)")])
            #expect(without.code == "idempotency_key_required")
            let first = try await stage.order(invoice, key: "one")
            let again = try await stage.order(invoice, key: "one")
            #expect(again.status == 201)
            #expect(again.field("idempotency-replayed") == "true")
            #expect(again.body == first.body)
            #expect(try await stage.order(invoice, amount: "5", key: "one").code == "idempotency_key_reused")
        }
    }

    @Test(arguments: [
        "http://evil.test/", "javascript:alert(1)", "https://app.test@evil.test/", "//evil.test", "http://app.test.evil.test/",
        "ftp://app.test/", "http://app.test\\@evil.test/",
    ]) func nobodyIsSentToAStranger(_ address: String) async throws {
        try await withPayments { stage in
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "k"],
                body: [
                    "purpose": "invoice", "purposeId": .string("\(try await stage.invoice(100_00))"),
                    "returnUrl": .string(address),
                ])
            #expect(answer.status == 422)
            #expect(answer.refusedFields == ["returnUrl"])
        }
    }

    @Test func whatAProductKeepsToItselfIsNotPaidHere() async throws {
        try await withPayments { stage in
            for (purpose, status) in [("deposit", 201), ("kept", 422), ("unheard", 422)] {
                let answer = try await stage.server.send(
                    "POST", "/api/v1/payments/create", token: "resident", fields: ["Idempotency-Key": "\(UUID.v7())"],
                    body: ["purpose": .string(purpose), "purposeId": .string("\(UUID.v7())"), "currency": "RUB"])
                #expect(answer.status == status && (status == 201 || answer.code == "purpose_unknown"), "\(answer.text)")
            }
        }
    }

    @Test func aPaidInvoiceIsNotPaidAgain() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            try await stage.hand(invoice, "100", status: 201)
            #expect(try await stage.order(invoice).code == "already_paid")
            try await stage.hand(invoice, "1", status: 409)
        }
    }

    @Test func paymentsAreSeenByTheirPayerAndTheOffice() async throws {
        try await withPayments { stage in
            let (id, _) = try await stage.checkout(try await stage.invoice(100_00))
            for (token, status) in [
                ("resident", 200), ("office", 200), ("root", 200), ("flatmate", 404), ("neighbour", 404), ("stranger", 404),
            ] {
                #expect(try await stage.server.send("GET", "/api/v1/payments/\(id)", token: token).status == status, "\(token)")
                let list = try await stage.server.send("GET", "/api/v1/payments?status=pending", token: token)
                #expect(list.data.array?.count == (status == 200 ? 1 : 0), "\(token)")
            }
            let answer = try await stage.server.send("GET", "/api/v1/payments?sort=createdAt&from=2026-01-01", token: "office")
            #expect(answer.status == 200)
        }
    }

    /// Those who live there read and pay all the same.
    @Test func theOfficeOfALockedScopeIsRefusedInListsToo() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, _) = try await stage.checkout(invoice)
            stage.locks.replaceAll([stage.world.company: PaymentWorld.gate])
            let paths = ["/payments", "/payments/\(id)", "/payments/refunds", "/invoices", "/invoices/\(invoice)/payments"]
            for path in paths {
                let refused = try await stage.server.send("GET", "/api/v1" + path, token: "office")
                #expect(refused.status == 403 && refused.code == "unpaid", "\(path) \(refused.text)")
                for token in ["resident", "root"] {
                    let answer = try await stage.server.send("GET", "/api/v1" + path, token: token)
                    #expect(answer.status == 200, "\(path) as \(token): \(answer.text)")
                }
            }
            let own = try await stage.server.send("GET", "/api/v1/payments", token: "resident")
            #expect(own.data.array?.map { $0["id"]?.string } == ["\(id)"])
            let cancelled = try await stage.server.send("POST", "/api/v1/payments/\(id)/cancel", token: "office")
            #expect(cancelled.status == 403 && cancelled.code == "unpaid", "\(cancelled.text)")
            #expect(try await stage.server.send("POST", "/api/v1/payments/\(id)/cancel", token: "resident").status == 200)
            #expect(try await stage.order(invoice).status == 201)
        }
    }

    /// Below a wider right: of the condo where it is denied, and of the company.
    @Test(arguments: ["elsewhere", "anywhere else"]) func whatIsDeniedIsInNoList(_ token: String) async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, _) = try await stage.checkout(invoice)
            for path in ["/payments", "/payments/refunds", "/invoices"] {
                #expect(try await stage.server.send("GET", "/api/v1" + path, token: "office").status == 200)
                let list = try await stage.server.send("GET", "/api/v1" + path, token: token)
                #expect(list.status == 200 && list.data.array?.count == 0, "\(path) \(list.text)")
            }
            for path in ["/payments/\(id)", "/invoices/\(invoice)"] {
                let one = try await stage.server.send("GET", "/api/v1" + path, token: token)
                #expect(one.status == 404, "\(path) \(one.text)")
            }
        }
    }

    /// The sums are of what the filter leaves and the caller may see, whichever page he reads.
    @Test func aListSaysWhatItComesTo() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            _ = try await stage.checkout(try await stage.invoice(30_00, period: "2026-06"))
            try await stage.hand(invoice, "60", status: 201)
            try await stage.hand(invoice, "40", status: 201)
            func sums(_ query: String, token: String) async throws -> [String] {
                let meta = try await stage.server.send("GET", "/api/v1/payments?limit=1" + query, token: token).meta
                let totals = (meta["totals"]?.array ?? []).map { totals in
                    (totals["currency"]?.string ?? "") + ["count", "amount", "captured", "refunded"].map {
                        " " + (totals[$0]?.number?.description ?? "none")
                    }.joined()
                }
                return ["\(meta["total"]?.int ?? -1)"] + totals
            }
            #expect(try await sums("", token: "office") == ["3", "EUR 3 130 100 0"])
            #expect(try await sums("&page=3", token: "office") == ["3", "EUR 3 130 100 0"])
            #expect(try await sums("&status=pending", token: "office") == ["1", "EUR 1 30 0 0"])
            #expect(try await sums("", token: "resident") == ["1", "EUR 1 30 0 0"])
            #expect(try await sums("", token: "neighbour") == ["0"])
        }
    }

    @Test func theBookIsReadByTheOffice() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            try await stage.hand(invoice, "100", status: 201)
            let path = "/api/v1/payments/ledger"
            #expect(try await stage.server.send("GET", path + "/accounts", token: "resident").status == 403)
            let accounts = try await stage.server.send("GET", path + "/accounts", token: "office")
            #expect(accounts.data.array?.count == 3)
            let others = try await stage.server.send("GET", path + "/accounts", token: "anywhere else")
            #expect(others.status == 200 && !others.text.contains("\(stage.world.company.id!)"), "\(others.text)")
            let denied = try await stage.server.send(
                "GET", path + "/accounts?ownerId=\(stage.world.company.id!)", token: "anywhere else")
            #expect(denied.data.array?.count == 0, "\(denied.text)")
            let owner = "ownerType=company&ownerId=\(stage.world.company.id!)&currency=EUR"
            let balance = try await stage.server.send("GET", path + "/balance?\(owner)", token: "office")
            #expect(balance.text.contains("\"received\":100.00"))
            #expect(balance.text.contains("\"commissionDue\":5.00"))
            #expect(try await stage.server.send("GET", path + "/balance?\(owner)", token: "stranger").status == 404)
            let due = LedgerAccount.commissionDue(stage.world.company, .eur).id
            let entries = try await stage.server.send("GET", path + "/accounts/\(due)/entries", token: "office")
            #expect(entries.data.array?.count == 1)
            #expect(try await stage.server.send("GET", path + "/accounts/\(due)/entries", token: "stranger").status == 404)
            #expect(try await stage.server.send("GET", "/api/v1/wallets", token: "resident").data.array?.count == 0)
        }
    }

    @Test func aWalletIsItsOwners() async throws {
        try await withPayments { stage in
            let owner = Scope("user", stage.world.people.id(of: "resident"))
            let wallet = LedgerAccount(owner: owner, code: "wallet", unit: "EUR", isWallet: true, floor: 0)
            try await stage.payments.ledger.post(
                NewTransaction(
                    kind: "test", product: "test", object: nil, idempotencyKey: "fill",
                    postings: [Posting(wallet, 500), Posting(.clearing("sandbox", .eur), -500)]))
            for (token, status) in [("resident", 200), ("root", 200), ("office", 404), ("neighbour", 404)] {
                let path = "/api/v1/wallets/\(wallet.id)"
                #expect(try await stage.server.send("GET", path, token: token).status == status, "\(token)")
                #expect(try await stage.server.send("GET", path + "/entries", token: token).status == status, "\(token)")
            }
            let list = try await stage.server.send("GET", "/api/v1/wallets", token: "resident")
            #expect(list.text.contains("\"balance\":5.00"))
        }
    }

    @Test func anExpiredOneMakesPlace() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let (id, _) = try await stage.checkout(invoice)
            stage.server.clock.advance(by: .days(2))
            #expect(try await stage.order(invoice, token: "flatmate").status == 201)
            #expect(try await stage.payment(id).state.status == .expired)
        }
    }
}
