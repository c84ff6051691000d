/// A provider understood and refused; asking again as before would be refused again.
package struct ProviderRefusal: Error, Equatable, CustomStringConvertible {
    /// The provider's own code.
    package let code: String
    /// For staff and the log.
    package let reason: String

    package init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { "refused: \(code): \(reason)" }
}
