"""What the board's scenarios stand on: two instances of it, its bot at Telegram, browsers, and people."""
import random

from messengers import init_data
from scenario import Failed, Scenarios, expect_status
from stage import Stage
from urgent.app import App
from urgent.bot import BotAPI
from urgent.browsers import Browsers

scenario = Scenarios()
# Of staff whom the settings name.
ADMIN = 900


class Board(Stage):
    def bot_api(self):
        return BotAPI()

    def populate(self):
        self.browsers = Browsers(self.folder)
        self.services.append(self.browsers)
        self.phones = random.randrange(10**6)

    def environment(self, database):
        return {
            **super().environment(database), "PRODUCTS": "urgent", "TELEGRAM_CONDO_BOT_TOKEN": None, "TELEGRAM_CONDO_BOT_USERNAME": None,
            "TELEGRAM_URGENT_BOT_TOKEN": BotAPI.TOKEN, "TELEGRAM_URGENT_BOT_USERNAME": "urgent_bot",
            "TELEGRAM_URGENT_WEBHOOK_SECRET": BotAPI.SECRET, "TELEGRAM_URGENT_WEBHOOK_URL": "https://board.example/api/telegram/webhook",
            "ADMIN_TELEGRAM_IDS": str(ADMIN), "DEV_RECHARGE": "true", "SUPPORT_URL": "https://board.example/help",
            **(self.browsers.environment if hasattr(self, "browsers") else {}),
        }

    # People

    def stranger(self, server=None):
        """Whoever has the address and no init data."""
        return App(server or self.a, source=self.address())

    def somebody(self, name="Вера", server=None, number=None, **user):
        """Somebody of Telegram whom the board has not seen."""
        number = number or 10**9 + next(self.numbers) * 10**4 + random.randrange(10**4)
        user = {"id": number, "first_name": name, "username": f"user{number}", "language_code": "ru", **user}
        return App(server or self.a, init_data(BotAPI.TOKEN, **user), source=self.address(), number=number)

    def executor(self, balance=100, name="Олег"):
        """Somebody with so many roubles."""
        person = self.somebody(name)
        if balance:
            expect_status(person.post("/balance/recharge", {"amount": balance}), 200)
        return person

    def executors(self, count, balance=100):
        return [self.executor(balance) for _ in range(count)]

    def staff(self, role="admin"):
        admin = App(self.a, init_data(BotAPI.TOKEN, id=ADMIN, first_name="Анна"), source=self.address(), number=ADMIN)
        if role == "admin":
            return admin
        member = self.somebody("Мария")
        expect_status(member.get("/users/me"), 200)
        expect_status(admin.put(f"/admin/users/{member.number}/role", {"role": role, "reason": "проверка"}), 200)
        return member

    # Orders

    def phone(self):
        """A telephone that no order has."""
        self.phones += 1
        return f"+7 9{self.phones // 10**7 % 10}0 {self.phones // 10000 % 1000:03}-{self.phones // 100 % 100:02}-{self.phones % 100:02}"

    def wish(self, **changed):
        """The body of an order."""
        return {"category": "Сантехника", "description": "Прорвало трубу на кухне, нужен мастер", "city": "Москва",
                "contact": self.phone(), **changed}

    def order(self, client, **changed):
        return expect_status(client.post("/orders", self.wish(**changed)), 201).json

    def taken(self, client, *executors, **changed):
        """An order that these have taken."""
        made = self.order(client, **changed)
        for executor in executors:
            expect_status(executor.post(f"/orders/{made['id']}/take"), 200)
        return made

    def completed(self, client, *executors, **changed):
        made = self.taken(client, *executors, **changed)
        expect_status(client.post(f"/orders/{made['id']}/complete"), 200)
        return made

    # Time

    def later(self, minutes, *orders, database=None):
        """So many minutes pass for these orders: what is written about them goes back by them."""
        ids = ", ".join(f"'{o['id']}'" for o in orders)
        by = f"interval '{minutes * 60:.3f} seconds'"
        (database or self.database).rows(f"""
            begin;
            update urgent.orders set created_at = created_at - {by}, expires_at = expires_at - {by},
                first_taken_at = first_taken_at - {by}, no_response_at = no_response_at - {by},
                customer_responded_at = customer_responded_at - {by},
                taken_at = array(select t - {by} from unnest(taken_at) with ordinality as x (t, n) order by n)
             where id in ({ids});
            update urgent.unanswered set due_at = due_at - {by} where order_id in ({ids});
            update urgent.executor_takes set taken_at = taken_at - {by} where order_id in ({ids});
            commit;""")

    def status(self, order):
        """As it stands in the table: what has been booked."""
        return self.database.value(f"select status from urgent.orders where id = '{order['id']}'")

    def booked(self, order, kind=None, database=None):
        """What an order has moved in the ledger, as (user, roubles), in the order of users."""
        kinds = {"take": "urgent:take:", "refund": "urgent:refund:"}
        rows = (database or self.database).rows(f"""
            select u.id, e.amount / 100 from payments.transactions t join payments.entries e on e.transaction_id = t.id
              join urgent.users u on u.wallet_id = e.account_id
             where t.idempotency_key like '{kinds[kind] if kind else 'urgent:%'}%{order['id']}:%' order by u.id""")
        return [(int(user), int(amount)) for user, amount in rows]


def balance(person):
    return expect_status(person.get("/balance"), 200).json["balance"]


def movements(person):
    """(type, amount, balance afterwards), the newest first."""
    rows = expect_status(person.get("/balance/transactions?limit=100"), 200).json["transactions"]
    return [(r["type"], r["amount"], r["balance_after"]) for r in rows]


def read(person, order):
    return expect_status(person.get(f"/orders/{order['id']}"), 200).json


def listed(person, query=""):
    """The ids of a list, in its order."""
    return [o["id"] for o in expect_status(person.get("/orders" + query), 200).json["orders"]]


def refused(answer, status, code=None):
    """A refusal in the contract's form: its detail is one sentence."""
    expect_status(answer, status, code)
    body = answer.json
    if not isinstance(body, dict) or not isinstance(body.get("detail"), str) or not body["detail"]:
        raise Failed(f"{answer.what}: {status} without a sentence in detail: {answer.text[:200]}")
    return answer
