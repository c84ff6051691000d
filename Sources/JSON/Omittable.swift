import Values

/// A member that may be left out of what is written.
protocol Omittable {
    var isOmitted: Bool { get }
}

extension Patch: Omittable {
    var isOmitted: Bool { !isPresent }
}
