/// The name of a field, a constant of the program. Whether its value is secret is decided once, when the key is made: keep
/// the keys of hot lines in static constants.
package struct LogKey: Sendable, ExpressibleByStringLiteral {
    package let name: StaticString
    package let isSecret: Bool

    package init(stringLiteral name: StaticString) {
        self.name = name
        isSecret = Redaction.isSecret(name.description)
    }
}
