"""What a server weighs: idle, with many idle connections, with many that read slowly; and how soon it answers."""
import resource, socket, statistics, time

CONNECTIONS = 5000
SLOW = 100
ANSWER = 8 << 20


def measure(server):
    """Rows of (what, measured, bound). The server is started and stopped here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    starts = []
    for _ in range(5):
        starts.append(server.start())
        server.stop()
    starts.append(server.start())
    time.sleep(2)
    idle = server.memory()
    rows = [("start to first answer, ms (median of 6)", f"{statistics.median(starts):.0f}", "150"),
            ("idle memory, MiB", f"{idle:.1f}", "30")]

    kept = connections(server.port)
    time.sleep(1)
    rows.append((f"{len(kept)} idle connections add, MiB", f"{server.memory() - idle:.1f}", "25"))
    for s in kept:
        s.close()
    time.sleep(2)

    before = server.memory()
    readers, size, times = slow_readers(server.port)
    time.sleep(3)
    rows.append((f"{SLOW} readers that stop reading {times} × {size / 1024:.0f} KiB add, MiB", f"{server.memory() - before:.1f}", "50"))
    for s in readers:
        s.close()
    server.stop()
    return rows


def connections(port):
    """Connections that have had one answer each and rest."""
    kept = []
    for n in range(min(CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)):
        # Several local addresses: one has only some 28,000 ports, many of them resting from an earlier run.
        s = socket.socket()
        s.bind((f"127.0.0.{2 + n // 2500}", 0))
        s.connect(("127.0.0.1", port))
        s.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        kept.append(s)
    for s in kept:
        s.recv(4096)
    return kept


def slow_readers(port):
    """Connections that ask for 8 MiB, as many pipelined answers of the largest document, and read almost nothing."""
    request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        size = 0
        while chunk := s.recv(1 << 16):
            size += len(chunk)
    times = max(1, ANSWER // size)
    readers = []
    for _ in range(SLOW):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", port))
        s.sendall(request * times)
        s.recv(512)
        readers.append(s)
    return readers, size, times
