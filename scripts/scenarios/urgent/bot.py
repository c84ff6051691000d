"""Telegram's Bot API as the board's bot uses it, and the updates that Telegram brings."""
import itertools, time

from messengers import Telegram


class BotAPI(Telegram):
    """Messages, invoices in Stars, the list of what was paid in them."""
    TOKEN, SECRET = "7000000001:AAExampleTokenForSpecVector0000000", "urgent-secret-0123456789-0123456789"

    def __init__(self):
        super().__init__()
        self.messages, self.invoices, self.answers, self.transactions, self.webhooks, self.refunds = [], [], {}, [], [], []
        self.numbers = itertools.count(int(time.time()) % 10**8)

    def refusal(self, status):
        return {"ok": False, "error_code": status, "description": f"status {status}"}

    def answer(self, request):
        if request.parts[:1] != ["bot" + self.TOKEN] or len(request.parts) != 2:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        result = getattr(self, "do_" + request.parts[1], lambda asked: None)(request.json or {})
        if result is None:
            return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        return 200, {"ok": True, "result": result}

    def do_getMe(self, asked):
        return {"id": 7000000001, "is_bot": True, "first_name": "Urgent", "username": "urgent_bot"}

    def do_setWebhook(self, asked):
        self.webhooks.append(asked)
        return True

    def do_sendMessage(self, asked):
        self.messages.append({**asked, "at": time.time()})
        return {"message_id": len(self.messages), "date": int(time.time()), "chat": {"id": asked["chat_id"], "type": "private"}}

    def do_createInvoiceLink(self, asked):
        if asked["currency"] != "XTR" or asked.get("provider_token") or not 1 <= len(asked["payload"].encode()) <= 128:
            return None
        self.invoices.append({**asked, "link": f"https://t.me/$invoice{len(self.invoices) + 1}"})
        return self.invoices[-1]["link"]

    def do_answerPreCheckoutQuery(self, asked):
        self.answers[asked["pre_checkout_query_id"]] = asked["ok"]
        return True

    def do_getStarTransactions(self, asked):
        begin = asked.get("offset", 0)
        return {"transactions": self.transactions[begin:begin + asked.get("limit", 100)]}

    def do_refundStarPayment(self, asked):
        self.refunds.append(asked)
        return True

    # What a person sees and does

    def to(self, number):
        with self.lock:
            return [m for m in self.messages if m["chat_id"] == number]

    def invoice(self, link):
        with self.lock:
            return next(i for i in self.invoices if i["link"] == link)

    def tell(self, server, update, number=None, secret=SECRET):
        """Brings an update to an instance, and gives its answer."""
        return server.post("/telegram/webhook", {"update_id": number or next(self.numbers), **update},
                           headers={"X-Telegram-Bot-Api-Secret-Token": secret})

    def start(self, person):
        """The person opens the chat with the bot."""
        return self.tell(person, self.message(person, text="/start"))

    def message(self, person, **content):
        return {"message": {"message_id": next(self.numbers), "date": int(time.time()), "from": self.user(person),
                            "chat": {"id": person.number, "type": "private", "first_name": "A"}, **content}}

    def user(self, person):
        return {"id": person.number, "is_bot": False, "first_name": "A", "language_code": "ru"}

    def asks(self, person, invoice, stars):
        """What Telegram asks before it takes the money: the update, and the query's id."""
        query = f"query{next(self.numbers)}"
        return query, {"pre_checkout_query": {"id": query, "from": self.user(person), "currency": "XTR", "total_amount": stars,
                                              "invoice_payload": invoice["payload"]}}

    def pay(self, person, invoice):
        """The person has paid the invoice: what Telegram says of it."""
        stars, charge = invoice["prices"][0]["amount"], f"stxcharge{next(self.numbers)}"
        with self.lock:
            self.transactions.append({
                "id": charge, "amount": stars, "date": int(time.time()),
                "source": {"type": "user", "transaction_type": "invoice_payment", "user": self.user(person),
                           "invoice_payload": invoice["payload"]}})
        return self.message(person, successful_payment={
            "currency": "XTR", "total_amount": stars, "invoice_payload": invoice["payload"], "telegram_payment_charge_id": charge,
            "provider_payment_charge_id": f"p{charge}"})
