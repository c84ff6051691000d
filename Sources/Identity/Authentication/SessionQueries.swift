import Postgres
import Service
import Values

/// What decides about a token beyond its signature.
enum SessionQueries {
    /// The account with its live grants, a row per grant, one with nulls for an account without any
    /// (users_pkey, grants_live_key, revoked_families_pkey).
    static func state(of user: ID<User>, family: ID<RefreshToken.Family>?) -> Statement<SessionRow> {
        Statement(
            """
            select u.status, u.token_version, u.must_change_password, u.first_name, u.middle_name, u.last_name, u.email,
                exists (select from identity.revoked_families f where f.family_id = \(family)),
                g.role, g.scope_type, g.scope_id, g.permissions
            from identity.users u
            left join identity.grants g on g.user_id = u.id and g.revoked_at is null
            where u.id = \(user)
            """)
    }

    static func locks() -> Statement<ScopeLockRow> {
        Statement("select scope_type, scope_id, mode, status, code, reason from identity.scope_locks")
    }
}

/// One grant, with the account it belongs to.
struct SessionRow: Row {
    let status: UserStatus
    let tokenVersion: Int
    let mustChangePassword: Bool
    let name: String
    let isFamilyRevoked: Bool
    let grant: StoredGrant?

    var maySignIn: Bool { status == .pending || status == .active }

    init(_ row: inout RowReader) throws {
        status = try row.next()
        tokenVersion = try row.next()
        mustChangePassword = try row.next()
        let first: String = try row.next()
        let middle: String? = try row.next()
        let last: String = try row.next()
        let email: String? = try row.next()
        name = User.name(first: first, middle: middle, last: last, email: email, phone: nil)
        isFamilyRevoked = try row.next()
        let role: String? = try row.next()
        let type: String? = try row.next()
        let id: UUID? = try row.next()
        let codes: [String]? = try row.next()
        guard let role, let type else {
            grant = nil
            return
        }
        grant = StoredGrant(role: role, scope: Scope(ScopeType(type), id), codes: codes ?? [])
    }
}

/// A closed gate.
struct ScopeLockRow: Row {
    let scope: Scope
    let lock: ScopeLock

    init(_ row: inout RowReader) throws {
        let type: String = try row.next()
        let id: UUID = try row.next()
        scope = Scope(ScopeType(type), id)
        let mode: ScopeLock.Mode = try row.next()
        lock = ScopeLock(mode, status: try row.next(), code: try row.next(), reason: try row.next())
    }
}
