import JSON
import Postgres
import Service
import Values

/// One of the caller's residences, with what he owes there and has not read yet.
struct MyUnit: Sendable {
    let residentId: ID<Resident>
    let role: ResidentRole
    let isActive: Bool
    let moveInDate: Day?
    let moveOutDate: Day?
    let unit: Home?
    let condo: CondoContact
    let company: CompanyContact
    let balanceDue: Money
    let openTickets: Int
    let metersWithoutReading: Int

    var path: ScopePath { [unit.map { Scope.unit($0.id) }, .condo(condo.id), .company(company.id)].compactMap(\.self) }

    struct Home: Sendable {
        let id: ID<Unit>
        let number: String
        let buildingNumber: String?
    }

    struct CondoContact: Sendable {
        let id: ID<Condo>
        let name: String
        let address: String
        let contactEmail: String?
        let contactPhone: String?
    }
}

extension MyUnit: Row {
    init(_ row: inout RowReader) throws {
        residentId = try row.next()
        role = try row.next()
        isActive = try row.next()
        moveInDate = try row.next()
        moveOutDate = try row.next()
        let unit: ID<Unit>? = try row.next()
        let number: String? = try row.next()
        let building: String? = try row.next()
        self.unit = unit.map { Home(id: $0, number: number ?? "", buildingNumber: building) }
        condo = try CondoContact(
            id: row.next(), name: row.next(), address: row.next(), contactEmail: row.next(), contactPhone: row.next())
        company = try CompanyContact(id: row.next(), name: row.next(), phone: row.next(), email: row.next())
        balanceDue = try Money(minor: row.next(), currency: row.next())
        openTickets = try row.next()
        metersWithoutReading = try row.next()
    }
}

extension MyUnit: WireOutput {
    static let shape = Shape<MyUnit>(
        output: "MyUnit",
        Field("residentId", { $0.residentId }),
        Field("role", { $0.role }),
        Field("isActive", { $0.isActive }),
        Field("moveInDate", { $0.moveInDate }),
        Field("moveOutDate", { $0.moveOutDate }),
        Field("unit", { $0.unit }),
        Field("condo", { $0.condo }),
        Field("company", { $0.company }),
        Field("balanceDue", { Amount($0.balanceDue) }),
        Field("currency", { $0.balanceDue.currency }),
        Field("openTickets", { $0.openTickets }, doc: "Of the unit."),
        Field("metersWithoutReading", { $0.metersWithoutReading }))
}

extension MyUnit.Home: WireOutput {
    static let shape = Shape<MyUnit.Home>(
        output: "MyUnitHome",
        Field("id", { $0.id }),
        Field("number", { $0.number }),
        Field("buildingNumber", { $0.buildingNumber }))
}

extension MyUnit.CondoContact: WireOutput {
    static let shape = Shape<MyUnit.CondoContact>(
        output: "CondoContact",
        Field("id", { $0.id }),
        Field("name", { $0.name }),
        Field("address", { $0.address }),
        Field("contactEmail", { $0.contactEmail }),
        Field("contactPhone", { $0.contactPhone }))
}
