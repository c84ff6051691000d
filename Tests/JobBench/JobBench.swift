import Glibc
import Jobs
import JSON
import Postgres
import Runtime
import Synchronization
import Telemetry
import Values

/// The job system by itself, for `scripts/bench jobs`: enqueues and carries out jobs that do nothing, on the migrated
/// database that DATABASE_URL names. Writes one line of JSON.
///
///     jobbench throughput <jobs>     enqueued in batches while they are carried out
///     jobbench single <jobs>         enqueued one by one, 64 at a time, while they are carried out
///     jobbench latency <jobs>        one after the other on an idle queue
///     jobbench fill <jobs>           enqueued and left
///     jobbench work                  carries jobs out until it is ended; each leaves a row behind
@main enum JobBench {
    static let idle = JobKind<Int>("nothing", queue: "bench")
    static let trace = JobKind<Int>("trace", queue: "trace")

    static func main() throws {
        var words = CommandLine.arguments.dropFirst()
        let mode = words.popFirst() ?? ""
        let count = words.popFirst().flatMap { Int($0) } ?? 1
        guard let url = getenv("DATABASE_URL").map({ String(cString: $0) }) else { fatalError("DATABASE_URL is not set") }
        let loops = try LoopGroup(count: 2)
        loops.start()
        let database = Database(
            DatabaseSettings(try ConnectionSettings(url)), loops: loops.loops, blocking: BlockingPool("bench", width: 2, limit: 64))
        let bench = Run(database: database, loops: loops.loops)
        loops.loops[0].spawn {
            do { print(try await bench.run(mode, count)) } catch { print(#"{"error":"\#(error)"}"#) }
            fflush(nil)
            exit(0)
        }
        while true { sleep(60) }
    }
}

/// One measurement.
struct Run: Sendable {
    let database: Database
    let loops: [EventLoop]

    func run(_ mode: String, _ count: Int) async throws -> String {
        switch mode {
        case "throughput": try await throughput(count, inBatches: true)
        case "single": try await throughput(count, inBatches: false)
        case "latency": try await latency(count)
        case "fill": try await fill(count)
        case "work": try await work()
        default: "no such measurement: \(mode)"
        }
    }

    private func throughput(_ count: Int, inBatches: Bool) async throws -> String {
        let jobs = Jobs(database: database)
        let done = Waiter<UInt64>()
        let left = Atomic<Int>(count)
        let workers = JobWorkers(
            [
                JobType(JobBench.idle) { _, _ in
                    if left.subtract(1, ordering: .relaxed).newValue == 0 { done.resume(returning: EventLoop.monotonic()) }
                }
            ], queues: [Queue("bench", concurrency: 512, keep: .money)], database: database, loops: loops, log: .silent)
        workers.start()
        let start = EventLoop.monotonic()
        if inBatches {
            try await jobs.enqueue(JobBench.idle, all: Array(0..<count))
        } else {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<64 {
                    group.addTask(executorPreference: loops[lane % loops.count]) {
                        for number in stride(from: lane, to: count, by: 64) { try await jobs.enqueue(JobBench.idle, number) }
                    }
                }
                try await group.waitForAll()
            }
        }
        let enqueued = EventLoop.monotonic()
        let end = try await done.value()
        // What has been carried out has also been written down when the workers have stopped.
        await workers.stop(grace: .seconds(60))
        let stopped = EventLoop.monotonic()
        _ = end
        return #"{"jobs":\#(count),"enqueuedPerSecond":\#(rate(count, enqueued - start)),"perSecond":\#(rate(count, stopped - start)),"completed":\#(try await completed())}"#
    }

    private func completed() async throws -> Int {
        try await database.one(Statement<Int>("select count(*) from jobs.jobs where state = 'completed'"))
    }

    private func rate(_ count: Int, _ nanoseconds: UInt64) -> Int { Int(Double(count) * 1e9 / Double(nanoseconds)) }

    private func latency(_ count: Int) async throws -> String {
        let jobs = Jobs(database: database)
        let (begun, begins) = AsyncStream<UInt64>.makeStream()
        let workers = JobWorkers(
            [JobType(JobBench.idle) { _, _ in begins.yield(EventLoop.monotonic()) }],
            queues: [Queue("bench", concurrency: 5)], database: database, loops: loops, log: .silent)
        workers.start()
        var iterator = begun.makeAsyncIterator()
        var times: [Double] = []
        for number in 0..<count + 20 {
            try await loops[0].sleep(for: .milliseconds(5))
            let start = EventLoop.monotonic()
            try await jobs.enqueue(JobBench.idle, number)
            guard let at = await iterator.next() else { break }
            // The first ones open connections and prepare statements.
            if number >= 20 { times.append(Double(at - start) / 1e6) }
        }
        await workers.stop(grace: .seconds(10))
        times.sort()
        func part(_ share: Double) -> Double { (times[min(times.count - 1, Int(Double(times.count) * share))] * 100).rounded() / 100 }
        return #"{"jobs":\#(count),"p50":\#(part(0.5)),"p95":\#(part(0.95)),"p99":\#(part(0.99)),"longest":\#(part(1))}"#
    }

    private func fill(_ count: Int) async throws -> String {
        let start = EventLoop.monotonic()
        try await Jobs(database: database).enqueue(JobBench.trace, all: Array(0..<count))
        return #"{"jobs":\#(count),"enqueuedPerSecond":\#(rate(count, EventLoop.monotonic() - start))}"#
    }

    /// Each job takes a while and leaves a row in `bench_runs`, which counts how often it was run.
    private func work() async throws -> String {
        let workers = JobWorkers(
            [
                JobType(JobBench.trace) { [database] number, context in
                    try await database.execute(Command("insert into bench_runs (job) values (\(number))"))
                    try await context.loop.sleep(for: .milliseconds(20))
                }
            ], queues: [Queue("trace", concurrency: 32, keep: .money)], database: database, loops: loops, log: .silent)
        workers.start()
        try await loops[0].sleep(for: .seconds(86_400))
        return "{}"
    }
}
