"""What the server bears: scenarios 39 to 41."""
import http.client, socket, time

from scenario import expect, expect_status, expect_true, scenario
from stage import API
from wire import status_of, talk


@scenario(39, "the 101st request in a minute is too many, and the state of health never")
def rate(stage):
    strict = stage.serve(RATE_LIMIT_PER_MINUTE=None, WORKERS="false")
    caller, _ = stage.person(strict)
    answers = [caller.get(API + "/users/me") for _ in range(101)]
    expect({a.status for a in answers[:100]}, {200}, "the first hundred")
    last = expect_status(answers[100], 429, "rate_limited")
    expect_true("r=0" in (last.field("ratelimit") or ""), f"RateLimit: {last.field('ratelimit')}")
    expect_true(int(last.field("retry-after") or 0) > 0, "no Retry-After")
    guest = stage.guest(strict)
    expect({guest.get("/health").status for _ in range(150)}, {200}, "/health")


@scenario(40, "what is not understood is refused for what it is")
def refusals(stage):
    guest, (user, _) = stage.guest(), stage.person()
    expect_status(guest.post(API + "/auth/login", {"email": "a@example.com", "password": "x", "pasword": "y"}), 422, "unknown_field")
    wrong = expect_status(guest.put(API + "/config", {}), 405)
    expect_true("GET" in (wrong.field("allow") or ""), f"Allow: {wrong.field('allow')}")
    expect_status(user.get(API + "/notifications?limit=101"), 422)
    raw, closed = talk(stage.a, b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    expect((status_of(raw), closed), (400, True), "Content-Length with Transfer-Encoding: status, closed")


@scenario(41, "who is slow is ended, and who is idle harms nobody")
def slow(stage):
    with socket.create_connection(("127.0.0.1", stage.a.port), 5) as s:
        begun, ended = time.monotonic(), None
        s.settimeout(1)
        s.sendall(b"GET /health HTTP/1.1\r\n")
        for byte in b"X-Slow: " + b"a" * 60:
            try:
                s.sendall(bytes([byte]))
                if s.recv(4096):
                    ended = time.monotonic() - begun
                    break
                ended = time.monotonic() - begun
                break
            except TimeoutError:
                pass
            except OSError:
                ended = time.monotonic() - begun
                break
        expect_true(ended is not None and ended <= 11.5, f"a trickled head is ended after {ended} s")
    before = stage.a.memory()
    idle = []
    try:
        for _ in range(5000):
            s = socket.create_connection(("127.0.0.1", stage.a.port), 10)
            s.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            s.recv(4096)
            idle.append(s)
        connection, times = http.client.HTTPConnection("127.0.0.1", stage.a.port, timeout=10), []
        for _ in range(500):
            since = time.monotonic()
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
            times.append((time.monotonic() - since) * 1000)
            expect(answer.status, 200, "/health")
        after = stage.a.memory()
    finally:
        for s in idle:
            s.close()
    p99 = sorted(times)[494]
    expect_true(p99 < 100, f"p99 of /health beside 5,000 idle connections: {p99:.1f} ms")
    return f"ended after {ended:.1f} s; p99 {p99:.1f} ms, {after - before:.0f} MiB more"
