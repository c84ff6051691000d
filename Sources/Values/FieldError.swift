/// What is wrong with one member of an input.
package struct FieldError: Hashable, Sendable {
    /// Where: `items[2].quantity`; empty for the body as a whole.
    package var field: String
    /// What, stable and snake_case: `required`, `range`, `unknown_field`.
    package var code: String
    /// What, as a sentence for a person.
    package var message: String

    package init(field: String, code: String, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}
