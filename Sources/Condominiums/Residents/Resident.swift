import Postgres
import Service
import Values

/// The link of a user to a unit, or, until he has one, to a condo.
struct Resident: Sendable {
    var id: ID<Resident>
    var createdAt: Instant
    var updatedAt: Instant
    var userId: UUID
    var name: String
    var email: String?
    var phone: String?
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var unit: NumberRef<Unit>?
    var role: ResidentRole
    var isActive: Bool
    var moveInDate: Day?
    var moveOutDate: Day?
    var birthDate: Day?
    /// Sealed; opened only for those who may read it.
    var sealedPassport: [UInt8]?

    var path: ScopePath { [unit.map { Scope.unit($0.id) }, .condo(condoId), .company(companyId)].compactMap(\.self) }

    /// Whether a change made an owner, whatever member it was made by: the role, the unit, or being active again.
    func isNewOwner(since old: Resident) -> Bool {
        role == .owner && (old.role != .owner || unit?.id != old.unit?.id || isActive && !old.isActive)
    }
}

extension Resident: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        userId = try row.next()
        name = try row.next()
        email = try row.next()
        phone = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        unit = try NumberRef(id: row.next(), number: row.next())
        role = try row.next()
        isActive = try row.next()
        moveInDate = try row.next()
        moveOutDate = try row.next()
        birthDate = try row.next()
        sealedPassport = try row.next()
    }
}
