import CSystem
import Glibc
import Synchronization

/// One epoll instance on one thread, and the executor of the Swift tasks that live on it.
///
/// A round: wait for events, call the channels, run the tasks that became ready, then flush every channel that was
/// marked dirty, so that all that was produced in the round leaves with one system call per channel. Tasks started by
/// `spawn` run on this thread whatever they call, and need no lock for what only this loop touches.
///
/// Thread-safe: `execute`, `enqueue`, `stop`, `inLoop`. Everything else is called on the loop's own thread.
public final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    /// Position in its group; what is kept per loop is an array indexed by it.
    package let index: Int
    /// Monotonic nanoseconds, read once a round.
    package private(set) var now: UInt64
    package private(set) var statistics = LoopStatistics()
    /// Told of a round that held the loop longer than 50 ms, with its nanoseconds.
    package var onStall: ((UInt64) -> Void)?

    private let epoll: Int32
    private let wakeDescriptor: Int32
    private var isStopping = false
    private var slots: [Channel?] = []
    private var nextGeneration: UInt32 = 1
    private var jobs = JobRing()
    private var dirty: [Channel] = []
    private var flushing: [Channel] = []
    private var timers = TimerHeap()
    private let inbox = Mutex(Inbox())

    /// What other threads hand over.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        var isAwake = false
    }

    private static let maximumEvents = 256
    /// Tasks run in one round before sockets are looked at again: a chain of ready tasks must not starve them.
    private static let maximumJobsPerRound = 4096
    private static let stall: UInt64 = 50_000_000

    package init(index: Int = 0) throws {
        self.index = index
        now = EventLoop.monotonic()
        epoll = try checked("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
        wakeDescriptor = try checked("eventfd", eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: UInt64(UInt32.max)))
        try checked("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, wakeDescriptor, &event))
    }

    deinit {
        for channel in slots { channel?.loop = nil }
        close(epoll)
        close(wakeDescriptor)
    }

    // MARK: Where am I

    private static let threadKey: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// The loop that the calling thread runs, if it runs one.
    package static var current: EventLoop? {
        guard let pointer = pthread_getspecific(threadKey) else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Asked by other threads too, so it looks at what is the thread's own and at nothing of the loop's.
    package var inLoop: Bool { pthread_getspecific(EventLoop.threadKey) == Unmanaged.passUnretained(self).toOpaque() }

    /// Nanoseconds of CLOCK_MONOTONIC.
    package static func monotonic() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    // MARK: Running

    /// Runs rounds on the calling thread until `stop`.
    package func run() {
        pthread_setspecific(EventLoop.threadKey, Unmanaged.passUnretained(self).toOpaque())
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: EventLoop.maximumEvents) { events in
            while !isStopping { round(events) }
        }
        pthread_setspecific(EventLoop.threadKey, nil)
    }

    /// Ends `run` after the round under way.
    package func stop() { execute { self.isStopping = true } }

    private func round(_ events: UnsafeMutableBufferPointer<epoll_event>) {
        let count = Int(epoll_wait(epoll, events.baseAddress, Int32(events.count), waitMilliseconds()))
        now = EventLoop.monotonic()
        let start = now
        for i in 0..<max(0, count) { deliver(events[i]) }
        fireTimers()
        runJobs()
        flushDirty()
        statistics.rounds &+= 1
        let took = EventLoop.monotonic() &- start
        statistics.busy &+= took
        if took > EventLoop.stall {
            statistics.stalls &+= 1
            onStall?(took)
        }
    }

    private func waitMilliseconds() -> Int32 {
        if jobs.count > 0 || !dirty.isEmpty { return 0 }
        guard let deadline = timers.earliest else { return -1 }
        let time = EventLoop.monotonic()
        if deadline <= time { return 0 }
        // Rounded up: waking before the deadline would spin.
        return Int32(clamping: (deadline - time + 999_999) / 1_000_000)
    }

    private func deliver(_ event: epoll_event) {
        let key = event.data.u64
        if key == UInt64(UInt32.max) { return takeInbox() }
        let fd = Int(key & 0xffff_ffff)
        // A channel closed earlier in this batch, or another that took its number, must not see the event.
        guard fd < slots.count, let channel = slots[fd], channel.generation == UInt32(key >> 32) else { return }
        channel.onEvent(Events(rawValue: event.events))
    }

    private func takeInbox() {
        var value: UInt64 = 0
        _ = read(wakeDescriptor, &value, 8)
        let (newJobs, calls) = inbox.withLock { inbox in
            let taken = (inbox.jobs, inbox.calls)
            inbox.jobs = []
            inbox.calls = []
            inbox.isAwake = false
            return taken
        }
        for job in newJobs { jobs.push(job) }
        for call in calls { call() }
    }

    private func runJobs() {
        var left = EventLoop.maximumJobsPerRound
        while left > 0, let job = jobs.pop() {
            // As a task's executor, not as an actor's: else each call of a nonisolated function of the library
            // (a continuation, a cancellation handler) would go round through the queue again.
            job.runSynchronously(on: asUnownedTaskExecutor())
            left -= 1
        }
        statistics.jobs &+= UInt64(EventLoop.maximumJobsPerRound - left)
    }

    private func flushDirty() {
        while !dirty.isEmpty {
            swap(&dirty, &flushing)
            for channel in flushing {
                channel.isDirty = false
                channel.flush()
            }
            flushing.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Work from anywhere

    /// Runs `body` on the loop: at once when called there, else in its next round.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        if inLoop { return body() }
        wake { $0.calls.append(body) }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if inLoop { return jobs.push(job) }
        wake { $0.jobs.append(job) }
    }

    private func wake(_ change: (inout Inbox) -> Void) {
        let mustSignal = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAwake = true }
            return !inbox.isAwake
        }
        if mustSignal {
            var one: UInt64 = 1
            _ = write(wakeDescriptor, &one, 8)
        }
    }

    /// Starts a task that lives on this loop. Called on the loop, it runs at once up to its first suspension.
    ///
    /// - Parameter body: must not block. What it starts with `async let` or task groups stays on the loop too.
    @discardableResult
    package func spawn(_ body: sending @escaping @isolated(any) () async -> Void) -> Task<Void, Never> {
        if inLoop { return Task.immediate(executorPreference: self, operation: body) }
        return Task(executorPreference: self, operation: body)
    }

    // MARK: Executor

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
    public func checkIsolated() { precondition(inLoop, "not on this event loop") }
    public func isIsolatingCurrentContext() -> Bool? { inLoop }
}

