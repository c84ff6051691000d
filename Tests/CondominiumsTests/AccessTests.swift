import JSON
import Service
import Support
import Testing
import Values

/// Who gets what where: a row per operation, a column per role (spec 1.4).
@Suite struct AccessTests {
    /// Below a wider grant: what one object refuses is in no list either, and the rest stays.
    @Test func aDenialTakesItsScopeOutOfEveryList() async throws {
        try await withWorld { world in
            for meter in [world.own.meter, try await world.meter(unit: world.other.unit)] {
                let made = try await world.post("/meters/\(meter)/readings", as: world.people.root, ["value": 5])
                #expect(made.status == 201, "\(made.text)")
            }
            try await world.house(world.people.stranger, in: world.other.unit)
            let condo = Scope("condo", world.own.condo)
            try await world.deny(
                world.people.root, condo,
                ["condo.units:read", "condo.meters:read", "condo.residents:read", "condo.condos:read", "users:read", "audit:read"])
            try await world.deny(world.people.director, Scope("unit", world.own.unit), ["condo.units:read", "condo.meters:read"])
            for (path, hidden, shown) in [
                ("/units", world.own.unit, world.other.unit),
                ("/units/search?q=1", world.own.unit, world.other.unit),
                ("/units/search?q=1&condoId=\(world.own.condo)", world.own.unit, nil),
                ("/units/search?q=1&condoId=\(world.other.condo)", world.own.unit, world.other.unit),
                ("/meter-readings", world.own.unit, world.other.unit),
                ("/residents", world.people.resident, world.people.stranger),
                ("/condos", world.own.condo, world.other.condo),
                ("/users?limit=100", world.people.resident, world.people.stranger),
                ("/audit-logs?objectType=reading", world.own.unit, world.other.unit),
            ] as [(String, UUID, UUID?)] {
                let list = try await world.get(path, as: world.people.root)
                #expect(list.status == 200 && !list.text.contains("\(hidden)"), "\(path): \(list.text)")
                if let shown { #expect(list.text.contains("\(shown)"), "\(path): \(list.text)") }
            }
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.root).status == 404)
            for (path, shown) in [
                ("/units", world.own.neighbour), ("/units/search?q=2&condoId=\(world.own.condo)", world.own.neighbour),
                ("/units/search?q=1&condoId=\(world.own.condo)", nil), ("/meter-readings", nil),
            ] as [(String, UUID?)] {
                let list = try await world.get(path, as: world.people.director)
                #expect(list.status == 200 && !list.text.contains("\(world.own.unit)"), "\(path): \(list.text)")
                if let shown { #expect(list.text.contains("\(shown)"), "\(path): \(list.text)") }
            }
        }
    }

    /// One request, and the status each role is answered with.
    struct Row: Sendable, CustomTestStringConvertible {
        let method: String
        let path: @Sendable (CondoWorld) -> String
        let name: String
        var body: (@Sendable (CondoWorld) -> JSONValue)?
        /// root, finance, director, accountant, admin, worker, guard, resident, neighbour, other director, stranger
        let expected: [Int]

        var testDescription: String { "\(method) \(name)" }

        init(
            _ method: String, _ name: String, _ expected: [Int], body: (@Sendable (CondoWorld) -> JSONValue)? = nil,
            _ path: @escaping @Sendable (CondoWorld) -> String
        ) {
            self.method = method
            self.name = name
            self.path = path
            self.body = body
            self.expected = expected
        }
    }

