import JSON
import Postgres
import Runtime
import Values

/// What `/health` says: bare, without the envelope, since probes of the whole field expect it so.
package struct HealthReport: WireOutput {
    package enum Status: String, WireEnum { case healthy, degraded, unhealthy }

    package struct Check: WireOutput {
        let name: String
        let status: Status
        let milliseconds: Int?

        package static let shape = Shape<Self>(
            output: "HealthCheck", Field("name", { $0.name }), Field("status", { $0.status }),
            Field("milliseconds", { $0.milliseconds }, doc: "How long the check took."))
    }

    let status: Status
    let version: String
    let uptimeSeconds: Int
    let checks: [Check]

    package static let shape = Shape<Self>(
        output: "Health", Field("status", { $0.status }), Field("version", { $0.version }),
        Field("uptimeSeconds", { $0.uptimeSeconds }), Field("checks", { $0.checks }))
}

/// Looks after the process: whether it lives, whether it may have traffic, what is wrong.
package final class Health: Sendable {
    private let database: Database
    private let version: String
    private let started = EventLoop.monotonic()
    private let drain: Drain
    private let checks: [HealthCheck]

    package init(database: Database, version: String, drain: Drain, checks: [HealthCheck] = []) {
        self.database = database
        self.version = version
        self.drain = drain
        self.checks = checks
    }

    /// Degraded when the database takes more than 100 ms, a queue is critical or another part is not well; unhealthy without a
    /// database.
    package func report() async -> HealthReport {
        let begun = EventLoop.monotonic()
        var status = HealthReport.Status.unhealthy
        if await isDatabaseThere() {
            status = EventLoop.monotonic() - begun > 100_000_000 ? .degraded : .healthy
        }
        let milliseconds = Self.milliseconds(since: begun)
        var checks = [HealthReport.Check(name: "database", status: status, milliseconds: milliseconds)]
        let asked = EventLoop.monotonic()
        if status != .unhealthy, let isCritical = try? await database.first(HealthQueries.isAnyQueueCritical()) {
            checks.append(
                .init(
                    name: "queues", status: isCritical ? .degraded : .healthy, milliseconds: Self.milliseconds(since: asked)))
            if isCritical { status = .degraded }
        }
        for check in self.checks {
            let asked = EventLoop.monotonic()
            let isWell = await check.isWell()
            checks.append(
                .init(
                    name: check.name, status: isWell ? .healthy : .degraded, milliseconds: Self.milliseconds(since: asked)))
            if !isWell, status == .healthy { status = .degraded }
        }
        return HealthReport(
            status: status, version: version, uptimeSeconds: Int((EventLoop.monotonic() - started) / 1_000_000_000),
            checks: checks)
    }

    private static func milliseconds(since begun: UInt64) -> Int { Int((EventLoop.monotonic() - begun) / 1_000_000) }

    /// Whether a balancer should send traffic here: the database answers and no stop is under way.
    package func isReady() async -> Bool {
        if drain.isDraining { return false }
        return await isDatabaseThere()
    }

    /// Within two seconds: a database that does not answer by then, frozen perhaps, serves nobody.
    private func isDatabaseThere() async -> Bool {
        guard let loop = EventLoop.current else { preconditionFailure("not on a loop") }
        let answer = Waiter<Bool>()
        let asking = loop.spawn { [database] in
            let one = try? await database.first(HealthQueries.ping())
            answer.resume(returning: one == 1)
        }
        let timer = loop.timer(after: Self.patience) {
            answer.resume(returning: false)
            asking.cancel()
        }
        defer { timer.cancel() }
        return (try? await answer.value()) ?? false
    }

    private static let patience = Duration.seconds(2)
    /// What whoever is told 503 is told to wait.
    static let retrySeconds = 2
}

enum HealthQueries {
    static func ping() -> Statement<Int> { Statement("SELECT 1") }

    /// As the last check of the queues found them; a row per queue.
    static func isAnyQueueCritical() -> Statement<Bool> {
        Statement("select exists (select from jobs.queues where health ->> 'status' = 'critical')")
    }
}
