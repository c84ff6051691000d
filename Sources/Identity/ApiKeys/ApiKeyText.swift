import Crypto

/// An API key as its owner holds it: `gk_` and nine digits by which the row is found, an underscore, 32 secret bytes.
struct ApiKeyText {
    let prefix: String
    let secret: Token

    private static let start = "gk_"
    private static let prefixLength = 12

    static func isOne(_ text: String) -> Bool { text.hasPrefix(start) }

    /// A new one.
    static func random() -> ApiKeyText {
        let digits = Token.random(bytes: 5).hex.prefix(prefixLength - start.utf8.count)
        return ApiKeyText(prefix: start + digits, secret: .random())
    }

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard Self.isOne(text), bytes.count > Self.prefixLength + 1, bytes[Self.prefixLength] == UInt8(ascii: "_"),
            let secret = Token(base64URL: bytes[(Self.prefixLength + 1)...]), secret.bytes.count == 32
        else { return nil }
        prefix = String(decoding: bytes[..<Self.prefixLength], as: UTF8.self)
        self.secret = secret
    }

    init(prefix: String, secret: Token) {
        self.prefix = prefix
        self.secret = secret
    }

    var text: String { "\(prefix)_\(secret.base64URL)" }
}
