import Jobs
import JSON

/// What happens by the clock.
enum ClockJobs {
    /// What has lapsed is written down within ten seconds, also where the process that was at it has been killed: its lease is
    /// shorter than that (spec 4.1).
    static let endOrders = JobKind<Empty>("urgent.order-timer", queue: "urgent", timeLimit: .seconds(120), lease: .seconds(4))

    static func all(_ timer: OrderTimer) -> [JobType] {
        [JobType(endOrders) { _, context in _ = try await timer.run(context.log) }]
    }

    /// - Parameter interval: seconds.
    static func schedules(every interval: Int) -> [Schedule] {
        [Schedule("urgent.order-timer", endOrders, Empty(), .every(.seconds(interval)))]
    }
}
