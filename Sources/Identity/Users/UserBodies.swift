import JSON
import Values

/// What a person changes of himself.
struct ProfileChange: Shaped {
    let firstName: Patch<String>
    let middleName: Patch<String?>
    let lastName: Patch<String>
    let locale: Patch<UserLocale>
    let timeZone: Patch<String?>
    let birthOn: Patch<Day?>

    static let shape = Shape(
        "ProfileChange", Self.init,
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("middleName", { $0.middleName }, .length(...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("locale", { $0.locale }),
        Field("timeZone", { $0.timeZone }, .timeZone),
        Field("birthOn", { $0.birthOn }, .range(Day(year: 1900, month: 1, day: 1)!...)))

    /// Throws 422 for a birth after `today`.
    func apply(to user: inout User, on today: Day) throws {
        if let birth = birthOn.value(or: nil), birth > today {
            throw InvalidInput(field: "birthOn", code: "range", message: "must not be in the future")
        }
        user.firstName = firstName.value(or: user.firstName)
        user.middleName = middleName.value(or: user.middleName)
        user.lastName = lastName.value(or: user.lastName)
        user.locale = locale.value(or: user.locale)
        user.timeZone = timeZone.value(or: user.timeZone)
        user.birthOn = birthOn.value(or: user.birthOn)
    }
}

/// What the staff of a scope changes of a person.
struct PersonChange: Shaped {
    let firstName: Patch<String>
    let middleName: Patch<String?>
    let lastName: Patch<String>
    let locale: Patch<UserLocale>

    static let shape = Shape(
        "PersonChange", Self.init,
        Field("firstName", { $0.firstName }, .length(1...100)),
        Field("middleName", { $0.middleName }, .length(...100)),
        Field("lastName", { $0.lastName }, .length(...100)),
        Field("locale", { $0.locale }))

    func apply(to user: inout User) {
        user.firstName = firstName.value(or: user.firstName)
        user.middleName = middleName.value(or: user.middleName)
        user.lastName = lastName.value(or: user.lastName)
        user.locale = locale.value(or: user.locale)
    }
}

/// A new password with the one it replaces.
struct PasswordChange: Shaped {
    let currentPassword: String?
    let newPassword: String

    static let shape = Shape(
        "PasswordChange", Self.init,
        Field("currentPassword", { $0.currentPassword }, .verbatim, .length(...PasswordPolicy.maximum),
            doc: "Left out only by an account that has no password yet."),
        Field("newPassword", { $0.newPassword }, .verbatim, .length(...PasswordPolicy.maximum)))
}

/// Another address for the account.
struct EmailChange: Shaped {
    let email: String
    let password: String?

    static let shape = Shape(
        "EmailChange", Self.init,
        Field("email", { $0.email }, .email, .length(...254)),
        Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum),
            doc: "The current one; left out only by an account that has none."))
}

/// The proof that it is the owner who has the account erased.
struct Farewell: Shaped {
    let password: String?
    let code: String?

    static let shape = Shape(
        "Farewell", Self.init,
        Field("password", { $0.password }, .verbatim, .length(...PasswordPolicy.maximum), doc: "Or else a code."),
        Field(
            "code", { $0.code }, .oneTimeCode,
            doc: "Sent by POST /auth/codes to the confirmed phone or address of the account; needed where it has no password."))
}

/// An address that a link is mailed to.
struct ResetRequest: Shaped {
    let email: String

    static let shape = Shape("PasswordResetRequest", Self.init, Field("email", { $0.email }, .email, .length(...254)))
}

/// What proves that an address is read by its owner.
struct AddressProof: Shaped {
    let token: String?
    let email: String?
    let code: String?

    static let shape = Shape(
        "AddressProof", Self.init, Field("token", { $0.token }, .length(1...200), doc: "Of the link; or else email and code."),
        Field("email", { $0.email }, .email, .length(...254)),
        Field("code", { $0.code }, .oneTimeCode, doc: "Sent there by POST /auth/codes."), example: ["token"],
        check: { $0.mistakes })

    private var mistakes: [FieldError] {
        if token != nil {
            return email == nil && code == nil
                ? [] : [FieldError(field: "token", code: "conflict", message: "stands in place of email and code")]
        }
        if let field = email == nil ? code == nil ? "token" : "email" : code == nil ? "code" : nil {
            return [FieldError(field: field, code: "required", message: "is required")]
        }
        return []
    }
}

/// The token of a link.
struct LinkToken: Shaped {
    let token: String

    static let shape = Shape("LinkToken", Self.init, Field("token", { $0.token }))
}

/// A new password by a link.
struct PasswordReset: Shaped {
    let token: String
    let newPassword: String

    static let shape = Shape(
        "PasswordReset", Self.init,
        Field("token", { $0.token }),
        Field("newPassword", { $0.newPassword }, .verbatim, .length(...PasswordPolicy.maximum)))
}

/// Something was taken in, or holds; nothing more is said.
struct Accepted: WireOutput {
    let accepted: Bool

    static let shape = Shape<Accepted>(output: "Accepted", Field("accepted", { $0.accepted }))
}

/// Whether a link works.
struct LinkValidity: WireOutput {
    let valid: Bool

    static let shape = Shape<LinkValidity>(output: "LinkValidity", Field("valid", { $0.valid }))
}

/// Where the confirmation of an address stands.
struct EmailStatus: WireOutput {
    let emailVerified: Bool
    let email: String?
    let pendingEmail: String?

    static let shape = Shape<EmailStatus>(
        output: "EmailStatus",
        Field("emailVerified", { $0.emailVerified }), Field("email", { $0.email }),
        Field("pendingEmail", { $0.pendingEmail }, doc: "The address that a link is out for."))
}
