import JSON
import Notifications
import Service
import Values

/// Where a code is to go.
struct CodeWish: Shaped {
    let email: String?
    let phone: String?

    static let shape = Shape<Self>(
        "CodeWish", Self.init, Field("email", { $0.email }, .email, .length(...254)),
        Field("phone", { $0.phone }, .length(...40)), example: ["email"])
}

/// A sign-in by a code.
struct CodeSignIn: Shaped {
    let email: String?
    let phone: String?
    let code: String
    let firstName: String?
    let lastName: String?

    static let shape = Shape<Self>(
        "CodeSignIn", Self.init, Field("email", { $0.email }, .email, .length(...254)),
        Field("phone", { $0.phone }, .length(...40)), Field("code", { $0.code }, .oneTimeCode),
        Field("firstName", { $0.firstName }, .length(1...100), doc: "Of an account that is made by it."),
        Field("lastName", { $0.lastName }, .length(...100)), example: ["email"])
}

/// A number that the account is to have.
struct PhoneWish: Shaped {
    let phone: String
    let password: String?

    static let shape = Shape<Self>(
        "PhoneWish", Self.init, Field("phone", { $0.phone }, .phone),
        Field("password", { $0.password }, .verbatim, .length(1...PasswordPolicy.maximum), doc: "Where the account has one."))
}

struct PhoneProof: Shaped {
    let code: String

    static let shape = Shape<Self>("PhoneProof", Self.init, Field("code", { $0.code }, .oneTimeCode))
}

extension User {
    /// Where a code reaches the owner and nobody else: his confirmed phone, or else his confirmed address.
    var provedSubject: CodeSubject? {
        if phoneVerifiedAt != nil, let phone = phone.flatMap({ PhoneNumber($0) }) { return .phone(phone) }
        return emailVerifiedAt == nil ? nil : email.flatMap { EmailAddress($0) }.map { .email($0) }
    }
}

extension CodeSubject {
    init(_ account: Account) {
        switch account {
        case .email(let email): self = .email(email)
        case .phone(let phone): self = .phone(phone)
        }
    }
}
