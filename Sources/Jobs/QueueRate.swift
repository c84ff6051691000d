/// How many tries of a queue's jobs may begin within a window of time, over all instances. Critical jobs count, and never
/// wait for it.
package struct QueueRate: Sendable, Hashable {
    package let limit: Int
    /// Whole milliseconds, from a second to a day.
    package let window: Duration

    package init(_ limit: Int, per window: Duration) {
        precondition((1...1_000_000).contains(limit) && window >= .seconds(1) && window <= .seconds(86_400))
        self.limit = limit
        self.window = window
    }

    package static func perMinute(_ limit: Int) -> QueueRate { QueueRate(limit, per: .seconds(60)) }
}
