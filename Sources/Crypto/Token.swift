/// A secret handed out once and looked up by its digest: refresh tokens, API keys, links in mails, lock tokens.
package struct Token: Hashable, Sendable {
    package let bytes: [UInt8]

    /// A new one; 32 bytes where a stranger may try to guess it.
    package static func random(bytes count: Int = 32) -> Token {
        Token(bytes: SecureRandom.bytes(count))
    }

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The token that was handed out as base64url, unless the text is none.
    package init?(base64URL text: some ByteSource) {
        guard let bytes = Base64.decodeURL(text) else { return nil }
        self.bytes = bytes
    }

    package var base64URL: String { Base64.encodeURL(bytes) }
    package var hex: String { Hex.encode(bytes) }
    /// What is stored in its place.
    package var digest: [UInt8] { SHA256.digest(of: bytes) }
}
