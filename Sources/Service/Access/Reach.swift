import Values

/// All scopes on which a caller holds a permission: the filter of a list.
package struct Reach: Sendable {
    /// Held on the platform: nothing is filtered.
    package let isEverything: Bool
    private let scopes: [Scope]

    init(isEverything: Bool, scopes: [Scope]) {
        self.isEverything = isEverything
        self.scopes = scopes
    }

    package var isEmpty: Bool { !isEverything && scopes.isEmpty }

    /// The ids of the scopes of a type, for `= ANY(…)`.
    package func ids(of type: ScopeType) -> [UUID] {
        scopes.compactMap { $0.type == type ? $0.id : nil }
    }

    package func ids<Entity>(of type: ScopeType, as: Entity.Type = Entity.self) -> [ID<Entity>] {
        ids(of: type).map { ID($0) }
    }
}
