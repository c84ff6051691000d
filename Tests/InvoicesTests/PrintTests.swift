import JSON
import Postgres
import Print
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Invoices

@Suite struct PrintTests {
    private let world = InvoiceWorld()

    private static let facts = """
        {"locale":"ru","issuer":{"name":"ООО «Дом <&>» شركة","address":"Москва","taxCode":"7701234567","iban":"BG80"},\
        "condo":{"name":"Берёзовая роща","address":"ул. Ленина, 1"}}
        """

    @Test func anIssuedInvoiceIsPrintedTheSameEachTime() async throws {
        let kept = Mutex<Invoices?>(nil)
        try await withServer(compose: { [world] platform in
            let invoices = Invoices(
                database: platform.database, events: platform.outbox, kinds: world.kinds, clock: platform.clock)
            kept.withLock { $0 = invoices }
            let printer = Printer(
                font: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", pool: platform.blocking, metrics: platform.metrics,
                log: platform.log)
            return TestComposition(authenticator: world.people, modules: [InvoicesModule(invoices, printer: printer)])
        }) { [world] server in
            guard let invoices = kept.withLock({ $0 }) else { preconditionFailure("the server was composed") }
            var draft = world.draft()
            draft.snapshot = JSONText(trusted: Array(Self.facts.utf8))
            let issued = try #require(try await invoices.createIssued(draft))
            let path = "/api/v1/invoices/\(issued.id)/pdf"
            for (name, status) in [
                (nil, 401), ("guest of nothing", 404), ("stranger", 404), ("neighbour", 404), ("resident", 200), ("accountant", 200),
            ] as [(String?, Int)] {
                #expect(try await server.send("GET", path, token: name).status == status, "\(name ?? "guest")")
            }
            let first = try await server.send("GET", path, token: "resident")
            #expect(first.body.starts(with: "%PDF-".utf8) && first.field("content-type") == "application/pdf")
            #expect(first.field("content-disposition") == "inline; filename=\"\(issued.number ?? "").pdf\"")
            // What happens to it afterwards is not printed.
            try await invoices.cancel(issued.id, reason: "a mistake")
            server.clock.advance(by: .days(40))
            let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<6 { group.addTask { try await server.send("GET", path, token: "resident").body } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0 == first.body })
            let open = try #require(try await invoices.create(world.draft(period: "2026-08")))
            #expect(try await server.send("GET", "/api/v1/invoices/\(open.id)/pdf", token: "accountant").code == "invalid_state")
            #expect(try await server.send("GET", "/api/v1/invoices/\(open.id)/pdf", token: "resident").status == 404)
        }
    }

    @Test func whatIsOnThePaper() async throws {
        try await withDatabase { [world] database in
            let invoices = world.door(database)
            var draft = world.draft(nil, period: "2026-07", 1_000_00)
            draft.items = (0..<80).map { number in
                var item = NewInvoiceItem(
                    description: "Услуга \(number): " + String(repeating: "содержание и ремонт ", count: 6), quantity: 2,
                    unitPrice: UnitPrice(raw: 12_350_000))
                item.taxRate = Percent(20)
                return item
            }
            draft.notes = "Спасибо\nمع الشكر"
            let created = try #require(try await invoices.createIssued(draft))
            let detail = try #require(try await invoices.detail(created.id))
            let face = try #require(Typeface(path: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
            let page = InvoicePaper(detail, facts: try JSONValue.decode(json: Self.facts))
            var paper = Paper(face, footer: page.footer)
            try page.write(on: &paper)
            let pages = paper.svg
            #expect(pages.count > 3)
            let all = pages.joined()
            for text in [
                "Счёт \(created.number ?? "")", "Оплатить до: \(detail.invoice.state.dueOn)", "Период: 2026-07",
                "ООО «Дом &lt;&amp;&gt;» شركة", "Итого, EUR", "مع الشكر", "Наименование", "24.70", "1976.00", "395.20", "2371.20",
            ] { #expect(all.contains(">\(text)</text>"), "\(text)") }
            // The table's head stands on every page on which it goes on.
            #expect(pages.filter { $0.contains(">24.70</text>") }.allSatisfy { $0.contains(">Наименование</text>") })
        }
    }
}
