"""The payment providers as their documentation has them, as far as the scenarios go."""
import base64, hashlib, hmac, json, time

from service import Service


def mac(key, text, digest=hashlib.sha256):
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), digest)


class Stripe(Service):
    """Bearer secret, form encoding, minor units, one answer per idempotency key."""
    SECRET, PUBLISHABLE, WEBHOOK = "sk_test_acceptance", "pk_test_acceptance", "whsec_acceptance"

    def __init__(self):
        super().__init__()
        self.objects, self.answers = {}, {}

    def refusal(self, status):
        return {"error": {"type": "api_error", "message": f"status {status}"}}

    def answer(self, request):
        if request.fields.get("authorization") != f"Bearer {self.SECRET}":
            return 401, self.refusal(401)
        path = "/".join(request.parts)
        if request.method == "GET":
            if path == "refunds":
                intent = request.query.get("payment_intent")
                return 200, {"object": "list", "data": [o for o in self.objects.values()
                                                        if o["object"] == "refund" and o["payment_intent"] == intent]}
            if path == "payment_intents":
                return 200, {"object": "list", "has_more": False,
                             "data": [o for o in self.objects.values() if o["object"] == "payment_intent"]}
            known = self.objects.get(request.parts[-1])
            return (200, known) if known else (404, self.refusal(404))
        key = request.fields.get("idempotency-key")
        if key in self.answers:
            return 200, self.answers[key]
        made = self.make(request)
        if made is None:
            return 400, self.refusal(400)
        self.objects[made["id"]] = made
        if key:
            self.answers[key] = made
        return 200, made

    def make(self, request):
        form, number = request.form, len(self.objects) + 1
        if request.parts == ["payment_intents"]:
            return {"id": f"pi_{number}", "object": "payment_intent", "amount": int(form["amount"]), "amount_received": 0,
                    "currency": form["currency"], "status": "requires_payment_method", "client_secret": f"pi_{number}_secret_x",
                    "capture_method": form.get("capture_method", "automatic"), "latest_charge": None,
                    "metadata": {"payment_id": form.get("metadata[payment_id]"), "attempt": form.get("metadata[attempt]")}}
        if request.parts[0] == "payment_intents" and request.parts[-1] == "cancel":
            known = self.objects.get(request.parts[1])
            return {**known, "status": "canceled"} if known and known["status"] != "succeeded" else None
        if request.parts == ["refunds"]:
            intent, amount = self.objects.get(form["payment_intent"]), int(form["amount"])
            before = sum(o["amount"] for o in self.objects.values()
                         if o["object"] == "refund" and o["payment_intent"] == form["payment_intent"])
            if not intent or before + amount > intent["amount_received"]:
                return None
            return {"id": f"re_{number}", "object": "refund", "payment_intent": form["payment_intent"], "amount": amount,
                    "status": "succeeded", "metadata": {"refund_key": form.get("metadata[refund_key]")}}
        if request.parts == ["customers"]:
            return {"id": f"cus_{number}", "object": "customer"}
        return None

    def intent_of(self, payment):
        with self.lock:
            return next(o for o in self.objects.values()
                        if o["object"] == "payment_intent" and o["metadata"]["payment_id"] == payment)

    def orders_of(self, payment):
        with self.lock:
            return sum(1 for o in self.objects.values()
                       if o["object"] == "payment_intent" and o["metadata"]["payment_id"] == payment)

    def pay(self, payment):
        """The payer pays by his card."""
        with self.lock:
            intent = self.intent_of(payment)
            intent.update(status="succeeded", amount_received=intent["amount"], latest_charge={
                "id": "ch_1", "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}},
                "balance_transaction": {"fee": 30, "currency": intent["currency"]}})
            return intent

    def event(self, kind, intent, number, age=0, secret=None):
        """A webhook: its body, and its fields."""
        body = json.dumps({"id": f"evt_{number}", "object": "event", "type": kind, "data": {"object": intent}}).encode()
        second = int(time.time()) - age
        code = mac(secret or self.WEBHOOK, f"{second}.".encode() + body).hexdigest()
        return body, {"Stripe-Signature": f"t={second},v1={code}", "Content-Type": "application/json"}


