import Values

/// The kind of thing a grant is given on: `platform`, `company`, `condo` …
package struct ScopeType: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral name: String) { self.name = name }

    package static let platform: ScopeType = "platform"
    package var description: String { name }
}

/// One thing a grant is given on. The platform has no id.
package struct Scope: Hashable, Sendable {
    package let type: ScopeType
    package let id: UUID?

    package init(_ type: ScopeType, _ id: UUID?) {
        self.type = type
        self.id = id
    }

    package static let platform = Scope(.platform, nil)
}

/// Where an object stands: its own scope first, then its parents up to, but without, the platform.
/// A grant covers the object when its scope is on the path, or is the platform.
package typealias ScopePath = [Scope]
