import Values

/// A house, entrance or unit as others name it.
struct NumberRef<Entity>: Sendable {
    var id: ID<Entity>
    var number: String

    init(id: ID<Entity>, number: String) {
        self.id = id
        self.number = number
    }

    /// Nil unless both are there.
    init?(id: ID<Entity>?, number: String?) {
        guard let id, let number else { return nil }
        self.init(id: id, number: number)
    }
}

/// A unit's type as the unit shows it.
struct UnitTypeRef: Sendable {
    var id: ID<UnitType>
    var code: String
    var name: String
}
