import Postgres
import Runtime
import Telemetry
import Values

/// Carries out jobs on the event loops: takes them under a lease as places become free, hands each to a loop, and writes
/// down how it ended.
///
/// Woken by the commit of whoever enqueues (`LISTEN`), and by a poll each second should a notification be missed. All
/// state is confined to one loop, the home; handlers run on all loops in turn.
package final class JobWorkers: @unchecked Sendable {
    let database: Database
    let clock: JobClock
    let log: Log
    let home: EventLoop
    let loops: [EventLoop]
    private let types: [String: JobType]
    let shortLeases: [ShortLease]
    let scheduler: Scheduler

    /// Fixed, so that every loop may read it.
    private let metricsByQueue: [String: JobMetrics]

    var places: [String: QueuePlaces]
    var running: [ID<Job>: RunningJob] = [:]
    /// Carried out, and not yet written down.
    var completed: [RunningJob] = []
    private var timers: [LoopTimer] = []
    private var subscriptions: [Subscription] = []
    var isDeclared = false
    private(set) var isStopping = false
    private(set) var isPumping = false
    private var pumping: Task<Void, Never>?
    var isCompleting = false
    /// What became of jobs since the last tick, by queue.
    var tallies: [String: QueueTally] = [:]
    private var wantsRound = false
    var wantsHousekeeping = false
    var isRenewing = false
    private var isOut = false
    var nextLoop = 0
    private var whenIdle: [Waiter<Void>] = []

    /// - Parameters:
    ///   - queues: those that are not to have the default concurrency.
    ///   - attempts: tries of schedules' jobs whose kind and priority do not say.
    ///   - loops: the first is the home; all must be loops of the database.
    package init(
        _ types: [JobType], schedules: [Schedule] = [], queues: [Queue] = [], concurrency: Int = 5,
        attempts: Int = JobPriority.normalAttempts, database: Database, loops: [EventLoop], clock: JobClock = .database,
        log: Log, metrics: MetricRegistry? = nil
    ) {
        self.database = database
        self.clock = clock
        self.log = log
        self.loops = loops
        home = loops[0]
        self.types = Dictionary(types.map { ($0.name, $0) }) { _, second in
            preconditionFailure("two types of jobs are called \(second.name)")
        }
        shortLeases = types.filter { $0.lease < JobType.lease }.map { ShortLease(name: $0.name, time: $0.lease) }
        scheduler = Scheduler(schedules, database: database, clock: clock, attempts: attempts)
        let declared = Dictionary(uniqueKeysWithValues: queues.map { ($0.name, $0) })
        let names = Set(types.map(\.queue))
        let metricsByQueue = Dictionary(
            uniqueKeysWithValues: names.compactMap { name in metrics.map { (name, JobMetrics(name, in: $0)) } })
        self.metricsByQueue = metricsByQueue
        places = Dictionary(
            uniqueKeysWithValues: names.map { name in
                let queue = declared[name] ?? Queue(name, concurrency: concurrency)
                return (name, QueuePlaces(queue: queue, metrics: metricsByQueue[name]))
            })
    }

    func type(named name: String) -> JobType? { types[name] }
    func metrics(of job: LeasedJob) -> JobMetrics? { metricsByQueue[job.queue] }

    // MARK: Life

    /// Begins to take jobs. While the database is away it goes on trying.
    package func start() {
        home.execute { [self] in
            subscriptions = [
                database.listen(Jobs.channel, lost: { [weak self] in self?.wake() }) { [weak self] queue in
                    self?.wake(for: queue)
                },
                database.listen(Jobs.cancellations) { [weak self] id in self?.cancel(id) },
            ]
            every(.seconds(1)) { $0.tick() }
            every(.seconds(15)) { $0.count() }
            every(.seconds(60)) { $0.purge() }
            tick()
        }
    }

    /// Takes no more jobs, lets those under way finish, and gives back what has not finished after `grace`.
    package func stop(grace: Duration) async {
        await home.spawn { [self] in await stopAtHome(grace) }.value
    }

    private func stopAtHome(_ grace: Duration) async {
        isStopping = true
        subscriptions.forEach { $0.cancel() }
        timers.forEach { $0.cancel() }
        let waiter = Waiter<Void>()
        let timer = home.timer(after: grace) { waiter.resume(returning: ()) }
        defer { timer.cancel() }
        whenIdle.append(waiter)
        settleIdle()
        try? await waiter.value()
        // A take that is under way gives back what it gets.
        await pumping?.value
        await writeTallies()
        let left = Array(running.values)
        if left.isEmpty { return }
        for job in left { job.end(.stopped) }
        do {
            try await giveBack(left.map(\.job))
        } catch {
            log.error("leases could not be given back and will lapse", ["count": LogValue(left.count), "error": .error(error)])
        }
    }

    func giveBack(_ jobs: [LeasedJob]) async throws {
        if jobs.isEmpty { return }
        try await database.execute(JobQueries.giveBack(jobs.map(\.id), jobs.map(\.token)))
    }

    private func every(_ interval: Duration, _ action: @escaping (JobWorkers) -> Void) {
        timers.append(home.timer(after: interval, repeating: interval) { [weak self] in self.map(action) })
    }

    func settleIdle() {
        guard running.isEmpty, !isPumping else { return }
        for waiter in whenIdle { waiter.resume(returning: ()) }
        whenIdle = []
    }

    /// Suspends until nothing is under way. Called on the home loop.
    func idle() async {
        let waiter = Waiter<Void>()
        whenIdle.append(waiter)
        settleIdle()
        try? await waiter.value()
    }

    // MARK: Waking

    private func wake() {
        home.execute { [self] in pump() }
    }

    private func wake(for queue: String) {
        home.execute { [self] in
            guard let queue = places[queue] else { return }
            if queue.free > 0 { pump() } else { places[queue.queue.name]?.mayHaveMore = true }
        }
    }

    private func tick() {
        wantsHousekeeping = true
        endOverdue()
        renewLeases()
        if !tallies.isEmpty { home.spawn { [self] in await writeTallies() } }
        pump()
    }

    /// One round at a time; a wish that comes during a round is one more round.
    func pump() {
        wantsRound = true
        if isPumping || isStopping { return }
        isPumping = true
        pumping = home.spawn { [self] in
            while wantsRound, !isStopping {
                wantsRound = false
                do {
                    try await round(isHousekeeping: wantsHousekeeping)
                    if isOut { log.info("jobs are taken again") }
                    isOut = false
                } catch {
                    if !isOut { log.warning("jobs cannot be taken", ["error": .error(error)]) }
                    isOut = true
                }
            }
            isPumping = false
            settleIdle()
        }
    }
}
