/// The name of a field. Whether its value is secret is decided once, when the key is made: keep the keys of hot lines in
/// static constants.
package struct LogKey: Sendable, ExpressibleByStringLiteral {
    package let name: String
    package let isSecret: Bool

    package init(_ name: String) {
        self.name = name
        isSecret = Redaction.isSecret(name)
    }

    package init(stringLiteral name: String) { self.init(name) }
}
