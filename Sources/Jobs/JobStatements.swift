import Postgres
import Values

/// Every statement of this module, for the test that prepares each against a migrated database.
package enum JobStatements {
    package static var samples: [StatementSample] {
        let now = JobClock.database.now
        let kind = JobKind<String>("sample", queue: "sample")
        let job = NewJob(kind, "")
        var timed = job
        timed.runAt = Instant(microseconds: 0)
        let leased = LeasedJob.sample
        let schedule = Schedule("sample", kind, "", .cron("* * * * *"))
        let wall = WallTime(day: .first, minute: 0)
        return [
            StatementSample("add", JobQueries.add(job, now: now)),
            StatementSample("add at", JobQueries.add(timed, now: now)),
            StatementSample("promote", JobQueries.promote(now: now)),
            StatementSample("rescue", JobQueries.rescue(now: now)),
            StatementSample("take", JobQueries.take(queues: [], free: [], token: .zero, now: now)),
            StatementSample("ready", TurnQueries.ready([])),
            StatementSample("lock queue", TurnQueries.lock("")),
            StatementSample("take in turn", TurnQueries.take("", free: 1, token: .zero, now: now)),
            StatementSample("purge windows", TurnQueries.purge(now: now)),
            StatementSample("renew", JobQueries.renew([], [], now: now)),
            StatementSample("give back", JobQueries.giveBack([], [])),
            StatementSample("complete", JobQueries.complete([], now: now)),
            StatementSample("fail", JobQueries.fail(leased, "", now: now)),
            StatementSample("retry", JobQueries.retry(leased, after: .zero, "", now: now)),
            StatementSample("snooze", JobQueries.snooze(leased, for: .zero, now: now)),
            StatementSample("progress", JobQueries.progress(leased, 0)),
            StatementSample("withdraw", JobQueries.withdraw(ID(.zero))),
            StatementSample("end soon", JobQueries.endSoon(ID(.zero))),
            StatementSample("unfinished", JobQueries.unfinished("", dedupe: "")),
            StatementSample("purge", JobQueries.purge("", .failed, after: .zero, beyond: nil, now: now)),
            StatementSample("counts", JobQueries.counts()),
            StatementSample("declare queue", JobQueries.declare(Queue("sample", concurrency: 1))),
            StatementSample("declare schedule", ScheduleQueries.declare(schedule, job, next: Instant(microseconds: 0))),
            StatementSample("any due", ScheduleQueries.anyDue([], now: now)),
            StatementSample("due", ScheduleQueries.due([], now: now)),
            StatementSample("fired", ScheduleQueries.fired("", for: Instant(microseconds: 0), next: Instant(microseconds: 0))),
            StatementSample("present", ScheduleQueries.present(now)),
            StatementSample("wall time", ScheduleQueries.wallTime(at: Instant(microseconds: 0), in: "")),
            StatementSample("instant", ScheduleQueries.instant(of: wall, in: "")),
        ]
    }
}
