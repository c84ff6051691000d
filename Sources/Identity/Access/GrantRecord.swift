import Postgres
import Service
import Values

/// A grant as it is stored: who has which role where, and who gave it.
package struct GrantRecord: Sendable {
    package let id: ID<GrantRecord>
    package let createdAt: Instant
    package let user: ID<User>
    package let role: String
    package let scope: Scope
    package let codes: [String]
    package let grantedBy: ID<User>?

    var stored: StoredGrant { StoredGrant(role: role, scope: scope, codes: codes) }

    func with(codes: [String]) -> GrantRecord {
        GrantRecord(
            id: id, createdAt: createdAt, user: user, role: role, scope: scope, codes: codes, grantedBy: grantedBy)
    }
}

extension GrantRecord: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        user = try row.next()
        role = try row.next()
        let type: String = try row.next()
        scope = Scope(ScopeType(type), try row.next())
        codes = try row.next()
        grantedBy = try row.next()
    }
}
