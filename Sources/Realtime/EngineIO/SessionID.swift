import Crypto

/// The name of an Engine.IO session: says which loop it lives on, and cannot be guessed.
struct SessionID: Sendable {
    let text: String
    let loop: Int

    init(loop: Int) {
        self.loop = loop
        text = Hex.encode([UInt8(truncatingIfNeeded: loop)]) + Token.random(bytes: 18).base64URL
    }

    /// Nil for what was never given out.
    init?(_ text: String) {
        guard text.utf8.count == 26, let bytes = Hex.decode(String(text.prefix(2))), bytes.count == 1 else { return nil }
        self.text = text
        loop = Int(bytes[0])
    }
}
