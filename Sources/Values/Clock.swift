/// Where the time comes from; tests hand in their own.
package struct Clock: Sendable {
    package let now: @Sendable () -> Instant

    package init(now: @escaping @Sendable () -> Instant) {
        self.now = now
    }

    /// The machine's clock.
    package static let system = Clock { Instant.now }

    /// A clock that stands still.
    package static func fixed(_ instant: Instant) -> Clock { Clock { instant } }

    /// Today in UTC.
    package var today: Day { now().day }
}
