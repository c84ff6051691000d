"""A push service of browsers (RFC 8030) behind TLS, and the keys of its subscriptions."""
import base64, json, os, ssl

from messengers import flat, openssl
from service import Service


class Browsers(Service):
    def __init__(self, folder):
        super().__init__()
        self.folder, self.pushed = folder, []
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/push.key", "-out", f"{folder}/push.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/push.pem", f"{folder}/push.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.port}"
        private, self.public_key = self.pair("vapid")
        # The board believes this certificate alone, and may call this machine.
        self.environment = {"VAPID_PUBLIC_KEY": flat(self.public_key), "VAPID_PRIVATE_KEY": flat(private),
                            "VAPID_SUBJECT": "mailto:office@example.com", "WEB_PUSH_HOSTS": "localhost", "SSL_CERT_FILE": f"{folder}/push.pem"}

    def pair(self, name):
        """A new key on P-256: its number, and its point."""
        path = f"{self.folder}/{name}.pem"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
        point = openssl("ec", "-in", path, "-pubout", "-outform", "DER")[-65:]
        whole = openssl("ec", "-in", path, "-outform", "DER")
        return whole[7:39], point

    def subscription(self, name):
        """What a browser gives the app."""
        _, point = self.pair("browser")
        return {"endpoint": f"{self.url}/{name}", "keys": {"p256dh": flat(point), "auth": flat(os.urandom(16))}}

    def answer(self, request):
        self.pushed.append(request)
        return 201, b""

    def to(self, name):
        with self.lock:
            return [r for r in self.pushed if r.path == "/" + name]


def claims(request):
    """What the sender says of himself, unchecked."""
    token = request.fields["authorization"].split("t=")[1].split(",")[0]
    text = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
