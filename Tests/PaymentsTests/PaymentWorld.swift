import Crypto
import Identity
import Invoices
import JSON
import Notifications
import Postgres
import Print
import Runtime
import Service
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Jobs
@testable import Payments

/// A company with a condo and a unit, its office, its resident: what the tests of payments play in.
struct PaymentWorld: Sendable {
    let company = Scope("company", .v7())
    let condo = Scope("condo", .v7())
    let unit = Scope("unit", .v7())
    let people: People
    /// Between us and the sandbox.
    let line = FragileProvider.Line()
    /// Who transfers payouts.
    let transfer = FragileTransfer()
    /// Providers of other houses that are set up beside the sandbox.
    let outside: @Sendable (OutsideParts) -> [any PaymentProvider]
    /// Providers that carry payouts out.
    let transfers: @Sendable (OutsideParts) -> [any PayoutTransfer]

    init(
        transfers: @escaping @Sendable (OutsideParts) -> [any PayoutTransfer] = { _ in [] },
        outside: @escaping @Sendable (OutsideParts) -> [any PaymentProvider] = { _ in [] }
    ) {
        self.outside = outside
        self.transfers = transfers
        var people = People()
        people.add("root", .platform, ["*"])
        let office: [Permission] = [.invoicesRead, .paymentsRead, .paymentsManage, .financialRead]
        people.add("office", company, office)
        people.add("finance", .platform, [.paymentsRead, .paymentsManage, .financialRead, .financialManage])
        people.add("director", company, ["*"])
        people.add("stranger", Scope("company", .v7()), office)
        people.add("elsewhere", company, office, notOn: condo)
        people.add("anywhere else", .platform, ["*"], notOn: company)
        people.add("resident", unit, [.invoicesPay])
        people.add("flatmate", unit, [.invoicesPay])
        people.add("neighbour", Scope("unit", .v7()), [.invoicesPay])
        self.people = people
    }

    /// The gate of a product.
    static let gate = ScopeLock(status: Unpaid.unpaid.status, code: Unpaid.unpaid.rawValue, reason: Unpaid.unpaid.detail)

    static let kind = InvoiceKind(
        "unit_monthly", product: "condominiums", series: "INV", debtor: "unit", scope: "condo", issuer: "company")

    /// What guests owe: whoever has the order's word.
    static let order = InvoiceKind(
        "order", product: "condominiums", series: "FAC", debtor: "unit", scope: "condo", issuer: "company",
        guests: { invoice, proof in
            proof == "word of \(invoice.id)" ? InvoiceGuest(name: "Gast", email: "gast@example.test", phone: "+919000000009") : nil
        })

    func draft(_ cents: Int64, period: String, _ currency: Currency = .eur) -> NewInvoice {
        NewInvoice(
            kind: "unit_monthly", parties: InvoiceParties(issuer: company, debtor: unit, scope: condo),
            period: Period(period), currency: currency, timeZone: "Europe/Sofia",
            items: [NewInvoiceItem(description: "Maintenance", quantity: 1, unitPrice: UnitPrice(raw: cents * 10_000))])
    }

    func module(on platform: TestPlatform) throws -> PaymentsModule {
        let invoices = Invoices(
            database: platform.database, events: platform.outbox, kinds: InvoiceKinds([Self.kind, Self.order]), clock: platform.clock)
        let sandbox = SandboxProvider(
            database: platform.database, secret: "s3cret", publicURL: "http://pay.test", clock: platform.clock)
        let parts = OutsideParts(
            client: try TestLoops.client(), database: platform.database, clock: platform.clock, metrics: platform.metrics,
            log: platform.log)
        let payments = Payments(
            database: platform.database, invoices: invoices, purposes: [
                DepositPurpose(payee: company), DepositPurpose(payee: company, name: "kept", isForPayers: false),
                RaffleTicket(payee: company),
            ],
            providers: PaymentProviders(outside(parts) + [FragileProvider(sandbox, line)], database: platform.database),
            commissions: ["condominiums": CommissionPolicy(standard: Commission(fixed: 0, percent: 5))],
            followUp: PaymentFollowUp(
                events: platform.outbox, jobs: Jobs(database: platform.database), log: platform.log),
            cache: platform.cache, ring: SealingRing(current: .random(id: 1)), publicURL: "http://pay.test", clock: platform.clock)
        var terms = PayoutTerms()
        terms.secondApprovalAbove = 50_000
        let payouts = Payouts(
            ledger: payments.ledger, kinds: [PayeeKind("company", product: "condominiums") { [terms] in terms }],
            transfers: PayoutTransfers(manual: transfer, providers: transfers(parts)),
            ring: SealingRing(current: .random(id: 1)), followUp: payments.followUp)
        return PaymentsModule(
            payments, payouts: payouts,
            returns: ReturnAddresses(standard: "http://app.test/", hosts: [], more: { ["shop://"] }),
            notifier: SandboxNotifier(sandbox, address: "http://nowhere.test") { _, _, _ in 200 },
            trail: MoneyTrail(
                Audit(database: platform.database, clock: platform.clock, log: platform.log), RoleBook([])),
            printer: Printer(
                font: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", pool: platform.blocking, metrics: platform.metrics,
                log: platform.log),
            notifications: Notifications(
                database: platform.database, jobs: Jobs(database: platform.database), events: platform.outbox,
                dataKey: [UInt8](repeating: 7, count: 32), channels: .sandbox,
                contacts: UserContacts(platform.database), clock: platform.clock, log: platform.log),
            payees: { [people, company] payee in payee == company ? [people.id(of: "office")!] : [] },
            credits: credits(payments.ledger))
    }

