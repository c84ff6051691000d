"""What sockets weigh, and how soon an event reaches all that are in its room."""
import json, os, subprocess, time

IDLE = 10_000
CLIENTS = 2_000
EVENTS = 100
TOOL = ".build/bench/sockets"

# What `RoomEvents` writes with the last statement of a transaction, for one event.
EMIT = """
with head as (
    insert into realtime.rooms as r (room, first, seq, at)
    values ('queue', floor(extract(epoch from clock_timestamp()) * 1000), floor(extract(epoch from clock_timestamp()) * 1000), now())
    on conflict (room) do update set seq = r.seq + 1, at = now() returning r.room, r.seq
), added as (
    insert into realtime.events (room, seq, event, data, at)
    select room, seq, 'bench', json_build_object('t', floor(extract(epoch from clock_timestamp()) * 1e6)), clock_timestamp() from head
)
select pg_notify('realtime', room) from head;
"""


def measure(server, database):
    """Rows of (what, measured, bound). The server is started and stopped here."""
    os.makedirs(os.path.dirname(TOOL), exist_ok=True)
    subprocess.run(["cc", "-O2", "-o", TOOL, "scripts/benchmark/sockets.c"], check=True)
    server.start()
    rows = []
    before = server.memory()
    tool = start(server, IDLE, 15)
    # Each has been greeted as a guest by then, after ten seconds of silence.
    time.sleep(12)
    each = (server.memory() - before) * 1024 / IDLE
    tool.wait()
    rows.append((f"{IDLE} idle sockets, KiB each", f"{each:.1f}", "16"))

    status, answer = server.ask("POST", "/api/v1/auth/admin/login", {"email": "admin@studyspot.com", "password": "Admin@123"})
    if status != 200:
        raise SystemExit(f"nobody could sign in: {answer}")
    tool = start(server, CLIENTS, EVENTS / 10 + 3, answer["data"]["accessToken"], "queue")
    for _ in range(EVENTS):
        begun = time.perf_counter()
        subprocess.run(["psql", "-qX", database, "-c", EMIT], check=True, stdout=subprocess.DEVNULL)
        time.sleep(max(0, 0.1 - (time.perf_counter() - begun)))
    seen = json.loads(tool.communicate()[0])
    rows.append((f"one event to {CLIENTS} sockets, ms (p50)", f"{seen['p50']:.1f}", ""))
    rows.append((f"one event to {CLIENTS} sockets, ms (p99)", f"{seen['p99']:.1f}", "100"))
    rows.append((f"of {CLIENTS * EVENTS} deliveries, missing", f"{CLIENTS * EVENTS - seen['events']}", "0"))
    server.stop()
    return rows


def start(server, count, seconds, *room):
    tool = subprocess.Popen([TOOL, str(server.port), str(count), str(seconds), *room], stdout=subprocess.PIPE, text=True)
    if tool.stdout.readline() != "ready\n":
        raise SystemExit("the sockets could not be opened")
    return tool
