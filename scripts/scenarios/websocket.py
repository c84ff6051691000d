"""WebSocket (RFC 6455) as a client speaks it, text only; and Socket.IO over it."""
import base64, json, os, socket, struct, time


class WebSocket:
    def __init__(self, server, path, protocol=None, source="127.0.0.1"):
        self.s = socket.create_connection(("127.0.0.1", server.port), 10, source_address=(source, 0))
        key = base64.b64encode(os.urandom(16)).decode()
        head = (f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n")
        if protocol:
            head += f"Sec-WebSocket-Protocol: {protocol}\r\n"
        self.s.sendall((head + "\r\n").encode())
        self.buffer, self.closed = b"", None
        while b"\r\n\r\n" not in self.buffer:
            part = self.s.recv(4096)
            if not part:
                raise ConnectionError(f"no answer to the upgrade: {self.buffer!r}")
            self.buffer += part
        answer, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(answer.split(b"\r\n")[0].decode())

    def send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(data))
        self.s.sendall(b"\x81" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self, seconds=5.0):
        """The next text; None when none comes in time, or the other side has closed (`closed` says with what)."""
        end = time.monotonic() + seconds
        while True:
            frame = self._frame(end)
            if frame is None:
                return None
            code, data = frame
            if code == 1:
                return data.decode()
            if code == 8:
                self.closed = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
                return None
            if code == 9:
                mask = os.urandom(4)
                self.s.sendall(bytes([0x8A, 0x80 | len(data)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def _frame(self, end):
        head = self._take(2, end)
        if head is None:
            return None
        length = head[1] & 127
        if length > 125:
            more = self._take(2 if length == 126 else 8, end)
            length = int.from_bytes(more, "big")
        data = self._take(length, end) if length else b""
        return None if data is None else (head[0] & 15, data)

    def _take(self, count, end):
        while len(self.buffer) < count:
            left = end - time.monotonic()
            if left <= 0 or self.closed:
                return None
            self.s.settimeout(left)
            try:
                part = self.s.recv(65536)
            except TimeoutError:
                return None
            except OSError:
                part = b""
            if not part:
                self.closed = self.closed or 1006
                return None
            self.buffer += part
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def messages(self, seconds, wanted=lambda message: True):
        """All texts that come in this time and are wanted."""
        end, found = time.monotonic() + seconds, []
        while (left := end - time.monotonic()) > 0:
            text = self.receive(left)
            if text is None:
                break
            if wanted(text):
                found.append(text)
        return found

    def close(self):
        self.s.close()


class SocketIO(WebSocket):
    """Engine.IO 4, Socket.IO 5."""

    def __init__(self, server, namespace="/realtime", token=None, source="127.0.0.1"):
        super().__init__(server, "/socket.io/?EIO=4&transport=websocket", source=source)
        self.namespace = namespace
        self.opened = json.loads(self.receive()[1:])
        self.send(f"40{namespace}," + (json.dumps({"token": token}) if token else ""))

    def event(self, seconds=5.0):
        """The next event as (name, argument), or what else comes."""
        while (text := self.receive(seconds)) is not None:
            if text == "2":
                self.send("3")
                continue
            head = f"42{self.namespace},"
            if text.startswith(head):
                name, *rest = json.loads(text[len(head):])
                return name, rest[0] if rest else None
            return text, None
        return None

    def emit(self, name, body):
        self.send(f"42{self.namespace}," + json.dumps([name, body]))


class Plain(WebSocket):
    """`/ws`: JSON in text frames."""

    def __init__(self, server, token=None):
        super().__init__(server, "/ws", "platform.v1")
        if token:
            self.say(type="auth", token=token)

    def say(self, **message):
        self.send(json.dumps(message))

    def hear(self, kind=None, seconds=5.0):
        """The next message, of this kind if one is named."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            text = self.receive(left)
            if text is None:
                return None
            message = json.loads(text)
            if kind is None or message["type"] == kind:
                return message
        return None
