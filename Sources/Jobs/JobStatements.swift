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
            StatementSample("without waiting", JobQueries.withoutWaiting()),
            StatementSample("ready", TurnQueries.ready([])),
            StatementSample("lock queue", TurnQueries.lock("")),
            StatementSample("take in turn", TurnQueries.take("", free: 1, token: .zero, now: now)),
            StatementSample("purge windows", TurnQueries.purge(now: now)),
            StatementSample(
                "take with short leases",
                JobQueries.take(queues: [], free: [], token: .zero, now: now, leases: [ShortLease(name: "", time: .seconds(6))])),
            StatementSample("renew", JobQueries.renew([], [], for: [], now: now)),
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
            StatementSample("declare queue", JobQueries.declare(Queue("sample", concurrency: 1))),
            StatementSample("add many", JobQueries.add([job], like: job, after: .zero, fairness: "", now: now)),
            StatementSample(
                "declare schedule",
                ScheduleQueries.declare(schedule, job, next: Instant(microseconds: 0), byProgram: true)),
            StatementSample("remove schedule", ScheduleQueries.remove("")),
            StatementSample("enqueue schedule", ScheduleQueries.enqueue("", as: ID(.zero), now: now)),
            StatementSample("schedules", ScheduleQueries.all()),
            StatementSample("lock schedule", ScheduleQueries.locked("")),
            StatementSample("enable schedule", ScheduleQueries.enable("", true, next: Instant(microseconds: 0))),
            StatementSample("any due", ScheduleQueries.anyDue([], now: now)),
            StatementSample("due", ScheduleQueries.due([], now: now)),
            StatementSample("fired", ScheduleQueries.fired("", for: Instant(microseconds: 0), next: Instant(microseconds: 0))),
            StatementSample("present", ScheduleQueries.present(now)),
            StatementSample("wall time", ScheduleQueries.wallTime(at: Instant(microseconds: 0), in: "")),
            StatementSample("instant", ScheduleQueries.instant(of: wall, in: "")),
        ] + management
    }

    private static var management: [StatementSample] {
        let now = JobClock.database.now
        let selections = [nil, JobState.waiting, .delayed, .active, .completed, .failed].map {
            JobSelection("", state: $0, name: "", text: "")
        }
        return selections.flatMap { selection in
            let name = selection.state?.rawValue ?? "all"
            return [
                StatementSample("list \(name)", ManagementQueries.list(selection, after: nil, limit: 1)),
                StatementSample("list \(name) after", ManagementQueries.list(selection, after: ID(.zero), limit: 1)),
                StatementSample("count \(name)", ManagementQueries.count(selection, limit: 1, now: now)),
                StatementSample("choose \(name)", ManagementQueries.chosen(selection, limit: 1, now: now)),
            ]
        } + [
            StatementSample("stats", ManagementQueries.stats("")),
            StatementSample("signs", ManagementQueries.signs(now: now)),
            StatementSample("throughput", ManagementQueries.throughput(of: "", minutes: 1, now: now)),
            StatementSample("tally", ManagementQueries.tally([], [], [], now: now)),
            StatementSample("purge tallies", ManagementQueries.purgeTallies(now: now)),
            StatementSample("job", ManagementQueries.job(ID(.zero), in: "")),
            StatementSample("locked job", ManagementQueries.locked(ID(.zero), in: "")),
            StatementSample("exists", ManagementQueries.exists("")),
            StatementSample("changes", ManagementQueries.changes(since: Instant(microseconds: 0), limit: 1)),
            StatementSample("record health", ManagementQueries.record([], [], [], now: now)),
            StatementSample("pause", ManagementQueries.pause("", by: nil)),
            StatementSample("resume", ManagementQueries.resume("")),
            StatementSample("retry many", ManagementQueries.retry([], in: "", now: now)),
            StatementSample("remove many", ManagementQueries.remove([], in: "")),
            StatementSample("limit time", ManagementQueries.limitTime()),
        ]
    }
}
