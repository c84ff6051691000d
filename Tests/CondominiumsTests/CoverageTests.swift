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
    private static let several = Coverage(isEverything: false, companies: [.new()], condos: [.new()], units: [.new()])

    @Test(arguments: [
        (everything, "true"), (nothing, "false"), (company, "(u.company_id = any($1))"),
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
}
