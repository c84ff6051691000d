import Crypto

/// Opaque cursors: what a feed gives as `nextCursor` and takes back.
enum Cursor {
    static func encode(_ text: String) -> String { Base64.encodeURL(Array(text.utf8)) }

    /// Nil for what we never gave.
    static func decode(_ text: String) -> String? {
        guard text.utf8.count <= 512, let bytes = Base64.decodeURL(Array(text.utf8)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
