import Crypto
import Service

/// Passport numbers and invite tokens, sealed where they are kept.
struct Papers: Sendable {
    private static let passport = "condo.residents.passport"
    private static let token = "condo.invites.token"

    let keys: SealingRing

    func seal(_ number: String) -> [UInt8] { keys.seal(number, context: Self.passport).bytes }

    /// Whole; nil as well when the key it was sealed with is gone.
    func number(of resident: Resident) -> String? {
        resident.sealedPassport.flatMap { try? keys.openText(Sealed(bytes: $0), context: Self.passport) }
    }

    /// The last four characters, the rest masked.
    func end(of resident: Resident) -> String? { number(of: resident).map { "•••• " + $0.suffix(4) } }

    func sealToken(_ text: String) -> [UInt8] { keys.seal(text, context: Self.token).bytes }

    /// Nil when the key it was sealed with is gone: the invite then shows no link, and is still accepted by its hash.
    func token(of invite: Invite) -> String? {
        try? keys.openText(Sealed(bytes: invite.sealedToken), context: Self.token)
    }
}
