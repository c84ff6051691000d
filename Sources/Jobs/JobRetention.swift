/// How long finished jobs of a queue are kept, to be looked at and tried again.
package struct JobRetention: Sendable, Hashable {
    let completed: Duration
    /// Completed jobs that are kept at most; nil for any number.
    let completedCount: Int?
    let failed: Duration

    package init(completed: Duration, count: Int? = nil, failed: Duration) {
        self.completed = completed
        completedCount = count
        self.failed = failed
    }

    private static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }

    // 0-platform 4.11 (5).
    package static let standard = JobRetention(completed: days(1), count: 1000, failed: days(7))
    package static let money = JobRetention(completed: days(30), failed: days(90))
    package static let figures = JobRetention(completed: days(7), failed: days(30))
}
