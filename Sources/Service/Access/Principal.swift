import Values

/// A role given to somebody on a scope, with what it allows there.
package struct Grant: Sendable, Hashable {
    package let role: String
    package let level: Int
    package let scope: Scope
    /// The scope and what stands above it, as far as the authenticator asked: the scope alone unless a lock or a denial
    /// may lie above it.
    package let path: ScopePath
    package let permissions: PermissionSet

    package init(role: String, level: Int, scope: Scope, path: ScopePath? = nil, permissions: PermissionSet) {
        self.role = role
        self.level = level
        self.scope = scope
        self.path = path ?? (scope == .platform ? [] : [scope])
        self.permissions = permissions
    }
}

/// Somebody who has proved who he is, as the authenticator knows him. Cached and shared between requests.
package final class Principal: Sendable {
    package enum Kind: String, Sendable { case user, apiKey = "api_key" }

    package let kind: Kind
    package let userID: UUID
    /// For people: the name that the audit log shows.
    package let name: String
    package let grants: [Grant]
    /// The sign-in (refresh-token family) the access token belongs to.
    package let sessionID: UUID?
    /// Instant after which the proof no longer holds.
    package let expiresAt: Instant
    /// Until he has chosen a new password, nothing but that is open to him.
    package let mustChangePassword: Bool
    /// His number at the service that vouches for him, where a contract names people by it.
    package let externalID: Int64?
    /// Whether any grant denies anything.
    package let holdsDenials: Bool
    /// Tells this set of grants, held in this way, from any other of the same user, within one process.
    let standing: UInt64

    package init(
        kind: Kind, userID: UUID, name: String, grants: [Grant], sessionID: UUID?, expiresAt: Instant,
        mustChangePassword: Bool = false, externalID: Int64? = nil
    ) {
        self.kind = kind
        self.userID = userID
        self.name = name
        self.grants = grants
        self.sessionID = sessionID
        self.expiresAt = expiresAt
        self.mustChangePassword = mustChangePassword
        self.externalID = externalID
        holdsDenials = grants.contains { $0.permissions.holdsDenials }
        var hasher = Hasher()
        hasher.combine(kind)
        hasher.combine(grants)
        standing = UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Whether a grant that covers the path denies the permission.
    func denies(_ permission: Permission, on path: ScopePath) -> Bool {
        holdsDenials && grants.contains { $0.permissions.denies(permission) && $0.covers(path) }
    }

    /// Where the permission is denied, but for the platform.
    func denials(of permission: Permission) -> [Scope] {
        guard holdsDenials else { return [] }
        return grants.compactMap { $0.scope.id != nil && $0.permissions.denies(permission) ? $0.scope : nil }
    }

    /// Somebody with a role that is given by hand on the platform.
    package var isPlatformStaff: Bool { grants.contains { $0.scope == .platform } }

    /// The highest level among the grants that cover the path; −1 without any.
    package func level(on path: ScopePath) -> Int {
        grants.reduce(-1) { $1.covers(path) ? max($0, $1.level) : $0 }
    }
}

extension Grant {
    package func covers(_ path: ScopePath) -> Bool {
        guard let id = scope.id else { return scope.type == .platform }
        // By index and id first: this is asked several times a request, and a scope is more to copy than to compare.
        for index in path.indices where path[index].id == id && path[index].type == scope.type { return true }
        return false
    }
}
