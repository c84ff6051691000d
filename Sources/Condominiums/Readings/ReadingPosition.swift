import Values

/// Where a list of readings goes on: after this one, newest date first.
struct ReadingPosition: Sendable {
    let day: Day
    let id: ID<Reading>

    init(_ reading: Reading) {
        day = reading.readingDate
        id = reading.id
    }

    /// Nil for what we never gave.
    init?(cursor: String) {
        let parts = cursor.split(separator: " ")
        guard parts.count == 2, let day = Day(parts[0]), let id = UUID(parts[1]) else { return nil }
        self.day = day
        self.id = ID(id)
    }

    var cursor: String { "\(day) \(id)" }
}