// MARK: Channels

extension EventLoop {
    /// Registers a channel's descriptor. Throws `SystemError` (ENOMEM, ENOSPC, EPERM for a plain file).
    package func add(_ channel: Channel, _ interest: Interest) throws {
        let fd = Int(channel.fd)
        precondition(fd >= 0 && !channel.isRegistered)
        while slots.count <= fd { slots.append(nil) }
        channel.generation = nextGeneration
        nextGeneration &+= 1
        if nextGeneration == 0 { nextGeneration = 1 }
        var event = epoll_event(events: interest.rawValue, data: epoll_data(u64: EventLoop.key(channel)))
        try checked("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, channel.fd, &event))
        slots[fd] = channel
        channel.loop = self
        channel.interest = interest
        channel.isRegistered = true
    }

    /// Changes what a registered channel is told; no system call when nothing changes.
    package func modify(_ channel: Channel, _ interest: Interest) {
        guard channel.isRegistered, channel.interest != interest else { return }
        channel.interest = interest
        var event = epoll_event(events: interest.rawValue, data: epoll_data(u64: EventLoop.key(channel)))
        // Cannot fail for a descriptor that is registered and open.
        _ = epoll_ctl(epoll, EPOLL_CTL_MOD, channel.fd, &event)
    }

    /// Forgets the channel. Its descriptor stays open and is the caller's to close, after this call.
    package func remove(_ channel: Channel) {
        guard channel.isRegistered else { return }
        var event = epoll_event()
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, channel.fd, &event)
        slots[Int(channel.fd)] = nil
        channel.isRegistered = false
        channel.loop = nil
        channel.interest = []
    }

    /// Has `flush` called for the channel at the end of this round, once.
    package func markDirty(_ channel: Channel) {
        if channel.isDirty { return }
        channel.isDirty = true
        dirty.append(channel)
    }

    private static func key(_ channel: Channel) -> UInt64 {
        UInt64(channel.generation) << 32 | UInt64(UInt32(channel.fd))
    }
}

// MARK: Time

extension EventLoop {
    /// Calls `action` on the loop after a time, and then every `repeating`, until the timer is cancelled.
    @discardableResult
    package func timer(
        after delay: Duration, repeating: Duration? = nil, _ action: @escaping () -> Void
    ) -> LoopTimer {
        let timer = LoopTimer(
            deadline: EventLoop.monotonic() &+ delay.nanoseconds, interval: repeating?.nanoseconds ?? 0, action: action)
        timers.insert(timer)
        return timer
    }

    /// Suspends the calling task. Throws `CancellationError` as soon as the task is cancelled.
    package func sleep(for delay: Duration) async throws {
        try Task.checkCancellation()
        let waiter = Waiter<Void>()
        let timer = timer(after: delay) { waiter.resume(returning: ()) }
        defer { timer.cancel() }
        try await withTaskCancellationHandler {
            try await waiter.value()
        } onCancel: {
            self.execute { waiter.resume(throwing: CancellationError()) }
        }
    }

    private func fireTimers() {
        while let timer = timers.popDue(now) {
            if timer.isCancelled { continue }
            timer.action?()
            if timer.interval > 0, !timer.isCancelled {
                timer.deadline = now &+ timer.interval
                timers.insert(timer)
            }
        }
    }
}

extension Duration {
    /// Whole nanoseconds, clamped to 0 … 2^63.
    package var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        if seconds < 0 { return 0 }
        return UInt64(min(seconds, 9_000_000_000)) &* 1_000_000_000 &+ UInt64(max(0, attoseconds / 1_000_000_000))
    }
}
