import Identity
import Runtime
import Service
import Values

@testable import Condominiums

/// A token is the id of its user; his grants are read anew for every request.
struct TokenIsUser: Authenticator {
    let identity: IdentityModule

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard let user = UUID(token) else { return nil }
        let grants = try await identity.grants.live(of: ID(user)).compactMap { record in
            identity.book[record.role].map { role in
                Grant(
                    role: role.name, level: role.level, scope: record.scope,
                    permissions: PermissionSet(role: role.permissions, extra: record.codes))
            }
        }
        return Principal(
            kind: .user, userID: user, name: "somebody", grants: try await identity.scopes.placing(grants), sessionID: nil,
            expiresAt: now + .hours(1))
    }
}
