import Postgres
import Service
import Values

/// Somebody who works for a company, in all its condos or in one.
struct StaffMember: Sendable {
    var id: ID<StaffMember>
    var createdAt: Instant
    var updatedAt: Instant
    var userId: UUID
    var name: String
    var email: String?
    var phone: String?
    var companyId: ID<Company>
    /// Nil: company-wide.
    var condoId: ID<Condo>?
    var role: StaffRole
    var position: String
    var specializations: [String]
    var hireDate: Day?
    var isActive: Bool

    /// Where the grant that follows from it stands.
    var scope: Scope { condoId.map(Scope.condo) ?? .company(companyId) }
    var path: ScopePath { [condoId.map(Scope.condo), .company(companyId)].compactMap(\.self) }
}

extension StaffMember: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        userId = try row.next()
        name = try row.next()
        email = try row.next()
        phone = try row.next()
        companyId = try row.next()
        condoId = try row.next()
        role = try row.next()
        position = try row.next()
        specializations = try row.next()
        hireDate = try row.next()
        isActive = try row.next()
    }
}