    /// Companies pay for the messages of theirs.
    func credits(_ ledger: Ledger) -> CreditWallets {
        CreditWallets(
            ledger, payers: ["company"],
            kinds: [
                .top("company", all: "select \(company.id!)::uuid as id"),
                .under("company", "condo", links: "select \(condo.id!)::uuid as id, \(company.id!)::uuid as parent_id"),
                .top("seller", all: "select \(UUID.zero)::uuid as id"),
            ])
    }

    /// People exist before they pay.
    func settle(in database: Database) async throws {
        for id in people.ids {
            try await database.execute(
                Command(
                    """
                    insert into identity.users (id, first_name, last_name, status, phone, email)
                    values (\(id), 'A', 'B', 'active', '+919000000001', \(id)::text || '@people.test')
                    """))
        }
    }
}

enum Unpaid: String, ProblemKind {
    case unpaid
    var status: Int { 403 }
    var detail: String { "The landlord has not paid." }
}

/// A product that has nothing but a gate.
struct Landlord: Module {
    let name = "landlord"
    var operations: [Operation] { [] }
    var gates: [any ProblemKind] { [Unpaid.unpaid] }
    static var statements: [StatementSample] { [] }
}

/// A server with payments, and the jobs that its workers would run, run by hand.
final class PaymentStage: Sendable {
    let world: PaymentWorld
    let server: TestServer
    let payments: Payments
    let module: PaymentsModule
    /// The gates that a product would close.
    let locks: ScopeLocks

    init(_ world: PaymentWorld, _ server: TestServer, _ module: PaymentsModule, _ locks: ScopeLocks) {
        self.locks = locks
        self.world = world
        self.server = server
        self.module = module
        payments = module.payments
    }

    func invoice(
        _ cents: Int64, _ currency: Currency = .eur, period: String = "2026-07", due: Day? = nil
    ) async throws -> ID<Invoice> {
        var draft = world.draft(cents, period: period, currency)
        draft.dueOn = due
        return try #require(try await payments.invoices.createIssued(draft)).id
    }

    func order(
        _ invoice: ID<Invoice>, amount: String? = nil, token: String = "resident", key: String = "\(UUID.v7())",
        provider: String? = nil
    ) async throws -> TestAnswer {
        var members: [(name: String, value: JSONValue)] = [
            ("purpose", "invoice"), ("purposeId", .string("\(invoice)")), ("returnUrl", "http://app.test/back"),
        ]
        if let amount { members.append(("amount", .number(amount))) }
        if let provider { members.append(("provider", .string(provider))) }
        return try await server.send(
            "POST", "/api/v1/payments/create", token: token, fields: ["Idempotency-Key": key], body: .object(members))
    }

    /// An open payment, and the path of its checkout page.
    func checkout(
        _ invoice: ID<Invoice>, amount: String? = nil, token: String = "resident"
    ) async throws -> (id: ID<Payment>, page: String) {
        let answer = try await order(invoice, amount: amount, token: token)
        #expect(answer.status == 201)
        let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
        let url = try #require(answer.data["checkout"]?["url"]?.string)
        return (id, String(url.dropFirst("http://pay.test".count)))
    }

    func choose(_ outcome: String, on page: String) async throws -> TestAnswer {
        try await server.send(
            "POST", page, fields: ["Content-Type": "application/x-www-form-urlencoded"], raw: Array("outcome=\(outcome)".utf8))
    }

