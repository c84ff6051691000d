"""Somebody else's service on a port of its own, speaking HTTP as it does."""
import http.server, json, threading, time, urllib.parse


class Request:
    def __init__(self, handler, body):
        target = urllib.parse.urlsplit(handler.path)
        self.method, self.path, self.body = handler.command, target.path, body
        self.query = dict(urllib.parse.parse_qsl(target.query))
        self.fields = {k.lower(): v for k, v in handler.headers.items()}
        self.parts = [p for p in self.path.split("/") if p]

    @property
    def json(self):
        return json.loads(self.body or b"null")

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))


class Service:
    """`answer` of a subclass gives (status, JSON or bytes, fields), or None: the connection ends without an answer."""

    def __init__(self):
        self.lock = threading.RLock()
        self.seen = []
        # What is answered instead: a status, "break" for none, "silence" for none until nobody waits any more, or nothing;
        # `done_first` does what was asked before, `everything` is about reading, too.
        self.fault, self.done_first, self.everything = None, False, False
        # While it is not set nobody is answered.
        self.open = threading.Event()
        self.open.set()
        self.age = 0
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self, body)
                with service.lock:
                    service.seen.append(request)
                age = service.age
                service.open.wait(120)
                answer = service.decide(request) if age == service.age else None
                if answer is None:
                    self.close_connection = True
                    return
                status, content, *fields = answer
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(data)))
                    for name, value in (fields[0] if fields else {}).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass  # Whoever asked has gone: killed, as a scenario wants it.

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def decide(self, request):
        fault = self.fault
        if fault is None or not self.is_faulty(request):
            with self.lock:
                return self.answer(request)
        if self.done_first:
            with self.lock:
                self.answer(request)
        if fault == "silence":
            time.sleep(17)
        return None if fault in ("break", "silence") else (fault, self.refusal(fault))

    def is_faulty(self, request):
        """Which requests a fault concerns: those that change something."""
        return self.everything or request.method != "GET"

    def refusal(self, status):
        return {"message": f"status {status}"}

    def well(self):
        """Ends every fault."""
        self.fault, self.done_first, self.everything = None, False, False
        self.open.set()

    def drop_waiting(self):
        """Who waits for an answer gets none, and what he asked is not done; who asks from now on does."""
        self.age += 1
        self.open.set()

    def count(self, method, path):
        with self.lock:
            return sum(1 for r in self.seen if r.method == method and r.path == path)

    def stop(self):
        self.open.set()
        self.server.shutdown()
        self.server.server_close()
