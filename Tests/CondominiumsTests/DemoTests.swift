import Support
import Testing
import Values

@testable import Condominiums

/// The demo is loaded once, however often it is asked for, and its accounts can look around.
@Suite struct DemoTests {
    @Test func loadingTwiceIsLoadingOnce() async throws {
        try await withWorld { world in
            let demo = CondominiumDemo(world.module, identity: world.identity)
            let accounts = try await demo.load()
            #expect(accounts.count == 6)
            let count: () async throws -> [Int] = {
                [
                    try await world.count("select count(*) from condo.units where condo_id = \(DemoQueries.condo)"),
                    try await world.count("select count(*) from condo.meter_readings where condo_id = \(DemoQueries.condo)"),
                    try await world.count("select count(*) from invoices.invoices where scope_id = \(DemoQueries.condo)"),
                    try await world.count("select count(*) from condo.residents where condo_id = \(DemoQueries.condo)"),
                    try await world.count("select count(*) from identity.users"),
                ]
            }
            let first = try await count()
            #expect(first[0] == 40 && first[1] == 351 && first[2] == 120 && first[3] == 37)
            _ = try await demo.load()
            #expect(try await count() == first)
            // Three units have forgotten their last readings: three meters of four registers each are estimated.
            let estimates = try await world.count("select count(*) from condo.meter_charges where policy is not null")
            #expect(estimates == 12)
            let problems = try await world.count(
                "select sum(jsonb_array_length(problems))::int from condo.billing_runs where condo_id = \(DemoQueries.condo)")
            #expect(problems == 0)
        }
    }
}
