"""A running Atrium."""
import http.client, os, re, signal, socket, subprocess, time

BINARY = os.environ.get("ACCEPTANCE_BINARY", ".build/release/atrium")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Instance:
    """`atrium serve` on a port of its own, or `atrium work`."""

    def __init__(self, environment, log, command="serve"):
        self.port = free_port()
        plain = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TZ", "TMPDIR")}
        self.environment = {**plain, "HOST": "127.0.0.1", "PORT": str(self.port), "LOG_FORMAT": "json", **environment}
        self.log, self.command, self.process = log, command, None

    def start(self, waits=True):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([BINARY, self.command], env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        if waits and self.command == "serve":
            self.wait()
        return self

    def wait(self, seconds=60):
        end = time.monotonic() + seconds
        while self.ready() != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"atrium did not start: {self.written()[-600:]}")
            time.sleep(0.02)

    def ready(self):
        """The status of /health/ready; nil when nobody answers."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/health/ready")
            return connection.getresponse().status
        except OSError:
            return None
        except http.client.HTTPException:
            return None

    def written(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.is_running():
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds=45):
        """Asks it to end, and gives its exit code."""
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode if self.process else None

    def memory(self):
        """Resident MiB."""
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024
