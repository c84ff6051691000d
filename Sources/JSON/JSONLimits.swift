/// The bounds of one document.
package struct JSONLimits: Sendable {
    /// Arrays and objects inside one another.
    package var depth: Int
    /// Members of all objects and elements of all arrays together.
    package var members: Int
    /// Mistakes collected before reading stops.
    package var errors: Int

    package init(depth: Int = 32, members: Int = 10_000, errors: Int = 64) {
        self.depth = depth
        self.members = members
        self.errors = errors
    }

    package static let standard = JSONLimits()
}
