"""Atrium beside the peers: writes our map for their driver, runs it, prints ratios of the medians of one run."""
import argparse, hashlib, hmac, json, os, subprocess, sys, time
from urllib.parse import quote
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import footprint
from process import Atrium, BINARY, report

# What is asked of us: (run, the peer we are held against or best, least ratio of requests a second, the peer's run where it
# has none of that name).
DEMANDS = [("plaintext@64", "nginx", 1.0, None), ("plaintext16@64", "rust", 0.8, None), ("plaintext@1000", "nginx", None, None),
           ("json@64", "nginx", None, None), ("unit@64", "best", 1.2, None), ("invoice@64", "best", 1.2, None),
           ("search@64", "best", 1.2, None), ("meter@64", "best", 1.0, None), ("take@64", "best", 1.2, None),
           ("orders@64", "best", 1.2, "search@64"), ("feed@64", "best", None, "search@64")]
PASSWORD = "Benchmark-2026"
BOT = "7000000001:AABenchmarkTokenOfTheUrgentBoard000"
TOWNS = ["Москва", "Казань", "Пермь", "Тверь", "Омск"]


def options():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--bench", required=True)
    a.add_argument("--database", required=True)
    a.add_argument("--name", required=True)
    a.add_argument("--peers", default="nginx,rust,go,hummingbird-web,express,fastapi")
    a.add_argument("--runs", default=",".join(r for r, _, _, _ in DEMANDS))
    a.add_argument("--quick", action="store_true")
    a.add_argument("--noise", default="0.10")
    return a.parse_args()


def environment(o, folder):
    return {"DATABASE_URL": o.database, "DATA_DIR": folder + "/data", "BENCHMARK_ROUTES": "true", "ACCESS_TOKEN_MINUTES": "60",
            "TELEGRAM_URGENT_BOT_TOKEN": BOT, "RATE_LIMIT_PUBLIC_PER_MINUTE": "0", "RATE_LIMIT_USER_PER_MINUTE": "0"}


def sign_in(server, path):
    """One line for each condo: its administrator's token, the condo's number in two digits, the condo's id."""
    with open(path, "w") as f:
        for condo in range(1, 21):
            f.write(f"{token(server, condo)}\t{condo:02}\t00000002-0000-7000-8000-{condo:012}\n")


def sign_in_owners(server, path):
    """One line for each owner of flats: his token, and the digits of his condo and of himself in his meters' keys."""
    with open(path, "w") as f:
        for condo in range(1, 21):
            for owner in range(50):
                f.write(f"{token(server, (condo - 1) * 1000 + 101 + owner)}\t{condo:02}\t{owner:02}\n")


def token(server, user):
    status, answer = server.ask("POST", "/api/v1/auth/login", {"email": f"user{user}@benchmark.example", "password": PASSWORD})
    if status != 200:
        raise SystemExit(f"sign-in of user {user}: {status} {answer}")
    return answer["data"]["accessToken"]


def init_data(path):
    """One line for each of eight thousand of the board's people: what Telegram would give the app that he has opened. So many that
    hardly anybody takes two orders in the same moment (the peers have nineteen thousand), few enough to come more than once: who
    comes for the first time is looked up first."""
    key = hmac.new(b"WebAppData", BOT.encode(), hashlib.sha256).digest()
    with open(path, "w") as f:
        for n in range(1, 8001):
            user = json.dumps({"id": 1000000 + n, "first_name": "User", "username": f"user{n}", "language_code": "ru"}, separators=(",", ":"))
            fields = {"auth_date": str(int(time.time())), "query_id": "AAHdF6IQAAAAAN0XohDhrOrc", "user": user}
            text = "\n".join(f"{k}={fields[k]}" for k in sorted(fields))
            sign = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
            f.write("&".join(f"{k}={quote(v, safe='')}" for k, v in fields.items()) + f"&hash={sign}\n")


def days(path):
    """A value for each day of ten years, rising: whatever the order of the inserts, none is refused."""
    with open(path, "w") as f:
        for n in range(10 * 12 * 28):
            f.write(f"{2014 + n // 336}-{1 + n // 28 % 12:02}-{1 + n % 28:02}\t{(n + 1) * 10}\n")


