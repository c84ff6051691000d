import Values

/// All scopes on which a caller holds a permission, less those where it is denied: the filter of a list.
package struct Reach: Sendable {
    /// Held on the platform: nothing is filtered but what is denied.
    package let isEverything: Bool
    private let scopes: [Scope]
    private let denied: [Scope]

    init(isEverything: Bool, scopes: [Scope], denied: [Scope]) {
        self.isEverything = isEverything
        self.scopes = scopes
        self.denied = denied
    }

    /// One of the scopes that are reached, and what lies below it, less what is denied there.
    package func narrowed(to scope: Scope) -> Reach { Reach(isEverything: scope == .platform, scopes: [scope], denied: denied) }

    /// The only scope, where there is one alone.
    package var only: Scope? { !isEverything && scopes.count == 1 ? scopes[0] : nil }

    package var isEmpty: Bool { !isEverything && scopes.isEmpty }

    /// The ids of the scopes of a type, for `= ANY(…)`.
    package func ids(of type: ScopeType) -> [UUID] {
        scopes.compactMap { $0.type == type ? $0.id : nil }
    }

    package func ids<Entity>(of type: ScopeType, as: Entity.Type = Entity.self) -> [ID<Entity>] {
        ids(of: type).map { ID($0) }
    }

    /// Whether anything below what is reached may be denied: almost never. Then `deniedIDs` are to be taken out.
    package var holdsDenials: Bool { !denied.isEmpty }

    /// The ids of the scopes of a type where the permission is denied, with all that lies below them.
    package func deniedIDs(of type: ScopeType) -> [UUID] {
        denied.compactMap { $0.type == type ? $0.id : nil }
    }

    package func deniedIDs<Entity>(of type: ScopeType, as: Entity.Type = Entity.self) -> [ID<Entity>] {
        deniedIDs(of: type).map { ID($0) }
    }
}
