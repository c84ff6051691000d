import JSON
import Values

/// A person as the staff of scopes sees him: how to reach him, and what he is where the reader may look. What else the
/// account holds is its owner's and the platform's.
struct PersonView: WireOutput {
    let id: ID<User>
    let createdAt: Instant
    let updatedAt: Instant
    let name: String
    let firstName: String
    let middleName: String?
    let lastName: String
    let email: String?
    let phone: String?
    let locale: UserLocale
    let status: UserStatus
    let roles: [RoleView]

    static let shape = Shape<PersonView>(
        output: "Person",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("name", { $0.name }), Field("firstName", { $0.firstName }), Field("middleName", { $0.middleName }),
        Field("lastName", { $0.lastName }), Field("email", { $0.email }), Field("phone", { $0.phone }),
        Field("locale", { $0.locale }), Field("status", { $0.status }),
        Field("roles", { $0.roles }, doc: "In the caller's scopes."))
}

extension PersonView {
    init(_ user: User, grants: [GrantRecord]) {
        self.init(
            id: user.id, createdAt: user.createdAt, updatedAt: user.updatedAt, name: user.name,
            firstName: user.firstName, middleName: user.middleName, lastName: user.lastName, email: user.email,
            phone: user.phone, locale: user.locale, status: user.status,
            roles: grants.map { RoleView(role: $0.role, scopeType: $0.scope.type.name, scopeID: $0.scope.id) })
    }
}
