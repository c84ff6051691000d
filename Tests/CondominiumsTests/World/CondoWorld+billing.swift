import JSON
import Support

@testable import Condominiums

/// What a month of the own unit is charged by, and its invoice.
extension CondoWorld {
    func readOwn(_ value: String, _ day: String) async throws -> TestAnswer {
        try await post(
            "/meters/\(own.meter)/readings", as: people.admin, ["value": .number(value), "readingDate": .string(day)])
    }

    func price() async throws {
        try await tariff("maintenance", .areaBased, "35")
        try await tariff("cold_water", .meterBased, "42.5")
        try await tariff("heating_base", .fixed, "1500")
    }

    /// The one that stands.
    func invoice(of period: String) async throws -> JSONValue? {
        let list = try await get("/invoices?unitId=\(own.unit)&period=\(period)", as: people.accountant)
        guard let id = list.data.array?.first(where: { $0["status"]?.string != "cancelled" })?["id"]?.string else { return nil }
        return try await get("/invoices/\(id)", as: people.accountant).data
    }
}
