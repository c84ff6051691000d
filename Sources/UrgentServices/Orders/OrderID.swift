import Crypto

/// The name of an order: 12 characters of 64, which nobody can guess.
package struct OrderID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Nil for what no order is called.
    package init?(_ text: String) {
        guard (12...32).contains(text.utf8.count), text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        self.text = text
    }

    /// What the database calls an order.
    init(stored text: String) { self.text = text }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// 72 bits of the generator.
    static func random() -> OrderID {
        OrderID(stored: String(decoding: SecureRandom.bytes(12).map { alphabet[Int($0 & 63)] }, as: UTF8.self))
    }

    package var description: String { text }
}
