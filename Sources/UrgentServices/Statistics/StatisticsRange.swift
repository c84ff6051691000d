import Values

/// Days of Moscow, both inclusive.
struct StatisticsRange: Sendable {
    let from: Day
    let to: Day

    var start: Instant { from.startInMoscow }
    var end: Instant { to.adding(days: 1).startInMoscow }
}
