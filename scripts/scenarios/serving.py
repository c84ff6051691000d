"""How a server ends: scenario 42."""
import contextlib, http.client, threading, time

from queues import add
from scenario import expect, scenario, until
from stage import API


class Load(threading.Thread):
    """Asks again and again over a connection that it keeps, until nobody accepts a new one."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.answered, self.failures = server, 0, []

    def run(self):
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=40)
            try:
                connection.connect()
            except OSError:
                return
            try:
                while True:
                    connection.request("GET", API + "/config")
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 200:
                        self.failures.append(f"status {answer.status}")
                    self.answered += 1
                    if answer.getheader("Connection", "").lower() == "close":
                        break
            except (OSError, http.client.HTTPException) as problem:
                self.failures.append(f"{type(problem).__name__} after {self.answered} answers")
                return
            finally:
                connection.close()


@scenario(42, "a server that is told to stop loses no request and no job")
def stopping(stage):
    database = stage.cluster.make("stopping")
    ending = stage.serve(database, DRAIN_SECONDS="3", DB_STATEMENT_TIMEOUT_MS="120000")
    # A job that lasts longer than the stop waits for.
    with slow(database, "jobs.queues"):
        job = add(database, "maintenance", "queue-health")[0]
        state = lambda: database.rows(f"select state, attempts_made from jobs.jobs where id = '{job}'")[0]
        until(lambda: state()[0] == "active", "the job is under way")
        threads = [Load(ending) for _ in range(16)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        code = []
        begun = time.monotonic()
        stopper = threading.Thread(target=lambda: code.append(ending.stop(60)))
        stopper.start()
        until(lambda: ending.ready() == 503, "/health/ready says 503", 2)
        stopper.join()
        took = time.monotonic() - begun
        for thread in threads:
            thread.join(10)
        expect([f for t in threads for f in t.failures], [], "requests that failed")
        expect(code, [0], "the exit code")
        expect(state(), ["waiting", "0"], "the job then, and its attempts")
    stage.serve(database)
    until(lambda: state()[0] == "completed", "the job is done elsewhere", 30)
    expect(state()[1], "1", "its attempts")
    return f"{sum(t.answered for t in threads)} answers, stopped after {took:.1f} s"


@contextlib.contextmanager
def slow(database, table):
    """Whoever changes the table needs a minute for it."""
    database.rows("create function public.dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$; "
                  f"create trigger acceptance before update on {table} for each statement execute function public.dawdle()")
    try:
        yield
    finally:
        database.rows("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'; "
                      f"drop trigger acceptance on {table}; drop function public.dawdle()")
