import Files
import Postgres
import Values

/// What is written about a condo by hand.
struct CondoDraft: Sendable {
    var name: String
    var description: String?
    var address: String
    var city: String?
    var country: String?
    var postalCode: String?
    var buildingType = CondoUse.residential
    var builtYear: Int?
    var totalArea: Area?
    var totalBuildings: Int?
    var totalUnits: Int?
    var contactEmail: String?
    var contactPhone: String?
    var adminName: String?
    var adminEmail: String?
    /// Nil: the company's.
    var timezone: String?
    var useDefaultTariffs = false
    var maxVehiclesPerUnit = 2
    var temporaryPassDurationHours = 24
    var isActive = true
    var imageFileId: ID<StoredFile>?
}

extension CondoDraft: Row {
    init(_ row: inout RowReader) throws {
        name = try row.next()
        description = try row.next()
        address = try row.next()
        city = try row.next()
        country = try row.next()
        postalCode = try row.next()
        buildingType = try row.next()
        builtYear = try row.next()
        totalArea = try row.next()
        totalBuildings = try row.next()
        totalUnits = try row.next()
        contactEmail = try row.next()
        contactPhone = try row.next()
        adminName = try row.next()
        adminEmail = try row.next()
        timezone = try row.next()
        useDefaultTariffs = try row.next()
        maxVehiclesPerUnit = try row.next()
        temporaryPassDurationHours = try row.next()
        isActive = try row.next()
        imageFileId = try row.next()
    }
}