    /// What the sandbox would send, signed, as often as asked, at once.
    func deliver(times: Int = 1) async throws -> [Int] {
        let events = try await server.database.all(
            Statement<String>("select data::text from jobs.jobs where name = 'sandbox-webhook' order by id"))
        let event = try SandboxEvent.decode(json: try #require(events.last))
        let body = event.jsonBytes
        let signature = StripeSignature(secret: "s3cret").sign(body, at: server.clock.clock.now())
        return try await race(times) { [server] _ in
            try await server.send(
                "POST", "/api/v1/payments/webhook/sandbox",
                fields: ["Sandbox-Signature": signature, "Content-Type": "application/json"], raw: body
            ).status
        }
    }

    /// Carries out what webhooks and refunds have left for the workers.
    func work() async throws {
        let events = try await server.database.all(
            Statement<ID<WebhookEvent>>("select id from payments.webhook_events where status = 'received'"))
        for event in events { try await module.inbox.carryOut(event) }
        let refunds = try await server.database.all(
            Statement<ID<Refund>>("select id from payments.refunds where status = 'approved'"))
        for refund in refunds { try await payments.process(refund) }
    }

    /// Lets workers carry out what there is of a kind, attempt after attempt, until none is left.
    func exhaust(_ job: String) async throws {
        let workers = JobWorkers(
            module.jobs.filter { $0.name == job }, database: server.database, loops: [TestLoops.group.loops[0]],
            log: .silent)
        let unfinished = Statement<Int>(
            "select count(*) from jobs.jobs where name = \(job) and finished_at is null")
        while try await server.database.one(unfinished) > 0 {
            try await server.database.execute(
                Command("update jobs.jobs set run_at = now() where name = \(job) and state = 'delayed'"))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
        }
    }

    func status(_ invoice: ID<Invoice>) async throws -> InvoiceState {
        try #require(try await payments.invoices.invoice(invoice)).state
    }

    func payment(_ id: ID<Payment>) async throws -> Payment { try await payments.payment(id).payment }

    func balance(_ account: LedgerAccount) async throws -> Int64 {
        try await server.database.first(LedgerQueries.account(account.id))?.balance ?? 0
    }

    func count(_ sql: SQL) async throws -> Int { try await server.database.one(Statement<Int>(sql)) }

    /// What must hold after everything.
    func audit() async throws {
        #expect(try await payments.auditLedger() == 0)
    }
}

func withPayments(
    transfers: @escaping @Sendable (OutsideParts) -> [any PayoutTransfer] = { _ in [] },
    outside: @escaping @Sendable (OutsideParts) -> [any PaymentProvider] = { _ in [] },
    _ body: @escaping @Sendable (PaymentStage) async throws -> Void
) async throws {
    let world = PaymentWorld(transfers: transfers, outside: outside)
    let box = Mutex<(PaymentsModule, ScopeLocks)?>(nil)
    try await withServer(compose: { platform in
        let module = try world.module(on: platform)
        box.withLock { $0 = (module, platform.locks) }
        try await world.settle(in: platform.database)
        return TestComposition(
            authenticator: world.people, modules: [
                InvoicesModule(
                    module.payments.invoices,
                    printer: Printer(
                        font: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", pool: platform.blocking,
                        metrics: MetricRegistry(loops: 2), log: platform.log)), module, Landlord(),
            ])
    }) { server in
        let (module, locks) = try #require(box.withLock { $0 })
        let stage = PaymentStage(world, server, module, locks)
        try await body(stage)
        try await stage.audit()
    }
}

/// People known by a word as their token.
struct People: Authenticator {
    private var principals: [String: Principal] = [:]

    /// - Parameter denied: where he is denied everything all the same.
    mutating func add(_ name: String, _ scope: Scope, _ permissions: [Permission], notOn denied: Scope? = nil) {
        var grants = [Grant(role: "r", level: 1, scope: scope, permissions: PermissionSet(role: permissions))]
        if let denied {
            grants.append(Grant(role: "r", level: 1, scope: denied, permissions: PermissionSet(role: [], extra: ["-*"])))
        }
        principals[name] = Principal(
            kind: .user, userID: .v7(), name: name, grants: grants, sessionID: nil, expiresAt: .distantFuture)
    }

    var ids: [UUID] { principals.values.map(\.userID) }

    func id(of name: String) -> UUID? { principals[name]?.userID }

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        principals[String(decoding: token, as: UTF8.self)]
    }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        principals[token]
    }
}

/// Runs `body` `count` times at once and gathers what it answers.
func race<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T] {
    try await withThrowingTaskGroup(of: T.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        var answers: [T] = []
        for try await answer in group { answers.append(answer) }
        return answers
    }
}

extension Payments {
    /// What is due for it is asked about, as the jobs would.
    func check() async throws {
        for due in try await dueChecks() { try await check(due) }
    }
}
