import Values

/// A value that is JSON but not acceptable here. Whoever reads the value around it adds where that was.
package struct Refusal: Error, Hashable, Sendable {
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Another type of JSON value was expected: `must be a string`.
    package static func type(_ expected: String) -> Refusal {
        Refusal(code: "type", message: "must be \(expected)")
    }

    /// The right type, spelled wrongly: `must be a date (YYYY-MM-DD)`.
    package static func format(_ expected: String) -> Refusal {
        Refusal(code: "format", message: "must be \(expected)")
    }
}

/// Thrown by a value whose mistakes stand in the reader's list already.
struct Refused: Error {}
