import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@Suite struct InvoiceOperationsTests {
    let world = InvoiceWorld()

    private func withInvoices<T: Sendable>(
        _ body: @escaping @Sendable (TestServer, Invoices) async throws -> T
    ) async throws -> T {
        let box = Box()
        return try await withServer(compose: { platform in
            let invoices = Invoices(
                database: platform.database, events: platform.outbox, kinds: world.kinds, clock: platform.clock)
            box.invoices = invoices
            return TestComposition(authenticator: world.people, modules: [InvoicesModule(invoices)])
        }) { server in
            try await body(server, try #require(box.invoices))
        }
    }

    private final class Box: @unchecked Sendable { var invoices: Invoices? }

    /// Guest, wrong role, other company, neighbour: who reads one issued invoice and one draft.
    @Test(arguments: [
        (nil, 401, 401), ("guest of nothing", 404, 404), ("stranger", 404, 404), ("neighbour", 404, 404),
        ("resident", 200, 404), ("accountant", 200, 200), ("admin", 200, 200), ("director", 200, 200), ("root", 200, 200),
    ] as [(String?, Int, Int)]) func whoReads(_ token: String?, issued: Int, draft: Int) async throws {
        try await withInvoices { server, door in
            let first = try #require(try await door.createIssued(world.draft()))
            let second = try #require(try await door.create(world.draft(period: "2026-08")))
            #expect(try await server.send("GET", "/api/v1/invoices/\(first.id)", token: token).status == issued)
            #expect(try await server.send("GET", "/api/v1/invoices/\(second.id)", token: token).status == draft)
            let list = try await server.send("GET", "/api/v1/invoices", token: token)
            let expected = [issued, draft].filter { $0 == 200 }.count
            #expect(list.status == (token == nil ? 401 : 200))
            if token != nil { #expect(list.meta["total"]?.number == DecimalNumber(Int64(expected))) }
        }
    }

    @Test func oneInvoiceHasItsLinesAndBalance() async throws {
        try await withInvoices { server, door in
            let created = try #require(try await door.createIssued(world.draft()))
            let answer = try await server.send("GET", "/api/v1/invoices/\(created.id)", token: "resident")
            #expect(answer.data["number"]?.string == created.number)
            #expect(answer.text.contains("\"total\":5000.00"))
            #expect(answer.text.contains("\"balance\":5000.00"))
            #expect(answer.data["items"]?.array?.count == 1)
            #expect(answer.data["payments"]?.array?.count == 0)
            #expect(answer.field("etag") != nil)
        }
    }

    /// Figures and files are of what the caller's list shows, by currency.
    @Test func figuresAndFilesOfWhatOneSees() async throws {
        try await withInvoices { server, door in
            for (debtor, period, days, rate) in [
                (world.own.unit, "2026-01", -100, 20), (world.own.unit, "2026-02", -40, 20), (world.own.unit, "2026-03", -1, nil),
                (world.own.neighbour, "2026-01", 5, 10),
            ] as [(Scope, String, Int, Percent?)] {
                var draft = world.draft(debtor, period: period, 100_00)
                draft.items[0].taxRate = rate
                draft.dueOn = server.clock.clock.now().day.adding(days: days)
                _ = try #require(try await door.createIssued(draft))
            }
            _ = try #require(try await door.create(world.draft(period: "2026-05")))
            let stats = "/api/v1/invoices/stats"
            for (token, status, count) in [
                (nil, 401, 0), ("guest of nothing", 200, 0), ("stranger", 200, 0), ("resident", 200, 3), ("accountant", 200, 4),
            ] as [(String?, Int, Int)] {
                let answer = try await server.send("GET", stats, token: token)
                #expect(answer.status == status, "\(token ?? "guest"): \(answer.text)")
                #expect((answer.data[0]?["count"]?.int ?? 0) == count)
            }
            let all = try await server.send("GET", stats, token: "accountant").data[0]
            for (member, amount) in [("total", "450.00"), ("balance", "450.00"), ("overdue", "340.00"), ("tax", "50.00"), ("paid", "0.00")] {
                #expect(all?[member] == .number(amount), "\(member): \(all?[member] ?? .null)")
            }
            let aging = all?["aging"]?.object?.map { "\($0.name)=\($0.value.number ?? 0)" }
            #expect(aging == ["notDue=110", "days1to30=100", "days31to60=120", "days61to90=0", "over90=120"])
            #expect(all?["byStatus"]?["draft"] == 1)
            let taxes = all?["taxes"]?.array?.map { "\($0["rate"]?.number ?? 0): \($0["amount"]?.number ?? 0)" }
            #expect(taxes == ["10: 10", "20: 40"])
            let own = try await server.send("GET", "/api/v1/invoices/export", token: "resident")
            #expect(own.text.split(separator: "\r\n").count == 4 && own.text.hasPrefix("number,kind,status,"), "\(own.text)")
            #expect(try await server.send("GET", "/api/v1/invoices/export").status == 401)
            let book = try await server.send("GET", "/api/v1/invoices/export?format=xlsx&period=2026-01", token: "accountant")
            #expect(book.status == 200 && book.body.starts(with: "PK".utf8))
        }
    }

    @Test func theDebtorsOwnStaffCannotCancelWhatItOwes() async throws {
        try await withInvoices { server, door in
            let created = try #require(try await door.createIssued(world.platformInvoice))
            let path = "/api/v1/invoices/\(created.id)"
            #expect(try await server.send("GET", path, token: "director").status == 200)
            let refused = try await server.send("POST", path + "/cancel", token: "director", body: ["reason": "no"])
            #expect(refused.status == 403)
            #expect(try await server.send("POST", path + "/cancel", token: "root", body: ["reason": "no"]).status == 200)
        }
    }

    @Test func writtenByHandIssuedChangedAndCancelled() async throws {
        try await withInvoices { server, _ in
            let body: JSONValue = [
                "kind": "unit_manual", "debtorId": .string("\(world.own.unit.id!)"),
                "items": [["description": "Lamp", "quantity": 2, "unitPrice": .number("12.345")]],
            ]
            for token in ["resident", "neighbour", "stranger", "guest of nothing"] {
                let refused = try await server.send("POST", "/api/v1/invoices", token: token, body: body)
                #expect(refused.status == 404, "\(token)")
            }
            let created = try await server.send("POST", "/api/v1/invoices", token: "accountant", body: body)
            #expect(created.status == 201)
            #expect(created.data["status"] == "draft")
            #expect(created.text.contains("\"total\":24.69"))
            let path = try #require(created.field("location"))
            let changed = try await server.send(
                "PATCH", path, token: "accountant",
                body: ["notes": "soon", "items": [["description": "Lamp", "quantity": 3, "unitPrice": 10]]])
            #expect(changed.status == 200)
            #expect(changed.text.contains("\"total\":30.00"))
            let issued = try await server.send("POST", path + "/issue", token: "accountant")
            #expect(issued.data["status"] == "issued")
            #expect(issued.data["number"]?.string?.hasPrefix("INV-") == true)
            #expect(try await server.send("POST", path + "/issue", token: "accountant").code == "invalid_state")
            #expect(try await server.send("DELETE", path, token: "admin").code == "invalid_state")
            #expect(try await server.send("POST", path + "/cancel", token: "accountant", body: ["reason": "x"]).status == 403)
            let cancelled = try await server.send("POST", path + "/cancel", token: "admin", body: ["reason": "x"])
            #expect(cancelled.data["status"] == "cancelled")
            #expect(try await server.send("PATCH", path, token: "admin", body: ["notes": .null]).code == "invalid_state")
        }
    }

    @Test func aDraftIsDeleted() async throws {
        try await withInvoices { server, door in
            let draft = try #require(try await door.create(world.draft()))
            #expect(try await server.send("DELETE", "/api/v1/invoices/\(draft.id)", token: "accountant").status == 403)
            #expect(try await server.send("DELETE", "/api/v1/invoices/\(draft.id)", token: "stranger").status == 404)
            #expect(try await server.send("DELETE", "/api/v1/invoices/\(draft.id)", token: "admin").status == 204)
            #expect(try await server.send("GET", "/api/v1/invoices/\(draft.id)", token: "admin").status == 404)
        }
    }

    @Test func aDraftIsDeletedOnTheCopyThatWasRead() async throws {
        try await withInvoices { server, door in
            let draft = try #require(try await door.create(world.draft()))
            let path = "/api/v1/invoices/\(draft.id)"
            try await server.checkDeletion(of: path, as: "admin") {
                let changed = try await server.send("PATCH", path, token: "admin", body: ["notes": "soon"])
                #expect(changed.status == 200)
            }
        }
    }

    @Test(arguments: [
        ("{}", ["debtorId", "items", "kind"]), ("{\"kind\":\"unit_monthly\",\"debtorId\":\"x\",\"items\":[]}", ["debtorId", "items"]),
    ]) func badBodiesSayWhere(_ body: String, _ fields: [String]) async throws {
        try await withInvoices { server, _ in
            let answer = try await server.send(
                "POST", "/api/v1/invoices", token: "accountant", fields: ["Content-Type": "application/json"],
                raw: Array(body.utf8))
            #expect(answer.status == 422)
            #expect(answer.refusedFields == fields)
        }
    }

    @Test func listsAreFilteredSortedAndPaged() async throws {
        try await withInvoices { server, door in
            for month in 1...9 {
                let debtor = month.isMultiple(of: 2) ? world.own.unit : world.own.neighbour
                var draft = world.draft(debtor, period: "2026-0\(month)", Int64(month * 100))
                if month <= 3 { draft.dueOn = Day(year: 2026, month: 2, day: 1) }
                _ = try await door.createIssued(draft)
            }
            func total(_ query: String, _ token: String = "accountant") async throws -> DecimalNumber? {
                try await server.send("GET", "/api/v1/invoices?\(query)", token: token).meta["total"]?.number
            }
            #expect(try await total("") == 9)
            #expect(try await total("unitId=\(world.own.unit.id!)") == 4)
            #expect(try await total("condoId=\(world.own.condo.id!)&period=2026-05") == 1)
            #expect(try await total("overdue=true") == 3)
            #expect(try await total("status=overdue") == 3)
            #expect(try await total("kind=unit_manual") == 0)
            #expect(try await total("", "resident") == 4)
            #expect(try await total("unitId=\(world.own.unit.id!)", "neighbour") == 0)
            #expect(try await total("q=00000%25") == 0)
            #expect(try await total("q=00003") == 1)
            let page = try await server.send("GET", "/api/v1/invoices?sort=-period&limit=2&page=2", token: "accountant")
            #expect(page.data.array?.compactMap { $0["period"]?.string } == ["2026-07", "2026-06"])
            let due = try await server.send("GET", "/api/v1/invoices?sort=dueOn&limit=3", token: "accountant")
            #expect(due.data.array?.allSatisfy { $0["dueOn"]?.string == "2026-02-01" } == true)
            #expect(try await server.send("GET", "/api/v1/invoices?sort=total", token: "accountant").status == 422)
            let unknown = try await server.send("GET", "/api/v1/invoices?unit=1", token: "accountant")
            #expect(unknown.code == "unknown_field")
        }
    }

    @Test func anInvoiceIsChangedOnTheCopyThatWasRead() async throws {
        try await withInvoices { server, door in
            let created = try #require(try await door.createIssued(world.draft()))
            let change = MatchedChange(
                "/api/v1/invoices/\(created.id)", as: "accountant", ["notes": "soon"], ["notes": "later"])
            try await server.checkMatching(change)
            try await server.raceMatching(
                change, holding: Statement("select 1 from invoices.invoices where id = \(created.id) for update"))
        }
    }

    @Test func generationIsTheProducts() async throws {
        try await withInvoices { server, _ in
            let body: JSONValue = ["condoId": .string("\(world.own.condo.id!)"), "period": "2026-07"]
            #expect(try await server.send("POST", "/api/v1/invoices/generate", token: "admin", body: body).status == 202)
            #expect(try await server.send("POST", "/api/v1/invoices/generate", token: "stranger", body: body).status == 404)
            let unknown: JSONValue = ["condoId": .string("\(world.own.condo.id!)"), "kind": "nothing"]
            let refused = try await server.send("POST", "/api/v1/invoices/generate", token: "admin", body: unknown)
            #expect(refused.code == "kind_not_generated")
        }
    }
}
