import Invoices
import JSON
import Postgres
import Runtime
import Service
import Support
import Telemetry
import Values

/// Two companies with a condo and two units each, and people of every sort: what the tests of invoices play in.
struct InvoiceWorld: Sendable {
    struct Estate: Sendable {
        let company = Scope("company", .v7())
        let condo = Scope("condo", .v7())
        let unit = Scope("unit", .v7())
        let neighbour = Scope("unit", .v7())

        func parties(_ debtor: Scope) -> InvoiceParties { InvoiceParties(issuer: company, debtor: debtor, scope: condo) }
    }

    let own = Estate()
    let other = Estate()

    var people: People {
        var people = People()
        people.add("root", .platform, ["*"])
        people.add("accountant", own.company, Self.office)
        people.add("admin", own.condo, Self.office + [.invoicesManage])
        people.add("stranger", other.company, Self.office + [.invoicesManage])
        people.add("resident", own.unit, [.invoicesPay])
        people.add("neighbour", own.neighbour, [.invoicesPay])
        people.add("director", own.company, Self.office + [.invoicesManage, .invoicesPay])
        people.add("guest of nothing", nil, [])
        return people
    }

    static let office: [Permission] = [.invoicesRead, .invoicesCreate, .invoicesUpdate]

    var kinds: InvoiceKinds {
        InvoiceKinds([
            InvoiceKind(
                "unit_monthly", product: "condominiums", series: "INV", debtor: "unit", scope: "condo", issuer: "company",
                generator: Nothing()),
            InvoiceKind(
                "unit_manual", product: "condominiums", series: "INV", debtor: "unit", scope: "condo", issuer: "company",
                manual: ManualInvoices { [own, other] debtor in
                    for estate in [own, other] where [estate.unit.id, estate.neighbour.id].contains(debtor) {
                        return InvoiceTerms(
                            parties: estate.parties(Scope("unit", debtor)), currency: .eur, timeZone: "Europe/Sofia")
                    }
                    return nil
                }),
            InvoiceKind(
                "company_platform", product: "condominiums", series: "UKI", debtor: "company", scope: "company",
                issuer: "platform"),
            InvoiceKind(
                "plan", product: "plans", series: "SUB", digits: 4, followsIndia: true, debtor: "unit", scope: "condo",
                issuer: "company"),
        ])
    }

    func draft(_ debtor: Scope? = nil, kind: String = "unit_monthly", period: String? = "2026-07", _ cents: Int64 = 5_000_00)
        -> NewInvoice
    {
        NewInvoice(
            kind: kind, parties: own.parties(debtor ?? own.unit), period: period.flatMap { Period($0) }, currency: .eur,
            timeZone: "Europe/Sofia",
            items: [NewInvoiceItem(description: "Maintenance", quantity: 1, unitPrice: UnitPrice(raw: cents * 10_000))])
    }

    /// What the platform asks of the company.
    var platformInvoice: NewInvoice {
        NewInvoice(
            kind: "company_platform",
            parties: InvoiceParties(issuer: .platform, debtor: own.company, scope: own.company),
            period: Period("2026-07"), currency: .eur, timeZone: "UTC",
            items: [NewInvoiceItem(description: "Service", quantity: 40, unitPrice: 1)])
    }

    func door(_ database: Database, clock: Clock = .system) -> Invoices {
        Invoices(
            database: database, events: Outbox(database: database, log: .silent), kinds: kinds, clock: clock)
    }

    private struct Nothing: InvoiceGenerator {
        func generate(_ order: InvoiceGeneration, by caller: Caller) async throws -> InvoiceRun {
            try caller.require(.invoicesCreate, on: [Scope("condo", order.scope)])
            return InvoiceRun(
                id: nil, kind: "unit_monthly", scopeID: order.scope, period: order.period ?? Period("2026-07")!,
                status: .done, debtors: 0, created: 0, skipped: 0, total: .zero(.eur))
        }
    }
}

/// People known by a word as their token.
struct People: Authenticator {
    private var principals: [String: Principal] = [:]

    mutating func add(_ name: String, _ scope: Scope?, _ permissions: [Permission]) {
        let grants = scope.map {
            [Grant(role: "r", level: 1, scope: $0, permissions: PermissionSet(role: permissions))]
        }
        principals[name] = Principal(
            kind: .user, userID: .v7(), name: name, grants: grants ?? [], sessionID: nil, expiresAt: .distantFuture)
    }

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        principals[String(decoding: token, as: UTF8.self)]
    }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        principals[token]
    }
}
