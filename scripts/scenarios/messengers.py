"""Who brings mails and short messages, and the identity providers."""
import base64, hashlib, hmac, json, subprocess, time, urllib.parse

from service import Service


class SendGrid(Service):
    """Version 3 of its API, and events signed by a key on P-256."""
    KEY = "SG.acceptance"

    def __init__(self, folder):
        super().__init__()
        self.mails, self.folder = [], folder
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{folder}/sendgrid.pem")
        der = openssl("ec", "-in", f"{folder}/sendgrid.pem", "-pubout", "-outform", "DER")
        self.public_key = base64.b64encode(der).decode()
        self.failures = {}

    def refusal(self, status):
        return {"errors": [{"message": f"status {status}"}]}

    def answer(self, request):
        if request.path != "/v3/mail/send" or request.fields.get("authorization") != f"Bearer {self.KEY}":
            return 401, self.refusal(401)
        mail = request.json
        to = mail["personalizations"][0]["to"][0]["email"]
        if self.failures.get(to, 0) > 0:
            self.failures[to] -= 1
            return 500, self.refusal(500)
        self.mails.append({"to": to, "at": time.time(), "id": mail["personalizations"][0]["custom_args"]["notification_id"],
                           "subject": mail["subject"], "text": mail["content"][0]["value"]})
        return 202, b"", {"X-Message-Id": f"sg-{len(self.mails)}"}

    def to(self, address):
        with self.lock:
            return [m for m in self.mails if m["to"] == address]

    def event(self, kind, notification, number):
        """An event webhook: its body, and its fields."""
        body = json.dumps([{"email": "x@example.com", "timestamp": int(time.time()), "event": kind, "sg_event_id": f"sg-event-{number}",
                            "sg_message_id": "sg-1", "notification_id": notification}]).encode()
        stamp = str(int(time.time()))
        with open(f"{self.folder}/signed", "wb") as f:
            f.write(stamp.encode() + body)
        code = openssl("dgst", "-sha256", "-sign", f"{self.folder}/sendgrid.pem", f"{self.folder}/signed")
        return body, {"Content-Type": "application/json", "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
                      "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(code).decode()}


class ShortMessages(Service):
    """Twilio, and MSG91, which sends registered texts to India."""
    SID, TOKEN, KEY = "AC" + "0" * 32, "twilio-token", "msg91-key"

    def __init__(self):
        super().__init__()
        self.messages = []

    def is_faulty(self, request):
        return True

    def refusal(self, status):
        return {"type": "error", "message": "Service unavailable", "code": 20500, "status": status}

    def answer(self, request):
        if request.path.endswith("/Messages.json"):
            wanted = "Basic " + base64.b64encode(f"{self.SID}:{self.TOKEN}".encode()).decode()
            if request.fields.get("authorization") != wanted:
                return 401, {"code": 20003, "message": "Authenticate"}
            form = request.form
            self.take(form["To"], form["Body"])
            return 201, {"sid": f"SM{len(self.messages):032}", "status": "queued"}
        if request.path == "/api/sendhttp.php" and request.query.get("authkey") == self.KEY:
            self.take("+" + request.query["mobiles"], request.query["message"])
            return 200, {"type": "success", "message": f"{len(self.messages):024x}"}
        return 404, {"message": "nothing here"}

    def take(self, to, text):
        self.messages.append({"to": to, "text": text, "at": time.time()})

    def to(self, number):
        with self.lock:
            return [m for m in self.messages if m["to"] == number]


class Telegram(Service):
    """The Bot API, as far as somebody writes to people by it."""
    TOKEN = "123456:acceptance-bot-token"

    def answer(self, request):
        return 200, {"ok": True, "result": {"message_id": 1, "username": "acceptance_bot"}}


def init_data(token, age=0, doubled=False, more=(), **user):
    """What Telegram gives a Mini App, signed by the bot's token; `more` are pairs besides the usual ones."""
    pairs = [("auth_date", str(int(time.time()) - age)), ("query_id", "AAH1"), ("user", json.dumps(user, separators=(",", ":"))),
             *more]
    text = "\n".join(f"{k}={v}" for k, v in sorted(pairs))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    pairs.append(("hash", hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()))
    if doubled:
        pairs.insert(0, ("query_id", "AAH1"))
    return urllib.parse.urlencode(pairs)


class Clerk(Service):
    """The keys of a Clerk instance, its API, and tokens of its sessions (RS256)."""

    def __init__(self, folder):
        super().__init__()
        self.key, self.folder, self.patched = f"{folder}/clerk.pem", folder, []
        openssl("genrsa", "-out", self.key, "2048")
        modulus = openssl("rsa", "-in", self.key, "-noout", "-modulus").decode().strip().split("=")[1]
        self.jwk = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "ins_acceptance", "e": "AQAB", "n": flat(bytes.fromhex(modulus))}
        self.users = {}

    def answer(self, request):
        if request.path.endswith("jwks.json") or request.path.endswith("/jwks"):
            return 200, {"keys": [self.jwk]}
        if request.method == "PATCH":
            self.patched.append(request.json)
        name = next((p for p in request.parts if p.startswith("user_")), None)
        if not name:
            return 404, {"errors": [{"message": "not found", "code": "resource_not_found"}]}
        return 200, {"id": name, "object": "user", "first_name": "Clara", "last_name": "Clerk", "image_url": None,
                     "primary_email_address_id": "idn_1", "public_metadata": {}, "updated_at": int(time.time() * 1000),
                     "created_at": int(time.time() * 1000), "phone_numbers": [], "primary_phone_number_id": None,
                     "email_addresses": [{"id": "idn_1", "email_address": f"{name.lower().replace('_', '.')}@example.com",
                                          "verification": {"status": "verified"}}]}

    def token(self, subject, **changed):
        now = int(time.time())
        claims = {"iss": self.url, "sub": subject, "sid": "sess_1", "azp": "http://localhost:3000", "iat": now, "nbf": now - 1,
                  "exp": now + 60, **changed}
        head = {"alg": "RS256", "typ": "JWT", "kid": self.jwk["kid"]}
        text = flat(json.dumps(head).encode()) + "." + flat(json.dumps(claims).encode())
        with open(f"{self.folder}/token", "w") as f:
            f.write(text)
        return text + "." + flat(openssl("dgst", "-sha256", "-sign", self.key, f"{self.folder}/token"))


def flat(data):
    """Base 64 as JOSE has it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True).stdout


class Expo(Service):
    """Its push service."""

    def __init__(self):
        super().__init__()
        self.pushed = []

    def answer(self, request):
        if request.path.endswith("/send"):
            messages = request.json if isinstance(request.json, list) else [request.json]
            self.pushed += messages
            return 200, {"data": [{"status": "ok", "id": f"ticket-{len(self.pushed)}-{i}"} for i, _ in enumerate(messages)]}
        return 200, {"data": {}}
