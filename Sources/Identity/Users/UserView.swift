import JSON
import Values

/// An account as its owner and the platform's staff see it: its columns, less secrets, and what follows from its grants.
struct UserView: WireOutput {
    let id: ID<User>
    let createdAt: Instant
    let updatedAt: Instant
    let email: String?
    let emailVerifiedAt: Instant?
    let phone: String?
    let phoneVerifiedAt: Instant?
    let firstName: String
    let middleName: String?
    let lastName: String
    let locale: UserLocale
    let timeZone: String?
    let avatarFileID: UUID?
    let birthOn: Day?
    let status: UserStatus
    let suspendedUntil: Instant?
    let statusReason: String?
    let department: Department?
    let mustChangePassword: Bool
    let twoFactor: TwoFactor
    let preferences: JSONText
    let source: String?
    let termsAcceptedAt: Instant?
    let lastLoginAt: Instant?
    let lastLoginAddress: String?
    let lastActiveAt: Instant?
    let deletedAt: Instant?
    let name: String
    let avatarURL: String?
    let emailVerified: Bool
    let phoneVerified: Bool
    let roles: [RoleView]
    let permissions: [String]

    static let shape = Shape<UserView>(
        output: "User",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("email", { $0.email }), Field("emailVerifiedAt", { $0.emailVerifiedAt }), Field("phone", { $0.phone }),
        Field("phoneVerifiedAt", { $0.phoneVerifiedAt }), Field("firstName", { $0.firstName }),
        Field("middleName", { $0.middleName }), Field("lastName", { $0.lastName }), Field("locale", { $0.locale }),
        Field("timeZone", { $0.timeZone }), Field("avatarFileId", { $0.avatarFileID }), Field("birthOn", { $0.birthOn }),
        Field("status", { $0.status }), Field("suspendedUntil", { $0.suspendedUntil }),
        Field("statusReason", { $0.statusReason }), Field("department", { $0.department }),
        Field("mustChangePassword", { $0.mustChangePassword }), Field("twoFactor", { $0.twoFactor }),
        Field("preferences", { $0.preferences }), Field("source", { $0.source }),
        Field("termsAcceptedAt", { $0.termsAcceptedAt }), Field("lastLoginAt", { $0.lastLoginAt }),
        Field("lastLoginIp", { $0.lastLoginAddress }), Field("lastActiveAt", { $0.lastActiveAt }),
        Field("deletedAt", { $0.deletedAt }), Field("name", { $0.name }), Field("avatarUrl", { $0.avatarURL }, doc: "Below this server's address."),
        Field("emailVerified", { $0.emailVerified }), Field("phoneVerified", { $0.phoneVerified }),
        Field("roles", { $0.roles }),
        Field("permissions", { $0.permissions }, doc: "Codes that hold on the whole platform."))
}

/// A role somewhere, in short.
struct RoleView: WireOutput {
    let role: String
    let scopeType: String
    let scopeID: UUID?

    static let shape = Shape<RoleView>(
        output: "UserRole",
        Field("role", { $0.role }), Field("scopeType", { $0.scopeType }), Field("scopeId", { $0.scopeID }))
}

extension UserView {
    init(_ user: User, grants: [GrantRecord], roles book: RoleBook) {
        let platform = grants.filter { $0.scope == .platform }.compactMap { book.grant($0.stored) }
        let codes = Set(platform.flatMap(\.permissions.codes)).filter { code in
            !platform.contains { $0.permissions.denies(.init(code)) }
        }
        self.init(
            id: user.id, createdAt: user.createdAt, updatedAt: user.updatedAt, email: user.email,
            emailVerifiedAt: user.emailVerifiedAt, phone: user.phone, phoneVerifiedAt: user.phoneVerifiedAt,
            firstName: user.firstName, middleName: user.middleName, lastName: user.lastName, locale: user.locale,
            timeZone: user.timeZone, avatarFileID: user.avatarFileID, birthOn: user.birthOn, status: user.status,
            suspendedUntil: user.suspendedUntil, statusReason: user.statusReason, department: user.department,
            mustChangePassword: user.mustChangePassword, twoFactor: user.twoFactor, preferences: user.preferences,
            source: user.source, termsAcceptedAt: user.termsAcceptedAt, lastLoginAt: user.lastLoginAt,
            lastLoginAddress: user.lastLoginAddress, lastActiveAt: user.lastActiveAt, deletedAt: user.deletedAt,
            name: user.name, avatarURL: user.avatarFileID.map { "/api/v1/files/\($0)/content" }, emailVerified: user.emailVerifiedAt != nil,
            phoneVerified: user.phoneVerifiedAt != nil,
            roles: grants.map { RoleView(role: $0.role, scopeType: $0.scope.type.name, scopeID: $0.scope.id) },
            permissions: codes.sorted())
    }
}
