import JSON
import Service
import Values

/// A new member of the platform's staff.
struct NewStaff: Shaped {
    let email: String
    let phone: String?
    let firstName: String
    let middleName: String?
    let lastName: String?
    let locale: UserLocale?
    let role: String
    let department: Department?
    let permissions: [String]?
    let password: String?

    static let shape = Shape(
        "NewStaff", Self.init,
        Field("email", { $0.email }, .email, .length(...254)),
        Field("phone", { $0.phone }, .phone, .length(...40)),
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("middleName", { $0.middleName }, .length(...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("locale", { $0.locale }),
        Field("role", { $0.role }, .length(1...50)),
        Field("department", { $0.department }),
        Field("permissions", { $0.permissions }, .count(0...100),
            doc: "Codes besides those of the role; with a leading minus, denials."),
        Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum),
            doc: "Has to be changed. With it or without, a link to choose one is mailed."))

    var draft: NewUser {
        NewUser(
            email: EmailAddress(email), phone: phone.flatMap { PhoneNumber($0) }, firstName: firstName,
            middleName: middleName, lastName: lastName ?? "", locale: locale ?? .ru, department: department,
            source: "staff")
    }
}

/// What is changed of an account by the platform's staff.
struct StaffUpdate: Shaped {
    let email: Patch<String>
    let phone: Patch<String?>
    let firstName: Patch<String>
    let middleName: Patch<String?>
    let lastName: Patch<String>
    let department: Patch<Department?>
    let role: Patch<String>
    let permissions: Patch<[String]>

    static let shape = Shape(
        "StaffUpdate", Self.init,
        Field("email", { $0.email }, .email, .length(...254), doc: "A link that confirms it is mailed."),
        Field("phone", { $0.phone }, .phone, .length(...40)),
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("middleName", { $0.middleName }, .length(...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("department", { $0.department }),
        Field("role", { $0.role }, .length(1...50), doc: "The platform role."),
        Field("permissions", { $0.permissions }, .count(0...100)))

    var change: StaffChange {
        StaffChange(
            email: email.value.flatMap { EmailAddress($0) }, phone: phone.number,
            firstName: firstName.value, middleName: middleName, lastName: lastName.value, department: department,
            role: role.value, codes: permissions.value)
    }
}

extension Patch where Value == String? {
    fileprivate var number: Patch<PhoneNumber?> {
        switch self {
        case .absent: .absent
        case .set(let text): .set(text.flatMap { PhoneNumber($0) })
        }
    }
}

/// Why, and how long, an account is suspended or banned.
struct SuspensionBody: Shaped {
    let reason: String
    let until: Instant?
    let notify: Bool

    static let shape = Shape(
        "Suspension", Self.init,
        Field("reason", { $0.reason }, .length(1...500)),
        Field("until", { $0.until }, doc: "When it ends by itself; without it, when somebody ends it."),
        Field("notify", { $0.notify }, default: { true }, doc: "Whether the user is told by mail."))
}

/// Why an account is banned.
struct BanBody: Shaped {
    let reason: String
    let notify: Bool

    static let shape = Shape(
        "Ban", Self.init,
        Field("reason", { $0.reason }, .length(1...500)), Field("notify", { $0.notify }, default: { true }))
}

/// Whether the user is told that he may sign in again.
struct ReactivationBody: Shaped {
    let notify: Bool

    static let shape = Shape("Reactivation", Self.init, Field("notify", { $0.notify }, default: { true }))
}

/// A password for somebody else.
struct PasswordSetting: Shaped {
    let password: String

    static let shape = Shape(
        "PasswordSetting", Self.init, Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum)))
}

/// What the platform's list of accounts is narrowed to.
struct StaffFilter: Shaped {
    let type: AccountType?
    let role: String?
    let department: Department?
    let status: UserStatus?
    let product: String?
    let from: Day?
    let to: Day?
    let q: String?

    static let shape = Shape(
        "StaffFilter", Self.init,
        Field("type", { $0.type }, doc: "staff: with a platform grant; member: without."),
        Field("role", { $0.role }, .length(...50)), Field("department", { $0.department }),
        Field("status", { $0.status }), Field("product", { $0.product }, .length(...50)),
        Field("from", { $0.from }), Field("to", { $0.to }),
        Field("q", { $0.q }, .length(1...100), doc: "Searches name, e-mail and phone."),
        check: { RangeFilter.errors(from: $0.from, to: $0.to) })

    func condition(_ roles: RoleBook) -> UserCondition {
        UserCondition(
            role: role, roles: product.map(roles.names), status: status, department: department,
            isStaff: type.map { $0 == .staff }, from: from, to: to, text: q)
    }

    /// What was asked for, as the trail of an export says it.
    var details: [(name: String, value: AuditValue)] {
        [
            ("type", AuditValue(type)), ("role", AuditValue(role)), ("department", AuditValue(department)),
            ("status", AuditValue(status)), ("product", AuditValue(product)), ("from", AuditValue(from)),
            ("to", AuditValue(to)), ("q", AuditValue(q)),
        ].filter { $0.value != .none }
    }
}

/// Whether an account belongs to the platform's own staff.
enum AccountType: String, WireEnum {
    case staff, member
}

/// An account in full, for the platform's staff.
struct StaffUserView: WireOutput {
    let user: UserView
    let grants: [GrantView]
    let signIns: [LiveFamilyView]
    let sections: [String: JSONText]

    static let shape = Shape<StaffUserView>(
        output: "StaffUser",
        Field("user", { $0.user }), Field("grants", { $0.grants }), Field("signIns", { $0.signIns }),
        Field("sections", { $0.sections }, doc: "What the products show of the account: wallets, homes"))
}
