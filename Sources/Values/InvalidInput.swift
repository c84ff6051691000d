/// Input that was understood and refused: every mistake found, each with its place.
package struct InvalidInput: Error, Hashable, Sendable {
    package var errors: [FieldError]

    package init(_ errors: [FieldError]) {
        self.errors = errors
    }

    package init(field: String, code: String, message: String) {
        errors = [FieldError(field: field, code: code, message: message)]
    }
}
