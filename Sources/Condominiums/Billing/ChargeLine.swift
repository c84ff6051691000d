import Values

/// A line of an invoice to be, with where it came from.
struct ChargeLine: Sendable {
    var tariff: Tariff
    var quantity: Quantity
    var amount: Money
    var description: String
    /// Absent for lines by area and fixed ones.
    var charge: MeterCharge?

    var isEstimate: Bool {
        if case .estimate? = charge?.basis { true } else { false }
    }
}

/// What of a meter a line charges.
struct MeterCharge: Sendable {
    var meter: ID<Meter>
    var register: Register
    var basis: Basis

    enum Basis: Hashable, Sendable {
        case reading(ID<Reading>)
        case estimate(MissingReadingPolicy)
    }
}
