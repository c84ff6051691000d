/// How a queue is worked off. Queues that no module declares have the default.
package struct Queue: Sendable {
    package let name: String
    /// Jobs at a time in one process.
    package let concurrency: Int
    /// Tries that may begin within a window, over all instances; nil for as many as there are places.
    package let rate: QueueRate?
    /// Those who enqueue, told apart by their fairness keys, take turns. Where they do not, keys mean nothing.
    package let takesTurns: Bool
    package let keep: JobRetention

    package init(
        _ name: String, concurrency: Int, rate: QueueRate? = nil, takesTurns: Bool = false,
        keep: JobRetention = .standard
    ) {
        self.name = name
        self.concurrency = concurrency
        self.rate = rate
        self.takesTurns = takesTurns
        self.keep = keep
    }

    /// Its jobs are taken by one instance at a time.
    var isOrderly: Bool { rate != nil || takesTurns }
}
