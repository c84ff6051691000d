import JSON
import Postgres
import Values

/// A value for each zone of a meter, kept as a JSON object of exact numbers: `{"day": 60, "night": 40.5}`.
struct ZoneValues: Hashable, Sendable {
    /// Sorted by zone.
    let values: [(zone: String, value: Quantity)]

    init(_ values: [(zone: String, value: Quantity)]) {
        self.values = values.sorted { $0.zone < $1.zone }
    }

    subscript(zone: String) -> Quantity? { values.first { $0.zone == zone }?.value }

    var sum: Quantity {
        get throws(ArithmeticError) { try values.map(\.value).sum() }
    }

    static func == (left: ZoneValues, right: ZoneValues) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for (zone, value) in values {
            hasher.combine(zone)
            hasher.combine(value)
        }
    }
}
