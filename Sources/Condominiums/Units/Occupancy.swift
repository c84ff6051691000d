import JSON

/// Whether somebody lives in a unit.
enum Occupancy: String, WireEnum {
    case occupied, vacant

    init(residents: Int) {
        self = residents > 0 ? .occupied : .vacant
    }
}
