import Crypto
import Identity
import Invoices
import Jobs
import JSON
import Postgres
import Service
import Support
import Synchronization
import Values

@testable import Condominiums

/// Two companies with a condo each, and people of every role: what the product's tests play in.
struct CondoWorld: Sendable {
    let server: TestServer
    let module: CondominiumsModule
    let identity: IdentityModule
    let letters: Letters
    var database: Database { server.database }

    let own = Estate()
    let other = Estate()
    let people = Cast()

    struct Estate: Sendable {
        let company = UUID.v7()
        let condo = UUID.v7()
        let building = UUID.v7()
        let entrance = UUID.v7()
        /// Resident A lives here …
        let unit = UUID.v7()
        /// … and resident B here.
        let neighbour = UUID.v7()
        let meter = UUID.v7()
    }

    struct Cast: Sendable {
        let root = UUID.v7()
        let finance = UUID.v7()
        let director = UUID.v7()
        let accountant = UUID.v7()
        let admin = UUID.v7()
        let worker = UUID.v7()
        let guardian = UUID.v7()
        let resident = UUID.v7()
        let neighbour = UUID.v7()
        let otherDirector = UUID.v7()
        let stranger = UUID.v7()

        var all: [(name: String, id: UUID)] {
            [
                ("root", root), ("finance", finance), ("director", director), ("accountant", accountant),
                ("admin", admin), ("worker", worker), ("guard", guardian), ("resident", resident),
                ("neighbour", neighbour), ("other director", otherDirector), ("stranger", stranger),
            ]
        }
    }

    static let coldWater = UUID("01900000-0000-7000-8000-000000000201")!
    static let dayNight = UUID("01900000-0000-7000-8000-000000000205")!

    // MARK: Speaking to the server

    func get(_ path: String, as user: UUID? = nil) async throws -> TestAnswer {
        try await server.send("GET", "/api/v1" + path, token: user?.description)
    }

    func post(_ path: String, as user: UUID? = nil, _ body: JSONValue? = nil, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            "POST", "/api/v1" + path, token: user?.description, fields: key.map { ["Idempotency-Key": $0] } ?? [:],
            body: body)
    }

    func patch(_ path: String, as user: UUID? = nil, _ body: JSONValue? = nil) async throws -> TestAnswer {
        try await server.send("PATCH", "/api/v1" + path, token: user?.description, body: body)
    }

    func delete(_ path: String, as user: UUID? = nil) async throws -> TestAnswer {
        try await server.send("DELETE", "/api/v1" + path, token: user?.description)
    }

    func count(_ sql: SQL) async throws -> Int { try await database.one(Statement<Int>(sql)) }

    @discardableResult
    func meter(_ type: UUID = coldWater, unit: UUID? = nil, initial: String = "0") async throws -> UUID {
        let id = UUID.v7()
        try await database.execute(
            Command(
                """
                insert into condo.meters (id, unit_id, condo_id, meter_type_id, initial_reading)
                select \(id), u.id, u.condo_id, \(type), \(Quantity(initial)!) from condo.units u where u.id = \(unit ?? own.unit)
                """))
        return id
    }

    func tariff(
        _ code: String, _ kind: TariffKind, _ price: String, policy: MissingReadingPolicy = .skip, norm: Quantity? = nil
    ) async throws {
        var tariff = Tariff.specimen(code, kind, price)
        tariff.condo = ID(own.condo)
        tariff.missingReadingPolicy = policy
        tariff.normQuantity = norm
        try await database.execute(TariffQueries.insert(tariff))
    }

    /// Does what a worker would do with the run that `generate` has answered with.
    func perform(_ answer: TestAnswer) async throws {
        guard let run = answer.data["id"]?.string.flatMap({ UUID($0) }) else { throw Unexpected(answer: answer.text) }
        try await module.work.perform(ID(run))
    }

    func generate(_ period: String, as user: UUID? = nil, units: [UUID]? = nil) async throws -> TestAnswer {
        var body: [(name: String, value: JSONValue)] = [
            ("kind", "unit_monthly"), ("condoId", .string(own.condo.description)), ("period", .string(period)),
        ]
        if let units { body.append(("unitIds", .array(units.map { .string($0.description) }))) }
        return try await post("/invoices/generate", as: user ?? people.accountant, .object(body))
    }

    struct Unexpected: Error { let answer: String }
}

/// What the product would have mailed.
final class Letters: Correspondent {
    private let kept = Mutex<[InviteLetter]>([])
    var invites: [InviteLetter] { kept.withLock { $0 } }

    func invite(_ letter: InviteLetter) async throws { kept.withLock { $0.append(letter) } }

    private let told = Mutex<[InvoiceNotice]>([])
    var notices: [InvoiceNotice] { told.withLock { $0 } }

    func tell(_ notice: InvoiceNotice) async throws { told.withLock { $0.append(notice) } }
}
