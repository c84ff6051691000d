import Values

/// Why a line is missing from a unit's invoice; kept with the run, at most a thousand.
struct BillingProblem: Hashable, Sendable {
    enum Code: String, Sendable, CaseIterable {
        case noArea = "no_area"
        case noReading = "no_reading"
        case tariffConflict = "tariff_conflict"
        case amountTooLarge = "amount_too_large"
    }

    var unit: ID<Unit>
    var code: Code
    /// The tariff's code, the meter's serial number, or the unit's number.
    var subject: String
}

extension BillingProblem {
    /// Together more than money can be.
    init(tooMuchFor unit: BilledUnit) { self.init(unit: unit.id, code: .amountTooLarge, subject: unit.number) }
}
