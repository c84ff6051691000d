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
    private let loops: [EventLoop]
    private let types: [String: JobType]
    private let scheduler: Scheduler

    /// Fixed, so that every loop may read it.
    private let metricsByQueue: [String: JobMetrics]

    private var places: [String: QueuePlaces]
    private var running: [ID<Job>: RunningJob] = [:]
    private var timers: [LoopTimer] = []
    private var subscription: Subscription?
    private var isDeclared = false
    private var isStopping = false
    private var isPumping = false
    private var pumping: Task<Void, Never>?
    private var wantsRound = false
    private var wantsHousekeeping = false
    private var isOut = false
    private var nextLoop = 0
    private var whenIdle: [Waiter<Void>] = []

    /// - Parameters:
    ///   - queues: those that are not to have the default concurrency.
    ///   - loops: the first is the home; all must be loops of the database.
    package init(
        _ types: [JobType], schedules: [Schedule] = [], queues: [Queue] = [], concurrency: Int = 5, database: Database,
        loops: [EventLoop], clock: JobClock = .database, log: Log, metrics: MetricRegistry? = nil
    ) {
        self.database = database
        self.clock = clock
        self.log = log
        self.loops = loops
        home = loops[0]
        self.types = Dictionary(types.map { ($0.name, $0) }) { _, second in
            preconditionFailure("two types of jobs are called \(second.name)")
        }
        scheduler = Scheduler(schedules, database: database, clock: clock)
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

    // MARK: Life

    /// Begins to take jobs. While the database is away it goes on trying.
    package func start() {
        home.execute { [self] in
            subscription = database.listen(Jobs.channel, lost: { [weak self] in self?.wake() }) { [weak self] queue in
                self?.wake(for: queue)
            }
            every(.seconds(1)) { $0.tick() }
            every(.seconds(20)) { $0.renewLeases() }
            every(.seconds(15)) { $0.count() }
            every(.seconds(3600)) { $0.purge() }
            tick()
        }
    }

    /// Takes no more jobs, lets those under way finish, and gives back what has not finished after `grace`.
    package func stop(grace: Duration) async {
        await home.spawn { [self] in await stopAtHome(grace) }.value
    }

    private func stopAtHome(_ grace: Duration) async {
        isStopping = true
        subscription?.cancel()
        timers.forEach { $0.cancel() }
        let waiter = Waiter<Void>()
        let timer = home.timer(after: grace) { waiter.resume(returning: ()) }
        defer { timer.cancel() }
        whenIdle.append(waiter)
        settleIdle()
        try? await waiter.value()
        // A take that is under way gives back what it gets.
        await pumping?.value
        let left = Array(running.values)
        if left.isEmpty { return }
        for job in left { job.end(.stopped) }
        do {
            try await giveBack(left.map(\.job))
        } catch {
            log.error("leases could not be given back and will lapse", ["count": LogValue(left.count), "error": .error(error)])
        }
    }

    private func giveBack(_ jobs: [LeasedJob]) async throws {
        if jobs.isEmpty { return }
        try await database.execute(JobQueries.giveBack(jobs.map(\.id), jobs.map(\.token)))
    }

    private func every(_ interval: Duration, _ action: @escaping (JobWorkers) -> Void) {
        timers.append(home.timer(after: interval, repeating: interval) { [weak self] in self.map(action) })
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
        pump()
    }

    /// Cancels what takes longer than its kind may, and what has no lease any more: when the database cannot be asked for
    /// longer than a lease, somebody else may have the job by now.
    func endOverdue(at now: UInt64 = EventLoop.monotonic()) {
        for job in running.values {
            if job.leasedUntil < now { job.end(.leaseLost) } else if job.deadline < now { job.end(.timeLimit) }
        }
    }

    /// One round at a time; a wish that comes during a round is one more round.
    private func pump() {
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

    // MARK: Rounds

    /// Takes what there are places for and starts it. A housekeeping round first brings up what has become due.
    func round(isHousekeeping: Bool) async throws {
        if !isDeclared { try await declare() }
        if isHousekeeping {
            wantsHousekeeping = false
            try await keepHouse()
        }
        let wanted = places.values.filter { $0.free > 0 }
        if wanted.isEmpty { return }
        let token = UUID.v7()
        // Counted from before the statement: the server's minute begins later.
        let leasedUntil = EventLoop.monotonic() + JobQueries.leaseTime.nanoseconds
        let jobs = try await database.all(
            JobQueries.take(queues: wanted.map(\.queue.name), free: wanted.map(\.free), token: token, now: clock.now))
        if isStopping { return try await giveBack(jobs) }
        for place in wanted {
            let taken = jobs.count { $0.queue == place.queue.name }
            places[place.queue.name]?.mayHaveMore = taken == place.free
        }
        for job in jobs.sorted() { begin(job, leasedUntil) }
    }

    private func declare() async throws {
        for place in places.values.sorted(by: { $0.queue.name < $1.queue.name }) {
            try await database.execute(JobQueries.declare(place.queue))
        }
        try await scheduler.declare()
        isDeclared = true
    }

    private func keepHouse() async throws {
        let (_, rescued, isAnyDue) = try await database.write(
            JobQueries.promote(now: clock.now), JobQueries.rescue(now: clock.now),
            ScheduleQueries.anyDue(scheduler.keys, now: clock.now))
        for job in rescued {
            places[job.queue]?.metrics?.rescued.add()
            log.warning(
                "the lease of a job has lapsed",
                ["job": .text(job.name), "jobId": LogValue(job.id), "failed": .flag(job.hasFailed)])
            if job.hasFailed { _ = await giveUp(job.name, job.data, JobFailure.leaseLapsed, on: home, log) }
        }
        if isAnyDue == [true] { _ = try await scheduler.fire() }
    }

    // MARK: Carrying out

    private func begin(_ job: LeasedJob, _ leasedUntil: UInt64) {
        places[job.queue]?.running += 1
        places[job.queue]?.metrics?.active.add(1)
        let limit = types[job.name]?.timeLimit ?? .seconds(60)
        let entry = RunningJob(
            job, deadline: EventLoop.monotonic() + limit.nanoseconds, leasedUntil: leasedUntil)
        running[job.id] = entry
        let loop = loops[nextLoop % loops.count]
        nextLoop += 1
        // A task that is on the home loop may have ended when `spawn` returns; then nobody looks at `task` any more.
        entry.task = loop.spawn { [self] in
            await carryOut(entry, on: loop)
            home.execute { [self] in end(entry) }
        }
    }

    private func end(_ entry: RunningJob) {
        running[entry.job.id] = nil
        places[entry.job.queue]?.running -= 1
        places[entry.job.queue]?.metrics?.active.add(-1)
        // First what waits for the place: whoever is told that nothing is under way must not meet a round of ours.
        if places[entry.job.queue]?.mayHaveMore == true { pump() }
        settleIdle()
    }

    private func settleIdle() {
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

    // MARK: Leases

    private func renewLeases() {
        home.spawn { [self] in
            do { try await renew() } catch { log.warning("leases could not be renewed", ["error": .error(error)]) }
        }
    }

    /// Renews every lease; whoever has lost his is cancelled.
    func renew() async throws {
        let held = Array(running.values)
        if held.isEmpty { return }
        let leasedUntil = EventLoop.monotonic() + JobQueries.leaseTime.nanoseconds
        let renewed = Set(
            try await database.all(JobQueries.renew(held.map(\.job.id), held.map(\.job.token), now: clock.now)))
        for entry in held {
            if renewed.contains(entry.job.id) { entry.leasedUntil = leasedUntil } else { entry.end(.leaseLost) }
        }
    }

    // MARK: Figures and cleaning

    private func count() {
        guard places.values.contains(where: { $0.metrics != nil }) else { return }
        home.spawn { [self] in
            // Without the database the figures stay what they were.
            try? await countJobs()
        }
    }

    /// Carries what lies in the database over to the metrics.
    func countJobs() async throws {
        let counts = try await database.all(JobQueries.counts())
        for place in places.values {
            for (state, gauge) in place.metrics?.waiting ?? [:] {
                gauge.set(counts.first { $0.queue == place.queue.name && $0.state == state }?.count ?? 0)
            }
        }
    }

    private func purge() {
        home.spawn { [self] in
            do { try await purgeFinished() } catch { log.warning("old jobs could not be purged", ["error": .error(error)]) }
        }
    }

    /// Deletes finished jobs whose time is over, a thousand at a time.
    func purgeFinished() async throws {
        for queue in places.values.map(\.queue) {
            for (state, kept) in [(JobState.completed, queue.keepCompleted), (.failed, queue.keepFailed)] {
                while try await database.execute(JobQueries.purge(queue.name, state, after: kept, now: clock.now)) == 1000 {}
            }
        }
    }

    func type(named name: String) -> JobType? { types[name] }
    func metrics(of job: LeasedJob) -> JobMetrics? { metricsByQueue[job.queue] }
}
