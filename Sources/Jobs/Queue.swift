/// How a queue is worked off. Queues that no module declares have the default.
package struct Queue: Sendable {
    package let name: String
    /// Jobs at a time in one process.
    package let concurrency: Int
    package let keepCompleted: Duration
    package let keepFailed: Duration

    package init(
        _ name: String, concurrency: Int, keepCompleted: Duration = .seconds(86_400),
        keepFailed: Duration = .seconds(7 * 86_400)
    ) {
        self.name = name
        self.concurrency = concurrency
        self.keepCompleted = keepCompleted
        self.keepFailed = keepFailed
    }
}
