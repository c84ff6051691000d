"""Jobs, schedules: scenarios 31 to 33."""
import time

from scenario import at_once, expect, expect_status, expect_true, scenario, until
from stage import API

QUEUES = "/admin/queue-management"


def add(database, queue, name, priority=3, count=1, data="{}"):
    """Jobs written as the program writes them: their ids."""
    return [row[0] for row in database.rows(
        f"insert into jobs.jobs (id, queue, name, data, priority, state, run_at, max_attempts, backoff_ms) "
        f"select gen_random_uuid(), '{queue}', '{name}', '{data}', {priority}, 'waiting', now(), 3, 100 "
        f"from generate_series(1, {count}) returning id; notify jobs, '{queue}'")]


@scenario(31, "a paused queue stays so over a restart, goes on by priority, and keeps what is done")
def pausing(stage):
    chief = stage.admin()
    work = lambda path: f"{QUEUES}/payments/{path}"
    expect(expect_status(chief.post(work("pause")), 200).data["isPaused"], True, "isPaused")
    jobs = {p: add(stage.database, "payments", "payment-checks", p)[0] for p in (4, 3, 2, 1)}
    time.sleep(1.5)
    for instance in (stage.a, stage.b):
        instance.stop()
    stage.b.start()
    stage.a.start()
    time.sleep(1.5)
    state = lambda job: expect_status(chief.get(work(f"jobs/{job}")), 200).data
    expect([state(j)["state"] for j in jobs.values()], ["waiting"] * 4, "after the restart")
    expect_status(chief.post(work("resume")), 200)
    until(lambda: all(state(j)["state"] == "completed" for j in jobs.values()), "all completed")
    # An instance may take all four at once.
    begun = {p: state(jobs[p])["startedAt"] for p in jobs}
    expect_true(begun[1] <= begun[4], f"begun in the order of priority: {begun}")
    expect_status(chief.post(work(f"jobs/{jobs[1]}/retry")), 409, what="retry of a completed one")
    office, _ = stage.staff("support")
    stage.mail.open.clear()
    office.post(API + "/notifications/email", {"to": f"r{stage.unique()}@example.com", "subject": "Slow", "body": "x"})
    active = until(lambda: chief.get(f"{QUEUES}/notifications/jobs?state=active").data, "an active job")[0]["id"]
    expect_status(chief.delete(f"{QUEUES}/notifications/jobs/{active}"), 409, what="DELETE of an active one")
    stage.mail.open.set()
    failed = add(stage.database, "payments", "payment-checks")[0]
    until(lambda: state(failed)["state"] == "completed", "completed")
    stage.database.rows(f"update jobs.jobs set state = 'failed', failed_reason = 'acceptance' where id = '{failed}'")
    expect_status(chief.delete(work(f"jobs/{failed}")), 204, what="DELETE of a failed one")


@scenario(32, "a killed worker's job runs again within its lease; five thousand empty jobs take seconds, none twice")
def killed(stage):
    database = stage.cluster.make("killed")
    server = stage.serve(database, WORKERS="false")
    worker = stage.instance(database, "work").start()
    office, _ = stage.staff("support", server)
    stage.mail.open.clear()
    asked = len(stage.mail.seen)
    to = f"reader{stage.unique()}@example.com"
    sent = office.post(API + "/notifications/email", {"to": to, "subject": "Once", "body": "x"}).data["id"]
    until(lambda: any(to.encode() in r.body for r in stage.mail.seen[asked:]), "the job is under way")
    worker.kill()
    lost = time.monotonic()
    # What was under way when the process died never arrives.
    stage.mail.drop_waiting()
    other = stage.instance(database, "work").start()
    until(lambda: office.get(f"{API}/notifications/{sent}").data["status"] == "sent", "another has done it", 66, 0.2)
    after = time.monotonic() - lost
    expect(len(stage.mail.to(to)), 1, "mails")
    more = stage.instance(database, "work").start()
    time.sleep(1)
    begun = time.monotonic()
    add(database, "payments", "payment-checks", count=5000)
    left = "select count(*) from jobs.jobs where name = 'payment-checks' and state <> 'completed'"
    until(lambda: database.count(left) == 0, "5,000 jobs", 50, 0.2)
    rate = 5000 / (time.monotonic() - begun)
    twice = "select count(*) from jobs.jobs where name = 'payment-checks' and attempts_made <> 1"
    expect(database.count(twice), 0, "jobs begun twice")
    expect_true(rate >= 100, f"{rate:.0f} jobs a second")
    return f"again after {after:.0f} s; {rate:.0f} jobs a second"


@scenario(33, "two instances run a schedule once, and tell once that a queue is not well")
def schedules(stage):
    reports = "select count(*) from jobs.jobs where name = 'generate-daily-report'"
    before = stage.database.count(reports)
    stage.database.rows("update jobs.schedules set next_run_at = date_trunc('day', now()) + interval '2 hours' - "
                        "case when now()::time < '02:00' then interval '1 day' else interval '0' end, last_fired_for = null "
                        "where key = 'generate-daily-report'")
    recent = stage.database.value("select now() - next_run_at < interval '1 hour' from jobs.schedules where key = 'generate-daily-report'")
    if recent != "t":
        stage.database.rows("update jobs.schedules set next_run_at = now() where key = 'generate-daily-report'")
    until(lambda: stage.database.count(reports) > before, "the report's job", 70, 0.2)
    time.sleep(3)
    expect(stage.database.count(reports), before + 1, "jobs of the report")
    address = stage.admin().get(API + "/users/me").data["email"]
    alarms = lambda: [m for m in stage.mail.to(address) if "analytics" in m["subject"] or "analytics" in m["text"]]
    had = len(alarms())
    # Jobs whose data nobody can read fail at once.
    add(stage.database, "analytics", "update-platform-metrics", 4, 30, '{"nonsense": 1}')
    health = lambda: {q["queue"]: q["status"] for q in stage.admin().get(f"{QUEUES}/health").data["queues"]}
    until(lambda: health()["analytics"] == "critical", "the queue is critical")
    check = lambda server: stage.admin(server).post(f"{QUEUES}/schedules/queue-health/run")
    at_once(lambda: check(stage.a), lambda: check(stage.b))
    until(lambda: len(alarms()) > had, "the mail")
    check(stage.a)
    time.sleep(2)
    expect(len(alarms()), had + 1, "mails")
    stage.database.rows("delete from jobs.jobs where queue = 'analytics' and state = 'failed'")
