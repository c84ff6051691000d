"""A running Atrium, seen from outside: started, asked, weighed, stopped."""
import http.client, json, os, re, signal, socket, subprocess, time

BINARY = ".build/release/atrium"


class Atrium:
    """`atrium serve` on a free port."""

    def __init__(self, environment, log):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.environment = {**os.environ, "PORT": str(self.port), "HOST": "127.0.0.1", "RATE_LIMIT_PER_MINUTE": "0",
                            "LOG_LEVEL": "warning", "LOG_FORMAT": "json", "DRAIN_SECONDS": "0",
                            # As scripts/run and the unit of systemd start it.
                            "GLIBC_TUNABLES": "glibc.malloc.tcache_count=400", **environment}
        self.log = log
        self.process = None

    def start(self):
        """Milliseconds from the start of the process to the first answer."""
        begun = time.perf_counter()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([BINARY, "serve"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(5)
                    s.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    if s.recv(64).startswith(b"HTTP/1.1 200"):
                        return (time.perf_counter() - begun) * 1000
            except OSError:
                pass
            if self.process.poll() is not None or time.perf_counter() - begun > 120:
                raise SystemExit(f"atrium did not start: see {self.log}")
            time.sleep(0.001)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(45)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def memory(self):
        """Resident MiB of the server itself; a database that it keeps is a process of its own."""
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024

    def ask(self, method, path, body=None, token=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, path, json.dumps(body) if body is not None else None, {**headers, **fields})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, json.loads(data) if data[:1] == b"{" else data


def report(rows):
    width = max(len(name) for name, _, _ in rows)
    print("\n| what | measured | bound |\n|---|---:|---:|")
    for name, value, bound in rows:
        print(f"| {name.ljust(width)} | {value} | {bound} |")
