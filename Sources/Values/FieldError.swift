/// What is wrong with one member of an input.
package struct FieldError: Hashable, Sendable {
    /// Where: `items[2].quantity`; empty for the body as a whole.
    package var field: String
    /// What, stable and snake_case: `required`, `range`, `unknown_field`.
    package var code: String
    /// What, as a sentence for a person.
    package var message: String
    /// For contracts that tell apart what is one code here: `too_short` and `too_long` of `length`; nil for the code itself.
    package var kind: String?

    package init(field: String, code: String, message: String, kind: String? = nil) {
        self.field = field
        self.code = code
        self.message = message
        self.kind = kind
    }
}