    static let rows: [Row] = [
        Row("GET", "/companies/{id}", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) {
            "/companies/\($0.own.company)"
        },
        Row("GET", "/companies/{id}/stats", [200, 200, 200, 200, 403, 403, 403, 403, 403, 404, 404]) {
            "/companies/\($0.own.company)/stats"
        },
        Row(
            "POST", "/companies", [201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403],
            body: { _ in ["name": "Nova"] }
        ) { _ in "/companies" },
        Row(
            "PATCH", "/companies/{id}", [200, 403, 200, 403, 403, 403, 403, 403, 403, 404, 404],
            body: { _ in ["city": "Plovdiv"] }
        ) { "/companies/\($0.own.company)" },
        Row(
            "PATCH", "/companies/{id} terms", [200, 403, 403, 403, 403, 403, 403, 403, 403, 404, 404],
            body: { _ in ["pricePerUnit": 2] }
        ) { "/companies/\($0.own.company)" },
        Row("DELETE", "/companies/{id}", [204, 403, 403, 403, 403, 403, 403, 403, 403, 404, 404]) {
            "/companies/\($0.own.company)"
        },
        Row("GET", "/condos/{id}", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) { "/condos/\($0.own.condo)" },
        Row("GET", "/condos/{id}/structure", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) {
            "/condos/\($0.own.condo)/structure"
        },
        Row("GET", "/condos/{id}/stats", [200, 200, 200, 200, 200, 403, 403, 403, 403, 404, 404]) {
            "/condos/\($0.own.condo)/stats"
        },
        Row(
            "POST", "/condos", [201, 403, 201, 403, 403, 403, 403, 403, 403, 404, 404],
            body: { ["companyId": .string("\($0.own.company)"), "name": "New", "address": "Here 1"] }
        ) { _ in "/condos" },
        Row(
            "PATCH", "/condos/{id}", [200, 403, 200, 403, 200, 403, 403, 403, 403, 404, 404],
            body: { _ in ["city": "Varna"] }
        ) { "/condos/\($0.own.condo)" },
        Row("DELETE", "/condos/{id}", [204, 403, 204, 403, 403, 403, 403, 403, 403, 404, 404]) {
            "/condos/\($0.own.condo)"
        },
        Row("GET", "/buildings/{id}", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) {
            "/buildings/\($0.own.building)"
        },
        Row(
            "POST", "/buildings", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: { ["condoId": .string("\($0.own.condo)"), "number": "7"] }
        ) { _ in "/buildings" },
        Row(
            "PATCH", "/buildings/{id}", [200, 403, 200, 403, 200, 403, 403, 403, 403, 404, 404],
            body: { _ in ["number": "1a"] }
        ) { "/buildings/\($0.own.building)" },
        Row("DELETE", "/buildings/{id}", [204, 403, 204, 403, 204, 403, 403, 403, 403, 404, 404]) {
            "/buildings/\($0.own.building)"
        },
        Row("GET", "/entrances/{id}", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) {
            "/entrances/\($0.own.entrance)"
        },
        Row(
            "POST", "/entrances", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: { ["buildingId": .string("\($0.own.building)"), "number": "7"] }
        ) { _ in "/entrances" },
        Row("DELETE", "/entrances/{id}", [204, 403, 204, 403, 204, 403, 403, 403, 403, 404, 404]) {
            "/entrances/\($0.own.entrance)"
        },
        Row("GET", "/condos/{id}/unit-types", [200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]) {
            "/condos/\($0.own.condo)/unit-types"
        },
        Row(
            "POST", "/condos/{id}/unit-types", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: { _ in ["code": "attic", "name": "Attic"] }
        ) { "/condos/\($0.own.condo)/unit-types" },
        Row("GET", "/units/{id}", [200, 200, 200, 200, 200, 200, 200, 200, 404, 404, 404]) { "/units/\($0.own.unit)" },
        Row(
            "POST", "/units", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: { ["condoId": .string("\($0.own.condo)"), "number": "7"] }
        ) { _ in "/units" },
        Row(
            "PATCH", "/units/{id}", [200, 403, 200, 403, 200, 403, 403, 403, 404, 404, 404],
            body: { _ in ["floor": 3] }
        ) { "/units/\($0.own.unit)" },
        Row("DELETE", "/units/{id}", [204, 403, 204, 403, 204, 403, 403, 403, 404, 404, 404]) { "/units/\($0.own.unit)" },
        Row("GET", "/units/{id}/meters", [200, 200, 200, 200, 200, 200, 403, 200, 404, 404, 404]) {
            "/units/\($0.own.unit)/meters"
        },
        Row(
            "POST", "/units/{id}/meters", [201, 403, 201, 403, 201, 403, 403, 403, 404, 404, 404],
            body: { _ in ["typeCode": "gas"] }
        ) { "/units/\($0.own.unit)/meters" },
        Row("GET", "/units/{id}/invoices", [200, 200, 200, 200, 200, 403, 403, 200, 404, 404, 404]) {
            "/units/\($0.own.unit)/invoices"
        },
        Row("GET", "/residents", [200, 403, 200, 200, 200, 403, 403, 403, 403, 200, 403]) { _ in "/residents" },
        Row("GET", "/residents/my-units", Array(repeating: 200, count: 11)) { _ in "/residents/my-units" },
        Row("GET", "/residents/unit/{id}", [200, 403, 200, 200, 200, 403, 403, 200, 404, 404, 404]) {
            "/residents/unit/\($0.own.unit)"
        },
        Row(
            "POST", "/residents", [201, 403, 201, 403, 201, 403, 403, 403, 404, 404, 404],
            body: { ["unitId": .string("\($0.own.unit)"), "userId": .string("\($0.people.stranger)")] }
        ) { _ in "/residents" },
        Row(
            "POST", "/invites", [201, 403, 201, 403, 201, 403, 403, 403, 404, 404, 404],
            body: { ["unitId": .string("\($0.own.unit)")] }
        ) { _ in "/invites" },
        Row("GET", "/invites/unit/{id}", [200, 403, 200, 403, 200, 403, 403, 403, 404, 404, 404]) {
            "/invites/unit/\($0.own.unit)"
        },
        Row("GET", "/meters/{id}", [200, 200, 200, 200, 200, 200, 404, 200, 404, 404, 404]) { "/meters/\($0.own.meter)" },
        Row(
            "PATCH", "/meters/{id}", [200, 403, 200, 403, 200, 403, 404, 403, 404, 404, 404],
            body: { _ in ["serialNumber": "Z-1"] }
        ) { "/meters/\($0.own.meter)" },
        Row("DELETE", "/meters/{id}", [204, 403, 204, 403, 204, 403, 404, 403, 404, 404, 404]) {
            "/meters/\($0.own.meter)"
        },
        Row("GET", "/meters/{id}/readings", [200, 200, 200, 200, 200, 200, 404, 200, 404, 404, 404]) {
            "/meters/\($0.own.meter)/readings"
        },
        Row("GET", "/meters/{id}/consumption", [200, 200, 200, 200, 200, 200, 404, 200, 404, 404, 404]) {
            "/meters/\($0.own.meter)/consumption?from=2026-01-01&to=2026-02-01"
        },
        Row(
            "POST", "/meters/{id}/readings", [201, 403, 201, 403, 201, 201, 404, 201, 404, 404, 404],
            body: { _ in ["value": 5] }
        ) { "/meters/\($0.own.meter)/readings" },
        Row(
            "POST", "/meters/{id}/readings forced", [201, 403, 201, 403, 201, 403, 404, 403, 404, 404, 404],
            body: { _ in ["value": 5, "force": true] }
        ) { "/meters/\($0.own.meter)/readings" },
        Row(
            "POST", "/meter-types", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: { ["condoId": .string("\($0.own.condo)"), "code": "steam", "name": "Steam", "unit": "t"] }
        ) { _ in "/meter-types" },
        Row("PATCH", "/meter-types/{id} of the system", [403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403],
            body: { _ in ["name": "Mine"] }
        ) { _ in "/meter-types/\(CondoWorld.coldWater)" },
        Row("GET", "/tariffs", [200, 200, 200, 200, 200, 403, 403, 200, 200, 404, 404]) {
            "/tariffs?condoId=\($0.own.condo)"
        },
        Row(
            "POST", "/tariffs", [201, 403, 201, 403, 201, 403, 403, 403, 403, 404, 404],
            body: {
                [
                    "condoId": .string("\($0.own.condo)"), "kind": "fixed", "code": "lift", "name": "Lift", "price": 10,
                    "validFrom": "2026-01-01",
                ]
            }
        ) { _ in "/tariffs" },
        Row("GET", "/tariffs/preview", [200, 200, 200, 200, 200, 403, 403, 403, 403, 404, 404]) {
            "/tariffs/preview?condoId=\($0.own.condo)&period=2026-07"
        },
        Row("GET", "/condos/{id}/billing-runs", [200, 200, 200, 200, 200, 403, 403, 403, 403, 404, 404]) {
            "/condos/\($0.own.condo)/billing-runs"
        },
        Row(
            "POST", "/invoices/generate", [202, 202, 202, 202, 202, 403, 403, 403, 403, 404, 404],
            body: { ["kind": "unit_monthly", "condoId": .string("\($0.own.condo)"), "period": "2026-07"] }
        ) { _ in "/invoices/generate" },
    ]

    @Test(arguments: rows) func everyRole(row: Row) async throws {
        // Those who are refused share a world, since a refusal changes nothing; so do all who only read. Whoever changes
        // something meets an untouched one.
        let shared = row.expected.indices.filter { row.method == "GET" || row.expected[$0] >= 400 }
        try await withWorld { world in
            let guest = try await world.server.send(row.method, "/api/v1" + row.path(world), body: row.body?(world))
            #expect(guest.status == 401, "guest: \(guest.text)")
            for index in shared { try await check(row, index, in: world) }
        }
        for index in row.expected.indices where !shared.contains(index) {
            try await withWorld { world in try await check(row, index, in: world) }
        }
    }

    private func check(_ row: Row, _ index: Int, in world: CondoWorld) async throws {
        let person = world.people.all[index]
        let answer = try await world.server.send(
            row.method, "/api/v1" + row.path(world), token: person.id.description, body: row.body?(world))
        #expect(answer.status == row.expected[index], "\(person.name): \(answer.text)")
    }
}
