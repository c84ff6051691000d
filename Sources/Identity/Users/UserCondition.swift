import Postgres
import Service
import Values

/// What a list of accounts is narrowed to.
struct UserCondition: Sendable {
    /// A condition on the grants `g` of an account: where the caller reaches.
    var within: SQL?
    var scope: Scope?
    var role: String?
    /// Roles of one product.
    var roles: [String]?
    var status: UserStatus?
    var department: Department?
    /// Whether the account has a platform grant.
    var isStaff: Bool?
    var from: Day?
    var to: Day?
    var text: String?

    /// The condition on `u`.
    var sql: SQL {
        var sql: SQL = "u.deleted_at is null"
        if let status { sql = status == .deleted ? "u.status = 'deleted'" : "\(sql) and u.status = \(status)" }
        if let department { sql = "\(sql) and u.department = \(department)" }
        if let isStaff {
            let staff: SQL = "exists (\(Self.grants) and g.scope_type = 'platform')"
            sql = isStaff ? "\(sql) and \(staff)" : "\(sql) and not \(staff)"
        }
        if let grant { sql = "\(sql) and exists (\(Self.grants) and \(grant))" }
        if let from { sql = "\(sql) and u.created_at >= \(Instant(from))" }
        if let to { sql = "\(sql) and u.created_at < \(Instant(to.adding(days: 1)))" }
        if let text {
            sql = "\(sql) and \(Self.searched) like \(Self.pattern(text))"
        }
        return sql
    }

    /// One live grant has to meet all of it.
    private var grant: SQL? {
        if within == nil, scope == nil, role == nil, roles == nil { return nil }
        var sql: SQL = within ?? "true"
        if let scope {
            sql = "\(sql) and g.scope_type = \(scope.type.name) and g.scope_id is not distinct from \(scope.id)"
        }
        if let role { sql = "\(sql) and g.role = \(role)" }
        if let roles { sql = "\(sql) and g.role = any(\(roles)::text[])" }
        return sql
    }

    private static let grants: SQL = "select from identity.grants g where g.user_id = u.id and g.revoked_at is null"

    /// Spelt as users_search_idx spells it.
    private static let searched: SQL = """
        lower(u.first_name || ' ' || coalesce(u.middle_name, '') || ' ' || u.last_name || ' ' || coalesce(u.email, '')
            || ' ' || coalesce(u.phone, ''))
        """

    private static func pattern(_ text: String) -> String {
        var pattern = "%"
        for character in text.lowercased() {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}

/// Where a look at the accounts by age goes on: after this one.
struct UserCursor: Sendable {
    let createdAt: Instant
    let id: UUID

    init(after user: UserView) {
        createdAt = user.createdAt
        id = user.id.uuid
    }

    /// After everything that is not older than the instant.
    init(before instant: Instant) {
        createdAt = instant
        id = .zero
    }
}

extension Database {
    /// One page of accounts, and how many there are.
    func page(_ condition: UserCondition, _ page: PageRequest) async throws -> Page<User> {
        let users = try await all(UserQueries.list(condition, page))
        return Page(users, total: try await one(UserQueries.count(condition)))
    }
}
