import JSON
import Notifications
import Values

/// What a second proof may be.
enum TwoFactorMethod: String, WireEnum {
    case totp, email
}

/// Which second proof the account is to ask for.
struct TwoFactorWish: Shaped {
    let method: TwoFactorMethod

    static let shape = Shape(
        "TwoFactorWish", Self.init,
        Field("method", { $0.method }, doc: "An authenticator, or codes to the confirmed e-mail address."))
}

/// What is to be confirmed by a code.
struct TwoFactorOffer: WireOutput {
    let secret: String?
    let otpauthURL: String?
    let expiresIn: Int?

    static let shape = Shape<TwoFactorOffer>(
        output: "TwoFactorOffer",
        Field("secret", { $0.secret }, doc: "For an authenticator, in base 32; shown this once."),
        Field("otpauthUrl", { $0.otpauthURL }, doc: "The same for its camera."),
        Field("expiresIn", { $0.expiresIn }, doc: "Seconds that a code sent by mail holds."))
}

struct TwoFactorProof: Shaped {
    let code: String

    static let shape = Shape("TwoFactorProof", Self.init, Field("code", { $0.code }, .oneTimeCode))
}

/// Both proofs of somebody who ends his second factor, or wants recovery codes.
struct TwoFactorFarewell: Shaped {
    let password: String?
    let code: String

    static let shape = Shape(
        "TwoFactorFarewell", Self.init,
        Field("password", { $0.password }, .verbatim, .length(1...PasswordPolicy.maximum),
            doc: "Left out only by an account that has none."),
        Field("code", { $0.code }, .secondProof, doc: "Or one of the recovery codes."))
}

/// The second half of a sign-in.
struct TwoFactorSignIn: Shaped {
    let challengeID: String
    let code: String

    static let shape = Shape(
        "TwoFactorSignIn", Self.init,
        Field("challengeId", { $0.challengeID }, .length(1...400), doc: "As the first half answered it."),
        Field("code", { $0.code }, .secondProof, doc: "Or one of the recovery codes."))
}