class Razorpay(Service):
    """Basic credentials, paise, orders found again by their receipt."""
    ID, SECRET, WEBHOOK = "rzp_test_acceptance", "rzp-secret", "rzp-webhook"

    def __init__(self):
        super().__init__()
        self.orders = []

    def refusal(self, status):
        return {"error": {"code": "SERVER_ERROR", "description": f"status {status}"}}

    def answer(self, request):
        wanted = "Basic " + base64.b64encode(f"{self.ID}:{self.SECRET}".encode()).decode()
        if request.fields.get("authorization") != wanted:
            return 401, self.refusal(401)
        if request.method == "POST" and request.parts == ["orders"]:
            asked = request.json
            order = {"id": f"order_{len(self.orders) + 1}", "entity": "order", "amount": asked["amount"], "currency": asked["currency"],
                     "receipt": asked["receipt"], "notes": asked.get("notes", {}), "status": "created"}
            self.orders.append(order)
            return 200, order
        if request.parts == ["orders"]:
            return 200, {"entity": "collection", "items": [o for o in self.orders if o["receipt"] == request.query.get("receipt")]}
        if request.parts[-1] == "payments":
            return 200, {"entity": "collection", "items": []}
        return 404, self.refusal(404)

    def made(self, reference):
        with self.lock:
            return [o for o in self.orders if o["receipt"] == reference]


class Cashfree(Service):
    """Two credential fields, a version, orders under our reference, rupees with two decimals."""
    ID, SECRET = "cf-app", "cf-secret"

    def __init__(self):
        super().__init__()
        self.orders = {}

    def answer(self, request):
        if (request.fields.get("x-client-id"), request.fields.get("x-client-secret")) != (self.ID, self.SECRET):
            return 401, {"message": "authentication failed", "code": "request_failed", "type": "authentication_error"}
        if request.method == "POST" and request.parts == ["orders"]:
            asked = request.json
            if asked["order_id"] in self.orders:
                return 409, {"message": "order exists", "code": "order_already_exists", "type": "invalid_request_error"}
            self.orders[asked["order_id"]] = {
                "cf_order_id": str(2149460581 + len(self.orders)), "order_id": asked["order_id"], "entity": "order",
                "order_amount": asked["order_amount"], "order_currency": "INR", "order_status": "ACTIVE",
                "payment_session_id": "session_" + asked["order_id"]}
            return 200, self.orders[asked["order_id"]]
        order = self.orders.get(request.parts[1]) if len(request.parts) > 1 else None
        if not order:
            return 404, {"message": "no such order", "code": "order_not_found", "type": "invalid_request_error"}
        if request.method == "PATCH":
            order["order_status"] = request.json["order_status"]
            return 200, order
        if request.parts[-1] == "payments":
            return 200, []
        return 200, order

    def made(self, reference):
        with self.lock:
            return [o for o in self.orders.values() if o["order_id"] == reference]


class YooKassa(Service):
    """Basic credentials, amounts as text with two decimals, webhooks that nobody signs."""
    SHOP, SECRET = "100500", "yoo-secret"

    def __init__(self):
        super().__init__()
        self.payments, self.answers = {}, {}

    def answer(self, request):
        wanted = "Basic " + base64.b64encode(f"{self.SHOP}:{self.SECRET}".encode()).decode()
        if request.fields.get("authorization") != wanted:
            return 401, {"type": "error", "code": "invalid_credentials"}
        if request.method == "GET":
            known = self.payments.get(request.parts[-1])
            return (200, known) if known else (404, {"type": "error", "code": "not_found"})
        key = request.fields.get("idempotence-key")
        if request.parts != ["payments"] or not key:
            return 400, {"type": "error", "code": "invalid_request"}
        if key not in self.answers:
            asked, number = request.json, f"2419a771-000f-5000-9000-{len(self.payments) + 1:012}"
            self.payments[number] = self.answers[key] = {
                "id": number, "status": "pending", "paid": False, "amount": asked["amount"], "metadata": asked.get("metadata", {}),
                "confirmation": {"type": "redirect", "confirmation_url": f"https://yoomoney.test/{number}"}}
        return 200, self.answers[key]

    def of(self, payment):
        with self.lock:
            return next(p for p in self.payments.values() if p["metadata"].get("payment_id") == payment)

    def note(self, event, order):
        return json.dumps({"type": "notification", "event": event, "object": order}).encode()
