import Postgres
import Service
import Values

/// An invitation by which somebody becomes a resident of a unit: open → used up, expired, deactivated or deleted.
struct Invite: Sendable {
    var id: ID<Invite>
    var createdAt: Instant
    var updatedAt: Instant
    var unitId: ID<Unit>
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var unitNumber: String
    var sealedToken: [UInt8]
    var email: String?
    var phone: String?
    var role: ResidentRole
    var expiresAt: Instant
    var isActive: Bool
    /// Nil: any number of times.
    var maxUses: Int?
    var usedCount: Int
    var acceptedAt: Instant?
    var createdBy: UUID

    var path: ScopePath { [.unit(unitId), .condo(condoId), .company(companyId)] }
}

extension Invite: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        unitId = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        unitNumber = try row.next()
        sealedToken = try row.next()
        email = try row.next()
        phone = try row.next()
        role = try row.next()
        expiresAt = try row.next()
        isActive = try row.next()
        maxUses = try row.next()
        usedCount = try row.next()
        acceptedAt = try row.next()
        createdBy = try row.next()
    }
}

extension Invite {
    /// Why it admits nobody (any more).
    enum Closure: String, CaseIterable, Sendable {
        case notFound = "not_found"
        case inactive
        case expired
        case usedUp = "used_up"
    }

    func closure(at moment: Instant) -> Closure? {
        if let maxUses, usedCount >= maxUses { return .usedUp }
        if expiresAt <= moment { return .expired }
        return isActive ? nil : .inactive
    }

    /// One more has accepted; the last use closes it.
    mutating func use(at moment: Instant) {
        usedCount += 1
        acceptedAt = acceptedAt ?? moment
        updatedAt = moment
        if let maxUses, usedCount >= maxUses { isActive = false }
    }
}
