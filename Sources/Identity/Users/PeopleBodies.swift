import JSON
import Service
import Values

/// Somebody with grants in the caller's scopes.
struct NewPerson: Shaped {
    let email: String?
    let phone: String?
    let firstName: String
    let middleName: String?
    let lastName: String?
    let locale: UserLocale?
    let password: String?
    let grants: [NewGrant]

    static let shape = Shape(
        "NewPerson", Self.init,
        Field("email", { $0.email }, .email, .length(...254)),
        Field("phone", { $0.phone }, .phone, .length(...40)),
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("middleName", { $0.middleName }, .length(...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("locale", { $0.locale }),
        Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum),
            doc: "Has to be changed. With it or without, a link to choose one is mailed."),
        Field("grants", { $0.grants }, .count(1...20)))

    func draft() throws -> NewUser {
        if email == nil, phone == nil { throw UserProblem.addressRequired.on("email") }
        return NewUser(
            email: email.flatMap { EmailAddress($0) }, phone: phone.flatMap { PhoneNumber($0) }, firstName: firstName,
            middleName: middleName, lastName: lastName ?? "", locale: locale ?? .ru, source: "staff")
    }
}

/// A role to be given on a scope.
struct NewGrant: Shaped {
    let role: String
    let scopeType: String
    let scopeID: UUID?
    let permissions: [String]?

    static let shape = Shape(
        "NewGrant", Self.init,
        Field("role", { $0.role }, .length(1...50)),
        Field("scopeType", { $0.scopeType }, .length(1...50)),
        Field("scopeId", { $0.scopeID }),
        Field("permissions", { $0.permissions }, .count(0...100),
            doc: "Codes besides those of the role; with a leading minus, denials."))

    var draft: GrantDraft {
        GrantDraft(role: role, on: Scope(ScopeType(scopeType), scopeID), codes: permissions ?? [])
    }
}

/// Other codes for a grant.
struct GrantChange: Shaped {
    let permissions: [String]

    static let shape = Shape(
        "GrantChange", Self.init, Field("permissions", { $0.permissions }, .count(0...100)))
}

/// A grant and what it allows in effect.
struct GrantView: WireOutput {
    let id: ID<GrantRecord>
    let role: String
    let title: String?
    let level: Int?
    let scopeType: String
    let scopeID: UUID?
    let permissions: [String]
    let effective: [String]
    let grantedBy: ID<User>?
    let createdAt: Instant

    static let shape = Shape<GrantView>(
        output: "Grant",
        Field("id", { $0.id }), Field("role", { $0.role }), Field("title", { $0.title }), Field("level", { $0.level }),
        Field("scopeType", { $0.scopeType }), Field("scopeId", { $0.scopeID }),
        Field("permissions", { $0.permissions }, doc: "Codes besides those of the role, and denials."),
        Field("effectivePermissions", { $0.effective }, doc: "What the grant allows in all."),
        Field("grantedBy", { $0.grantedBy }), Field("createdAt", { $0.createdAt }))
}

extension GrantView {
    init(_ grant: GrantRecord, roles: RoleBook) {
        let role = roles[grant.role]
        self.init(
            id: grant.id, role: grant.role, title: role?.title, level: role?.level, scopeType: grant.scope.type.name,
            scopeID: grant.scope.id, permissions: grant.codes,
            effective: roles.grant(grant.stored)?.permissions.codes ?? [], grantedBy: grant.grantedBy,
            createdAt: grant.createdAt)
    }
}

/// What the list of people is narrowed to.
struct PeopleFilter: Shaped {
    let scopeType: String?
    let scopeID: UUID?
    let role: String?
    let status: UserStatus?
    let q: String?

    static let shape = Shape(
        "PeopleFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(...50)), Field("scopeId", { $0.scopeID }),
        Field("role", { $0.role }, .length(...50)), Field("status", { $0.status }),
        Field("q", { $0.q }, .length(1...100), doc: "Searches name, e-mail and phone."))

    var condition: UserCondition {
        UserCondition(
            scope: scopeType.map { Scope(ScopeType($0), scopeID) }, role: role, status: status, text: q)
    }
}
