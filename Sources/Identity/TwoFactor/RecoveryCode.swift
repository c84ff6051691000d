import Crypto
import JSON
import Values

/// A code by which somebody signs in once who has lost his second proof: fifty random bits, written down as `k3v7q-2mdxa`.
struct RecoveryCode: Equatable, Sendable {
    /// How many somebody has.
    static let count = 10
    private static let length = 10

    /// Without its hyphen, in lower case.
    private let letters: String

    static func random() -> RecoveryCode {
        RecoveryCode(letters: String(Base32.encode(SecureRandom.bytes(7)).lowercased().prefix(length)))
    }

    private init(letters: String) { self.letters = letters }

    /// However it is typed: in capitals, with spaces, without its hyphen. Nil for what is none.
    init?(_ text: String) {
        let letters = text.lowercased().filter { $0 != "-" && $0 != " " }
        guard text.utf8.count <= 20, letters.utf8.count == Self.length,
            letters.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x32...0x37).contains($0) })
        else { return nil }
        self.letters = letters
    }

    var text: String { "\(letters.prefix(5))-\(letters.suffix(5))" }

    /// What is stored in its place.
    func hash(of user: ID<User>, key: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate("recovery|\(user)|\(letters)", key: key)
    }
}

extension Rule where Value == String {
    /// Six digits, or a recovery code in their place.
    static var secondProof: Rule {
        pattern("one-time or recovery code", example: "482913") { text in
            text.utf8.count == 6 && text.utf8.allSatisfy { (48...57).contains($0) } || RecoveryCode(text) != nil
        }
    }
}

/// New recovery codes, shown this once.
struct RecoveryCodesView: WireOutput {
    let codes: [RecoveryCode]

    static let shape = Shape<RecoveryCodesView>(
        output: "RecoveryCodes",
        Field("codes", { $0.codes.map(\.text) }, doc: "Each signs in once in place of a second proof; those of before are void."))
}

/// What is left of them.
struct RecoveryCodesState: WireOutput {
    let left: Int

    static let shape = Shape<RecoveryCodesState>(
        output: "RecoveryCodesState", Field("left", { $0.left }, doc: "How many have not been used."))
}
