import Values

/// What the generation of a month knows of one unit.
struct BilledUnit: Sendable {
    var id: ID<Unit>
    var number: String
    var typeCode: String
    var area: Area?
    var activeResidents: Int
    var meters: [BilledMeter]
}

/// A meter as one month sees it: where it stood at the end of the month and what was charged on it before.
struct BilledMeter: Sendable {
    var id: ID<Meter>
    /// One that has been taken out is charged by its last reading and never estimated.
    var isInUse: Bool
    var typeCode: String
    var serialNumber: String?
    /// The tariffs the meter counts apart; empty for a plain one, whose only register is `Register.whole`.
    var zones: [String]
    var initial: RegisterValues
    var installedIn: Period?
    /// The last position of each month with a reading that counts, newest first, none after the month that is billed.
    var positions: [MonthPosition]
    /// Everything charged so far on invoices that are not cancelled, estimates included.
    var charged: RegisterValues
    /// What was charged for the month before, by register.
    var chargedLastMonth: RegisterValues

    var registers: [Register] { zones.isEmpty ? [.whole] : zones.map(Register.zone) }
}

/// Where a meter stood at the last reading of a month.
struct MonthPosition: Sendable {
    var reading: ID<Reading>
    var period: Period
    var values: RegisterValues
}

/// One of a meter's counting wheels: the whole of a plain meter, or a zone (day, night).
enum Register: Hashable, Sendable {
    case whole
    case zone(String)

    var name: String? {
        switch self {
        case .whole: nil
        case .zone(let name): name
        }
    }
}

/// A quantity for each register; what is not named stands at zero.
struct RegisterValues: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var quantities: [Register: Quantity]

    init(dictionaryLiteral elements: (Register, Quantity)...) {
        quantities = Dictionary(elements) { _, last in last }
    }

    init(_ elements: some Sequence<(Register, Quantity)>) {
        quantities = Dictionary(elements) { _, last in last }
    }

    subscript(register: Register) -> Quantity {
        get { quantities[register] ?? .zero }
        set { quantities[register] = newValue }
    }
}
