import Values

/// What can stand in a member of a body: it is written, read, described, and can be checked by rules.
package protocol WireValue: JSONWritable, JSONReadable, SchemaDescribed, Sendable {
    /// What a member that is left out means; nil when it must not be.
    static var missing: Self? { get }

    /// Reads a query parameter; throws `Refusal` when it spells no such value.
    init(parameter text: Substring) throws

    /// The rules that hold for a member: those declared and the ones that always hold.
    static func completed(_ rules: [Rule<Checked>]) -> [Rule<Checked>]

    /// Puts the value into its normal form and lists what the rules find wrong with it.
    static func check(_ value: inout Self, by rules: [Rule<Checked>.Check], into errors: inout [FieldError])
}

extension WireValue {
    package static var missing: Self? { nil }

    package init(parameter text: Substring) throws {
        throw Refusal(code: "type", message: "cannot stand in a query")
    }

    package static func completed(_ rules: [Rule<Checked>]) -> [Rule<Checked>] { rules }
}

extension WireValue where Checked == Self {
    package static func check(_ value: inout Self, by rules: [Rule<Self>.Check], into errors: inout [FieldError]) {
        for rule in rules { rule(&value, &errors) }
    }
}

extension WireValue where Self: TextReadable {
    package init(parameter text: Substring) throws {
        guard let value = Self(text: text) else { throw Refusal.format(Self.schema.expectation) }
        self = value
    }
}
