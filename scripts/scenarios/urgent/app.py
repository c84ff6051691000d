"""The Mini App as it calls the board, and its socket."""
import json

from messengers import init_data
from websocket import WebSocket
from wire import Caller


class App(Caller):
    """Paths are under /api. JSON is named in every call, also where there is none, and no key is sent unless one is given."""

    def __init__(self, server, proof=None, source="127.0.0.1", number=None):
        super().__init__(server, proof, source)
        # At Telegram; nothing for a stranger.
        self.number = number

    def at(self, server):
        return App(server, self.token, self.source, self.number)

    def ask(self, method, path, body=None, headers=None, key=None, timeout=40, raw=None):
        fields = {"Content-Type": "application/json", "Accept-Language": "ru-RU,ru;q=0.9", "Origin": "http://localhost:10002",
                  "Idempotency-Key": key, **(headers or {})}
        return super().ask(method, "/api" + path, body, fields, timeout=timeout, raw=raw)

    def post(self, path, body=None, **rest):
        return self.ask("POST", path, body, **rest)


class Conversation(WebSocket):
    """`/api/ws`: JSON in text frames, who it is in the first."""

    def __init__(self, app):
        super().__init__(app.server, "/api/ws", source=app.source)
        self.heard = []
        self.say(type="auth", **({"init_data": app.token} if app.token else {}))
        self.ready = self.hear("ready")

    def say(self, **message):
        self.send(json.dumps(message))

    def hear(self, kind, seconds=5.0):
        """The next message of this kind; those before it are kept for `events`."""
        while (text := self.receive(seconds)) is not None:
            message = json.loads(text)
            if message["type"] == kind:
                return message
            self.heard.append(message)
        return None

    def subscribe(self, room, **filters):
        self.say(type="subscribe", room=room, **({"filter": filters} if filters else {}))
        return self.hear("subscribed")

    def events(self, seconds=1.5):
        """All that is told in this time, as (event, data)."""
        found, self.heard = self.heard, []
        found += [json.loads(text) for text in self.messages(seconds)]
        return [(m["event"], m["data"]) for m in found if m["type"] == "event"]

    def event(self, name, seconds=5.0):
        """The data of the next event of this name."""
        for index, message in enumerate(self.heard):
            if message["type"] == "event" and message["event"] == name:
                return self.heard.pop(index)["data"]
        while (message := self.hear("event", seconds)) is not None:
            if message["event"] == name:
                return message["data"]
            self.heard.append(message)
        return None
