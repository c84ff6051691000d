import Crypto
import Files
import Identity
import Invoices
import Jobs
import JSON
import Notifications
import Postgres
import Service
import Support
import Synchronization
import Tickets
import Values

@testable import Condominiums

/// Runs `body` with the product behind a server, on a database with the world's two companies.
func withWorld(
    policy: Policy = Policy(rateLimit: nil), _ body: @escaping @Sendable (CondoWorld) async throws -> Void
) async throws {
    let letters = Letters()
    let modules = Mutex<(CondominiumsModule, IdentityModule)?>(nil)
    try await withServer(policy: policy) { platform in
        guard
            var options = IdentityOptions(
                dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example",
                appURL: "https://app.example")
        else { preconditionFailure("32 bytes are a key") }
        options.bcryptRounds = 4
        let identity = IdentityModule(
            database: platform.database, options: options, roles: CondominiumsModule.roles,
            kinds: CondominiumsModule.scopes, locks: platform.locks, postman: NoPostman(),
            loops: platform.loops.loops.count, log: platform.log, clock: platform.clock)
        let doors = CondominiumsDoors(
            database: platform.database, identity: identity, jobs: Jobs(database: platform.database),
            ring: SealingRing(current: .random(id: 1)), correspondent: letters,
            files: FileUse(database: platform.database, jobs: Jobs(database: platform.database), clock: platform.clock),
            botName: "condo_bot", clock: platform.clock)
        let invoices = Invoices(
            database: platform.database, events: platform.outbox, kinds: InvoiceKinds(doors.invoiceKinds),
            clock: platform.clock)
        let module = CondominiumsModule(doors, invoices: invoices)
        let tickets = Tickets(
            database: platform.database, scopes: identity.scopes, book: identity.book, profiles: [doors.ticketProfile],
            events: platform.outbox,
            notifications: Notifications(
                database: platform.database, jobs: Jobs(database: platform.database), events: platform.outbox,
                dataKey: Array(repeating: 7, count: 32), channels: Channels(email: SandboxEmail()), clock: platform.clock,
                log: platform.log),
            files: FileUse(database: platform.database, jobs: Jobs(database: platform.database), clock: platform.clock),
            clock: platform.clock)
        modules.withLock { $0 = (module, identity) }
        return TestComposition(
            authenticator: TokenIsUser(identity: identity), modules: [
                identity, InvoicesModule(invoices, trail: MoneyTrail(identity.audit, identity.book)), module,
                TicketsModule(tickets, trail: StaffTrail(identity.audit, identity.book)),
            ])
    } _: { server in
        guard let (module, identity) = modules.withLock({ $0 }) else { preconditionFailure("the server was composed") }
        let world = CondoWorld(server: server, module: module, identity: identity, letters: letters)
        try await world.settle()
        try await body(world)
    }
}

extension CondoWorld {
    fileprivate func settle() async throws {
        for (name, id) in people.all { try await addUser(id, name) }
        try await build(own, "X", "Europe/Sofia")
        try await build(other, "Y", "Europe/Sofia")
        try await give(people.root, "super_admin", .platform)
        try await give(people.finance, "finance", .platform)
        try await give(people.director, "director", Scope(.company, own.company))
        try await give(people.accountant, "accountant", Scope(.company, own.company))
        try await give(people.admin, "condo_admin", Scope(.condo, own.condo))
        try await give(people.worker, "worker", Scope(.condo, own.condo))
        try await give(people.guardian, "guard", Scope(.condo, own.condo))
        try await give(people.otherDirector, "director", Scope(.company, other.company))
        try await house(people.resident, in: own.unit)
        try await house(people.neighbour, in: own.neighbour)
    }

    func addUser(_ id: UUID, _ name: String) async throws {
        let address = name.replacing(" ", with: ".") + "@example.com"
        try await database.execute(
            Command(
                """
                insert into identity.users (id, email, email_verified_at, first_name, last_name, status)
                values (\(id), \(address), now(), \(name), 'Test', 'active')
                """))
    }

    func give(_ user: UUID, _ role: String, _ scope: Scope) async throws {
        try await database.execute(
            Command(
                """
                insert into identity.grants (id, user_id, role, scope_type, scope_id)
                values (\(UUID.v7()), \(user), \(role), \(scope.type.name), \(scope.id))
                """))
    }

    /// A grant that allows nothing and denies these on the scope.
    func deny(_ user: UUID, _ scope: Scope, _ codes: [String]) async throws {
        try await database.execute(
            Command(
                """
                insert into identity.grants (id, user_id, role, scope_type, scope_id, permissions)
                values (\(UUID.v7()), \(user), 'resident_unplaced', \(scope.type.name), \(scope.id), \(codes.map { "-" + $0 }))
                """))
    }

    func house(_ user: UUID, in unit: UUID) async throws {
        try await database.execute(
            Command(
                """
                insert into condo.residents (id, user_id, condo_id, unit_id)
                select \(UUID.v7()), \(user), u.condo_id, u.id from condo.units u where u.id = \(unit)
                """))
        try await give(user, "resident", Scope(.unit, unit))
    }

    private func build(_ estate: Estate, _ name: String, _ zone: String) async throws {
        try await database.write([
            Command(
                """
                insert into condo.companies (id, name, currency, timezone, bank_account, created_at)
                values (\(estate.company), \("Company " + name), 'RUB', \(zone), '40702810', '2025-01-01')
                """),
            Command(
                """
                insert into condo.condos (id, company_id, name, address, admin_name, created_at)
                values (\(estate.condo), \(estate.company), \("Condo " + name), 'Main street 1', 'Ada', '2025-01-01')
                """),
            Command(
                "insert into condo.buildings (id, condo_id, number) values (\(estate.building), \(estate.condo), '1')"),
            Command(
                """
                insert into condo.entrances (id, building_id, number, intercom_code)
                values (\(estate.entrance), \(estate.building), '1', '77K')
                """),
            unit(estate.unit, "1", in: estate), unit(estate.neighbour, "2", in: estate),
            Command(
                """
                insert into condo.meters (id, unit_id, condo_id, meter_type_id, serial_number)
                values (\(estate.meter), \(estate.unit), \(estate.condo), \(Self.coldWater), \("SN-" + name))
                """),
        ])
    }

    func unit(_ id: UUID, _ number: String, in estate: Estate) -> Command {
        Command(
            """
            insert into condo.units (id, condo_id, company_id, building_id, building_number, entrance_id, entrance_number,
              unit_type_id, type_code, type_name, number, area, owner_name, owner_email)
            select \(id), \(estate.condo), \(estate.company), \(estate.building), '1', \(estate.entrance), '1',
              t.id, t.code, t.name, \(number), 50, 'Olga', 'olga@example.com'
            from condo.unit_types t where t.code = 'apartment'
            """)
    }
}

extension CondoWorld {
    /// An invite to the own unit.
    func invite(_ more: [(name: String, value: JSONValue)] = []) async throws -> TestAnswer {
        try await post("/invites", as: people.admin, .object([(name: "unitId", value: .string("\(own.unit)"))] + more))
    }
}
