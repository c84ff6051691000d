import Service
import Values

/// The scope chain company ⊃ condo ⊃ unit.
extension ScopeType {
    static let company: ScopeType = "company"
    static let condo: ScopeType = "condo"
    static let unit: ScopeType = "unit"
}

extension Scope {
    static func company(_ id: ID<Company>) -> Scope { Scope(.company, id.uuid) }
    static func condo(_ id: ID<Condo>) -> Scope { Scope(.condo, id.uuid) }
    static func unit(_ id: ID<Unit>) -> Scope { Scope(.unit, id.uuid) }
}