def write_map(path, o, server, folder):
    tokens, owners, dates, proofs = folder + "/tokens.tsv", folder + "/owners.tsv", folder + "/days.tsv", folder + "/init-data.tsv"
    sign_in(server, tokens)
    sign_in_owners(server, owners)
    days(dates)
    init_data(proofs)
    towns = "/api/orders?limit=20&status=active&city={pick:" + "|".join(quote(t) for t in TOWNS) + "}"
    who = {"Authorization": f"Bearer {{line:{tokens}#1}}"}
    condo = f"{{line:{tokens}#2}}"
    spec = {
        "base": f"http://127.0.0.1:{server.port}",
        "start": {"cmd": [os.path.abspath(BINARY), "serve"], "env": {k: server.environment[k] for k in server.environment if os.environ.get(k) != server.environment[k]}, "cwd": os.getcwd()},
        "ready": "/health/live",
        "scenarios": {
            "plaintext": {"method": "GET", "path": "/plaintext", "contains": "Hello, World!"},
            "plaintext16": {"method": "GET", "path": "/plaintext", "pipeline": 16},
            "json": {"method": "GET", "path": "/json", "contains": "message"},
            "unit": {"method": "GET", "headers": who, "contains": "number",
                     "path": f"/api/v1/units/00000004-0000-7000-8000-000000{condo}{{rand:1000:1999}}"},
            "invoice": {"method": "GET", "headers": who, "contains": "unitPrice",
                        "path": f"/api/v1/invoices/00000007-0000-7000-8000-00000{condo}{{rand:10000:19999}}"},
            "search": {"method": "GET", "headers": who, "contains": "number",
                       "path": f"/api/v1/units/search?condoId={{line:{tokens}#3}}&q={{rand:1:9}}"},
            # Residents send their readings, as in life; staff's write a row of the audit log besides.
            "meter": {"method": "POST", "expect": 201,
                      "headers": {"Authorization": f"Bearer {{line:{owners}#1}}", "Content-Type": "application/json"},
                      "path": f"/api/v1/meters/00000006-0000-7000-8000-000000{{line:{owners}#2}}{{rand:1:3}}{{line:{owners}#3}}{{rand:0:9}}/readings",
                      "body": f"{{\"value\":{{line:{dates}#2}},\"readingDate\":\"{{line:{dates}#1}}\"}}",
                      "reset": {"psql": os.path.abspath("scripts/benchmark/reset-readings.sql"), "db": o.name}},
            "take": {"method": "POST", "path": "/api/orders/bench00{rand:10000:50000}/take", "contains": "contact",
                     "headers": {"Authorization": f"Bearer {{line:{proofs}#1}}", "Content-Type": "application/json"},
                     "reset": {"psql": os.path.abspath("scripts/benchmark/reset-takes.sql"), "db": o.name}},
            # The orders of a town, for somebody who has proved who he is, and for guests.
            "orders": {"method": "GET", "path": towns, "contains": "server_time", "headers": {"Authorization": f"Bearer {{line:{proofs}#1}}"},
                       "reset": {"psql": os.path.abspath("scripts/benchmark/reset-orders.sql"), "db": o.name}},
            "feed": {"method": "GET", "path": towns, "contains": "server_time",
                     "reset": {"psql": os.path.abspath("scripts/benchmark/reset-orders.sql"), "db": o.name}},
        },
    }
    for scenario in spec["scenarios"].values():
        scenario.setdefault("expect", 200)
    with open(path, "w") as f:
        json.dump(spec, f, indent=1)


def ratios(path):
    results = json.load(open(path))["results"]
    by = {(r["target"], r["run"]): r for r in results}
    peers = [t for t in dict.fromkeys(r["target"] for r in results) if t not in ("atrium", "pgbench")]
    print("\n| run | atrium /s | p50 / p99 ms | against | /s | p50 / p99 ms | ratio | asked | refused answers |\n|---|---:|---:|---|---:|---:|---:|---:|---:|")
    for run, against, least, like in DEMANDS:
        ours, like = by.get(("atrium", run)), like or run
        theirs = [(by[(p, like)]["rps"], p) for p in peers if (p, like) in by and against in ("best", p)]
        if not ours or not theirs:
            continue
        peer = by[(max(theirs)[1], like)]
        ms = lambda r: f"{r['p50'] / 1000:.2f} / {r['p99'] / 1000:.2f}"
        print(f"| {run} | {ours['rps']:,.0f} | {ms(ours)} | {peer['target']} | {peer['rps']:,.0f} | {ms(peer)} | **{ours['rps'] / peer['rps']:.2f}** |"
              f" {least or 'p99'} | {100 * ours['non2xx'] / max(1, ours['requests']):.2f} % |")


def main():
    o = options()
    folder = os.path.abspath(".build/bench")
    results = folder + "/results.json"
    server = Atrium(environment(o, folder), folder + "/atrium.log")
    server.start()
    try:
        write_map(folder + "/map.json", o, server, folder)
    finally:
        server.stop()
    if os.path.exists(results):
        os.remove(results)
    short = ["--reps", "2", "--seconds", "3", "--warm", "1", "--retries", "1", "--quiet", "5"] if o.quick else []
    print(f"cores {os.cpu_count()}, commit {subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True).stdout.strip()}", flush=True)
    done = subprocess.run([sys.executable, o.bench + "/peers.py", "--target", "atrium", "--map", folder + "/map.json", "--peers", o.peers, "--runs", o.runs,
                           "--ceilings", "none", "--noise", o.noise, "--out", results, *short])
    if os.path.exists(results):
        ratios(results)
    report(footprint.measure(server))
    sys.exit(done.returncode)


main()
