import Values

/// One check of a member, with what it adds to the member's schema. A rule may also put the value into its normal form.
package struct Rule<Value>: Sendable {
    /// Changes a value into its normal form and lists what is wrong with it, by paths relative to it.
    package typealias Check = @Sendable (inout Value, inout [FieldError]) -> Void

    let traits: RuleTraits
    /// How many characters or elements, where the rule is about that.
    let bounds: Bounds<Int>?
    let describe: @Sendable (inout Schema) -> Void
    let apply: Check

    init(
        _ traits: RuleTraits = [],
        bounds: Bounds<Int>? = nil,
        describe: @escaping @Sendable (inout Schema) -> Void = { _ in },
        apply: @escaping Check = { _, _ in }
    ) {
        self.traits = traits
        self.bounds = bounds
        self.describe = describe
        self.apply = apply
    }

    /// A check of the module's own: `code` and `message` are reported when `holds` says no.
    package static func check(code: String, message: String, _ holds: @escaping @Sendable (Value) -> Bool) -> Rule {
        Rule(apply: { value, errors in
            if !holds(value) { errors.append(FieldError(field: "", code: code, message: message)) }
        })
    }
}
