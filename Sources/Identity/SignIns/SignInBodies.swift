import JSON
import Notifications
import Values

/// A registration, by e-mail or by phone.
struct Registration: Shaped {
    let email: String?
    let phone: String?
    let password: String?
    let firstName: String
    let lastName: String?
    let locale: UserLocale?
    let timeZone: String?
    let acceptTerms: Bool

    static let shape = Shape(
        "Registration", Self.init,
        Field("email", { $0.email }, .email, .length(...254), doc: "Or else phone."),
        Field("phone", { $0.phone }, .phone),
        Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum),
            doc: "By phone it may be left out: codes sign in."),
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("locale", { $0.locale }),
        Field("timeZone", { $0.timeZone }, .timeZone),
        Field("acceptTerms", { $0.acceptTerms }, doc: "Must be true."),
        example: ["email", "password"], check: { $0.mistakes })

    private var mistakes: [FieldError] {
        func missing(_ field: String) -> FieldError { FieldError(field: field, code: "required", message: "is required") }
        switch (email, phone) {
        case (nil, nil): return [missing("email")] + (password == nil ? [missing("password")] : [])
        case (_?, _?): return [FieldError(field: "phone", code: "ambiguous", message: "Give one of e-mail and phone.")]
        case (_?, nil): return password == nil ? [missing("password")] : []
        case (nil, _?): return []
        }
    }
}

/// What a registration is answered: a sign-in, or that a code was sent.
enum RegistrationAnswer: JSONWritable, SchemaDescribed, Sendable {
    case signedIn(SignInView)
    case codeSent(CodeSentView)

    func write(to writer: inout JSONWriter) {
        switch self {
        case .signedIn(let view): view.write(to: &writer)
        case .codeSent(let view): view.write(to: &writer)
        }
    }

    /// The members of both: those of a sign-in after an e-mail address, `expiresIn` and `resendAfter` after a phone.
    static var schema: Schema {
        func member(_ name: String, _ schema: Schema) -> Schema.Property { .init(name: name, schema: schema, isRequired: false) }
        return .object([
            member("user", UserView.schema), member("accessToken", Schema(.string)), member("refreshToken", Schema(.string)),
            member("tokenType", Schema(.string)), .init(name: "expiresIn", schema: Schema(.integer), isRequired: true),
            member("refreshExpiresIn", Schema(.integer)), member("resendAfter", Schema(.integer)),
        ])
    }
}

/// A sign-in by password.
struct Credentials: Shaped {
    let email: String?
    let phone: String?
    let password: String
    let twoFactorCode: String?

    static let shape = Shape(
        "Credentials", Self.init,
        Field("email", { $0.email }, .email, .length(...254)),
        Field("phone", { $0.phone }, .length(...40)),
        Field("password", { $0.password }, .verbatim, .length(1...PasswordPolicy.maximum)),
        Field("twoFactorCode", { $0.twoFactorCode }, .secondProof, doc: "Where the account asks for one; or a recovery code."),
        example: ["email"])
}

/// A sign-in of the platform's staff.
struct StaffCredentials: Shaped {
    let email: String
    let password: String
    let twoFactorCode: String?

    static let shape = Shape(
        "StaffCredentials", Self.init,
        Field("email", { $0.email }, .email, .length(...254)),
        Field("password", { $0.password }, .verbatim, .length(1...PasswordPolicy.maximum)),
        Field("twoFactorCode", { $0.twoFactorCode }, .secondProof, doc: "Where the account asks for one; or a recovery code."))
}

/// A refresh token to be exchanged.
struct RefreshBody: Shaped {
    let refreshToken: String

    static let shape = Shape("Refresh", Self.init, Field("refreshToken", { $0.refreshToken }))
}

/// What is to be ended.
struct SignOutBody: Shaped {
    let refreshToken: String?
    let everywhere: Bool?

    static let shape = Shape(
        "SignOut", Self.init,
        Field("refreshToken", { $0.refreshToken }),
        Field("everywhere", { $0.everywhere }, doc: "Every sign-in of the user, not this one alone."))
}

/// How many sign-ins were ended.
struct SignedOut: WireOutput {
    let revoked: Int

    static let shape = Shape<SignedOut>(output: "SignedOut", Field("revoked", { $0.revoked }))
}

/// An access token to be judged.
struct VerifyBody: Shaped {
    let token: String?

    static let shape = Shape(
        "VerifyToken", Self.init,
        Field("token", { $0.token }, .length(...4096), doc: "Without it the token of Authorization is judged."))
}

/// A token that holds.
struct VerifiedToken: WireOutput {
    let valid: Bool
    let user: UserView
    let expiresAt: Instant

    static let shape = Shape<VerifiedToken>(
        output: "VerifiedToken",
        Field("valid", { $0.valid }), Field("user", { $0.user }), Field("expiresAt", { $0.expiresAt }))
}

/// A sign-in as the client gets it.
struct SignInView: WireOutput {
    let user: UserView
    let accessToken: String
    let refreshToken: String
    let tokenType: String
    let expiresIn: Int
    let refreshExpiresIn: Int

    static let shape = Shape<SignInView>(
        output: "SignIn",
        Field("user", { $0.user }), Field("accessToken", { $0.accessToken }),
        Field("refreshToken", { $0.refreshToken }), Field("tokenType", { $0.tokenType }),
        Field("expiresIn", { $0.expiresIn }, doc: "Seconds the access token lasts."),
        Field("refreshExpiresIn", { $0.refreshExpiresIn }, doc: "Seconds the refresh token may rest."))
}

extension SignInView {
    init(_ signedIn: SignedIn, roles: RoleBook) {
        self.init(
            user: UserView(signedIn.user, grants: signedIn.grants, roles: roles), accessToken: signedIn.accessToken,
            refreshToken: signedIn.refreshToken, tokenType: "Bearer", expiresIn: signedIn.expiresIn,
            refreshExpiresIn: signedIn.refreshExpiresIn)
    }
}

/// One of the caller's own sign-ins.
struct LiveFamilyView: WireOutput {
    let id: UUID
    let client: String?
    let ip: String?
    let createdAt: Instant
    let lastUsedAt: Instant
    let isCurrent: Bool

    static let shape = Shape<LiveFamilyView>(
        output: "LiveSignIn",
        Field("id", { $0.id }), Field("client", { $0.client }), Field("ip", { $0.ip }),
        Field("createdAt", { $0.createdAt }), Field("lastUsedAt", { $0.lastUsedAt }),
        Field("isCurrent", { $0.isCurrent }))
}

extension LiveFamilyView {
    init(_ family: LiveFamily, current: UUID?) {
        self.init(
            id: family.id.uuid, client: family.client, ip: family.address, createdAt: family.createdAt,
            lastUsedAt: family.lastUsedAt, isCurrent: family.id.uuid == current)
    }
}

extension Rule where Value == String {
    /// A zone of the tz database by its name: `Europe/Moscow`. Whether this machine knows it is asked where it is used.
    static var timeZone: Rule {
        pattern("time-zone", example: "Europe/Sofia") { name in
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            return name.utf8.count <= 64 && (1...3).contains(parts.count)
                && parts.allSatisfy { part in
                    part.first?.isLetter == true
                        && part.utf8.allSatisfy { byte in
                            switch byte {
                            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                                UInt8(ascii: "+"):
                                true
                            default: false
                            }
                        }
                }
        }
    }
}
