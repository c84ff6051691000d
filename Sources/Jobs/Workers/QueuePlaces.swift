/// The places of one queue in this process.
struct QueuePlaces {
    let queue: Queue
    let metrics: JobMetrics?
    var running = 0
    /// The last take filled every free place: there may be more.
    var mayHaveMore = false

    var free: Int { queue.concurrency - running }
}
