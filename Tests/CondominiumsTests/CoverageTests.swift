import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// What a caller covers, as the condition of a list: only what he has stands in it, so that an index can serve it.
@Suite struct CoverageTests {
    private static let everything = Coverage(isEverything: true, companies: [.new()], condos: [], units: [])
    private static let company = Coverage(isEverything: false, companies: [.new()], condos: [], units: [])
    private static let nothing = Coverage(isEverything: false, companies: [], condos: [], units: [])
    private static let lessSome = Coverage(
        isEverything: true, companies: [], condos: [], units: [],
        denied: Coverage.Denied(companies: [.new()], condos: [.new()], units: [.new()]))
    private static let several = Coverage(isEverything: false, companies: [.new()], condos: [.new()], units: [.new()])

    @Test(arguments: [
        (everything, "true"), (nothing, "false"), (company, "(u.company_id = any($1))"),
        (lessSome, "(true and (u.company_id = any($1) or u.condo_id = any($2) or u.id = any($3)) is not true)"),
        (several, "(u.company_id = any($1) or u.condo_id = any($2) or u.id = any($3))"),
    ]) func onlyWhatIsCoveredIsAskedFor(_ coverage: Coverage, _ condition: String) {
        #expect(coverage.ofUnits.description == condition)
    }

    @Test func listsOfACompanyGoByIndexes() async throws {
        try await withWorld { world in
            let own = Coverage(isEverything: false, companies: [ID(world.own.company)], condos: [], units: [])
            // Enough of others that it matters how one's own are found.
            try await world.database.write((3...400).map { world.unit(UUID.v7(), String($0), in: world.other) })
            try await world.database.execute(Command("analyze condo.units"))
            func plan(_ sql: SQL) async throws -> String {
                try await world.database.transaction { _ in
                    try await world.database.execute(Command("set local enable_seqscan = off"))
                    return try await world.database.all(Statement<String>("explain \(sql)")).joined(separator: "\n")
                }
            }
            let units = try await plan(
                UnitQueries.count(
                    UnitFilter(condoId: nil, buildingId: nil, entranceId: nil, typeCode: nil, status: nil, q: nil),
                    within: own, owners: own
                ).sql)
            #expect(units.contains("Index Cond: (company_id = ANY"), "\(units)")
            let readings = try await plan(
                ReadingQueries.list(
                    ReadingFilter(condoId: nil, unitId: nil, meterTypeCode: nil, period: nil, isVerified: nil),
                    within: own, after: nil, limit: 20
                ).sql)
            #expect(readings.contains("readings_of_condo") && readings.contains("Index Cond: (condo_id ="), "\(readings)")
        }
    }

    /// However the caller comes to see the condo, and in both directions.
    @Test func aPageOfACondoIsReadByTheIndexOfItsOrder() async throws {
        try await withWorld { world in
            try await Self.fill(world)
            let (company, condo) = (ID<Company>(world.own.company), ID<Condo>(world.own.condo))
            let units = UnitFilter(condoId: condo, buildingId: nil, entranceId: nil, typeCode: nil, status: nil, q: nil)
            let residents = ResidentFilter(condoId: condo, unitId: nil, role: nil, isActive: nil, q: nil)
            for own in [
                Coverage(isEverything: true, companies: [], condos: [], units: []),
                Coverage(isEverything: false, companies: [company], condos: [], units: []),
                Coverage(isEverything: false, companies: [], condos: [condo], units: []),
            ] {
                for isDescending in [false, true] {
                    for (sort, index) in [
                        ("number", "units_in_order"), ("type", "units_by_type"), ("floor", "units_by_floor"),
                        ("area", "units_by_area"), ("createdAt", "units_by_age"),
                    ] {
                        let page = PageRequest(page: 2, limit: 20, sort: sort, isDescending: isDescending)
                        let list = UnitQueries.list(units, within: own, owners: own, page).sql
                        try await Self.expect(index, sort, list, world)
                    }
                    for (sort, index) in [
                        ("name", "residents_by_name"), ("email", "residents_by_email"), ("createdAt", "residents_of_condo"),
                    ] {
                        let page = PageRequest(page: 2, limit: 20, sort: sort, isDescending: isDescending)
                        try await Self.expect(index, sort, ResidentQueries.list(residents, within: own, page).sql, world)
                    }
                }
            }
        }
    }

    /// What comes second in the order may still have to be sorted, a few rows at a time.
    private static func expect(_ index: String, _ sort: String, _ sql: SQL, _ world: CondoWorld) async throws {
        let plan = try await world.database.all(Statement<String>("explain \(sql)"))
        let sorts = plan.contains { $0.contains("Sort  (") && !$0.contains("Incremental Sort") }
        let goesByIt = plan.contains { $0.contains(index) }
        #expect(goesByIt && !sorts, "\(sort): \(plan.joined(separator: "\n"))")
    }

    /// Two condos of two thousand units, somebody in each.
    private static func fill(_ world: CondoWorld) async throws {
        try await world.database.write([
            Command(
                """
                insert into condo.units (id, created_at, condo_id, company_id, building_id, building_number, unit_type_id,
                  type_code, type_name, number, floor, area)
                select gen_random_uuid(), now() - n * interval '1 hour', u.condo_id, u.company_id, u.building_id,
                  u.building_number, u.unit_type_id, u.type_code, u.type_name, n::text, n % 40, 30 + n % 90
                from condo.units u, generate_series(3, 2000) n where u.number = '1'
                """),
            Command(
                """
                insert into identity.users (id, email, first_name, last_name, status)
                select u.id, u.id || '@example.com', 'A', 'B' || u.number, 'active' from condo.units u where u.number > '2'
                """),
            Command(
                """
                insert into condo.residents (id, created_at, user_id, condo_id, unit_id)
                select gen_random_uuid(), u.created_at, u.id, u.condo_id, u.id from condo.units u where u.number > '2'
                """),
        ])
        for table in ["condo.units", "condo.residents", "identity.users"] as [SQL] {
            try await world.database.execute(Command("analyze \(table)"))
        }
    }
}
