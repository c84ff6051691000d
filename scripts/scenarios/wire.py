"""Requests as a client makes them, and raw bytes where a client would not."""
import http.client, json, re, socket, uuid


class Answer:
    def __init__(self, what, status, fields, body):
        self.what, self.status, self.fields, self.body = what, status, fields, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def data(self):
        return self.json["data"]

    @property
    def code(self):
        try:
            return self.json.get("code")
        except (ValueError, AttributeError):
            return None

    def field(self, name):
        return self.fields.get(name.lower())


class Caller:
    """Somebody who asks an instance: a guest, or whoever the token is of."""

    def __init__(self, server, token=None, source="127.0.0.1"):
        self.server, self.token, self.source = server, token, source

    def at(self, server):
        """The same person at another instance."""
        return Caller(server, self.token, self.source)

    def ask(self, method, path, body=None, headers=None, key=None, timeout=40, raw=None):
        """`body` goes as JSON, `raw` as it is. A POST has an Idempotency-Key of its own unless one is given."""
        fields = {"Host": "localhost"}
        if self.token:
            fields["Authorization"] = "Bearer " + self.token
        data = raw
        if body is not None:
            fields["Content-Type"] = "application/json"
            data = json.dumps(body)
        if method == "POST":
            fields["Idempotency-Key"] = key or str(uuid.uuid4())
        fields.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout,
                                                source_address=(self.source, 0))
        try:
            connection.request(method, path, data, {k: v for k, v in fields.items() if v is not None})
            got = connection.getresponse()
            return Answer(f"{method} {path}", got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()

    def get(self, path, **rest):
        return self.ask("GET", path, **rest)

    def post(self, path, body=None, **rest):
        return self.ask("POST", path, {} if body is None and "raw" not in rest else body, **rest)

    def put(self, path, body, **rest):
        return self.ask("PUT", path, body, **rest)

    def patch(self, path, body, **rest):
        return self.ask("PATCH", path, body, **rest)

    def delete(self, path, body=None, **rest):
        return self.ask("DELETE", path, body, **rest)

    def upload(self, path, name, content, **fields):
        """A file and the other parts of a form."""
        border = uuid.uuid4().hex
        parts = [f'--{border}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
        parts.append(f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     f"Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
        return self.post(path, raw=b"".join(parts) + f"--{border}--\r\n".encode(),
                         headers={"Content-Type": f"multipart/form-data; boundary={border}"})


def talk(server, sent, seconds=5.0):
    """Sends bytes as they are and gives all that comes until the other side closes, or nothing comes for so long."""
    with socket.create_connection(("127.0.0.1", server.port), seconds) as s:
        s.settimeout(seconds)
        s.sendall(sent)
        got, is_closed = b"", False
        while True:
            try:
                part = s.recv(65536)
            except (TimeoutError, ConnectionResetError):
                break
            if not part:
                is_closed = True
                break
            got += part
        return got, is_closed


def status_of(raw):
    found = re.match(rb"HTTP/1\.1 (\d+)", raw)
    return int(found.group(1)) if found else None
