"""The job system beside PgQueuer and Procrastinate on one PostgreSQL: jobs that do nothing, how long an idle queue takes to
begin one, and what a killed worker loses."""
import argparse, json, os, signal, statistics, subprocess, sys, time

BENCH = ".build/release/jobbench"
PEERS = "scripts/benchmark/queue_peers.py"
# Places at a time: what each of them gets most out of, of those tried.
PLACES = {"pgqueuer": [10, 100, 250, 500], "procrastinate": [1, 30, 100]}


def options():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--server", required=True, help="connection string without a database, ending in /")
    a.add_argument("--query", default="", help="what follows the database's name")
    a.add_argument("--python", help="a Python that has the peers")
    a.add_argument("--jobs", type=int, default=50000)
    a.add_argument("--runs", type=int, default=3)
    a.add_argument("--quick", action="store_true")
    return a.parse_args()


class Place:
    """A database of its own for each measurement."""

    def __init__(self, o):
        self.o = o

    def url(self, name):
        return f"{self.o.server}{name}{self.o.query}"

    def psql(self, name, *commands):
        words = [w for c in commands for w in ("-c", c)]
        return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", self.url(name), *words], check=True, capture_output=True, text=True).stdout.strip()

    def fresh(self, name, migrated=False):
        self.psql("postgres", "set client_min_messages = error", f"drop database if exists {name} with (force)", f"create database {name}")
        if migrated:
            environment = {**os.environ, "DATABASE_URL": self.url(name)}
            subprocess.run([".build/release/atrium", "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
            # Rows of the migrations are written, and not in the way of what is measured.
            self.psql(name, "checkpoint")
        return self.url(name)


def ours(place, *words):
    url = place.fresh("jobbench", migrated=True)
    return run([BENCH, *map(str, words)], {**os.environ, "DATABASE_URL": url})


def run(words, environment=None):
    answer = subprocess.run(words, capture_output=True, text=True, timeout=600, env=environment or os.environ)
    lines = answer.stdout.strip().splitlines()
    if not lines:
        raise SystemExit(f"{words[0]}: {answer.stderr[-2000:]}")
    return json.loads(lines[-1])


def throughput(place, o):
    """All in turn, so that the machine's moods are shared; medians."""
    jobs = o.jobs // 5 if o.quick else o.jobs
    peers = {peer: max(places, key=lambda p: peer_run(place, o, peer, 2000, p)["perSecond"]) for peer, places in PLACES.items()} if o.python else {}
    rates = {"atrium": [], **{peer: [] for peer in peers}}
    for _ in range(1 if o.quick else o.runs):
        rates["atrium"].append(ours(place, "throughput", jobs)["perSecond"])
        for peer, places in peers.items():
            count = jobs if peer == "pgqueuer" else min(jobs, 3000)
            rates[peer].append(peer_run(place, o, peer, count, places)["perSecond"])
    medians = {name: round(statistics.median(all)) for name, all in rates.items()}
    print(f"\njobs that do nothing, enqueued in batches of 500 while they are carried out ({jobs} of them)")
    for name, median in medians.items():
        places = "512" if name == "atrium" else peers[name]
        ratio = f"   {medians['atrium'] / median:.2f} times" if name != "atrium" else "   asked: 10,000"
        print(f"  {name:14} {median:7,} a second, {places:>4} places {ratio}")
    single = ours(place, "single", jobs // 5)
    print(f"  {'one by one':14} {single['perSecond']:7,} a second, enqueued each in a transaction of its own, 64 at a time")


def peer_run(place, o, peer, jobs, places):
    return run([o.python, PEERS, peer, str(jobs), str(places), place.fresh("jobpeer")])


def latency(place, o):
    r = ours(place, "latency", 100 if o.quick else 400)
    print(f"\nfrom enqueue to the handler's first line, idle queue, milliseconds\n  p50 {r['p50']}   p95 {r['p95']}   p99 {r['p99']}   longest {r['longest']}   asked: p95 10")


def kill(place, o):
    """Two workers, one is killed in the midst; its leases lapse after a minute."""
    jobs = 3000
    url = place.fresh("jobbench", migrated=True)
    environment = {**os.environ, "DATABASE_URL": url}
    place.psql("jobbench", "create table bench_runs (job int not null, at timestamptz not null default clock_timestamp())")
    run([BENCH, "fill", str(jobs)], environment)
    workers = [subprocess.Popen([BENCH, "work"], env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    try:
        while int(place.psql("jobbench", "select count(*) from bench_runs")) < jobs // 4:
            time.sleep(0.05)
        os.kill(workers[0].pid, signal.SIGKILL)
        workers[0].wait()
        held = int(place.psql("jobbench", "select count(*) from jobs.jobs where state = 'active'"))
        killed = time.monotonic()
        while int(place.psql("jobbench", "select count(*) from jobs.jobs where state <> 'completed'")) > 0:
            if time.monotonic() - killed > 120:
                break
            time.sleep(0.25)
        took = time.monotonic() - killed
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.terminate()
                worker.wait(timeout=40)
    completed, runs, distinct = place.psql("jobbench", "select (select count(*) from jobs.jobs where state = 'completed'), count(*), count(distinct job) from bench_runs").split("|")
    print(f"\nkill -9 of one of two workers, {jobs} jobs, {held} under way at that moment")
    print(f"  completed {completed}, never begun {jobs - int(distinct)}, begun twice {int(runs) - int(distinct)}, all done {took:.0f} s after the kill   asked: within 65 s")


if __name__ == "__main__":
    o = options()
    place = Place(o)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; PostgreSQL {place.psql('postgres', 'show server_version')}, synchronous_commit {place.psql('postgres', 'show synchronous_commit')}")
    throughput(place, o)
    latency(place, o)
    kill(place, o)
