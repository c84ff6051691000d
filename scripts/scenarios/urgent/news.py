"""What people are told, by the bot, in their browsers and over sockets: scenarios 32, 33 and 40."""
import time

from scenario import at_once, expect, expect_status, expect_true, until
from urgent.app import Conversation
from urgent.board import balance, refused, scenario
from urgent.browsers import claims

SETTINGS, PREFERENCES = "/users/me/notification-settings", "/users/me/preferences"


def subscribe(board, person, category, city, frequency=5):
    """Has the bot write to him of such orders."""
    expect_status(board.telegram.start(person), 200)
    expect_status(person.put(SETTINGS, {"enabled": True, "frequency": frequency}), 200)
    expect_status(person.put(PREFERENCES, {"categories": [category], "cities": [city]}), 200)


@scenario(32, "settings and preferences are kept apart, though they come at once")
def settings(board):
    person = board.somebody()
    answers = at_once(lambda: person.put(SETTINGS, {"enabled": True, "frequency": 5}),
                      lambda: person.at(board.b).put(PREFERENCES, {"categories": ["Электрика"], "cities": ["Москва"]}))
    expect([a.status for a in answers], [200, 200], "both")
    read = lambda path: expect_status(person.get(path), 200).json
    expect((read(SETTINGS), read(PREFERENCES)), ({"enabled": True, "frequency": 5}, {"categories": ["Электрика"], "cities": ["Москва"]}),
           "what is kept")
    for minutes in (4, 16):
        refused(person.put(SETTINGS, {"frequency": minutes}), 422, "validation_error")
    expect_status(person.put(SETTINGS, {"enabled": False}), 200)
    expect(read(SETTINGS), {"enabled": False, "frequency": 5}, "switched off")
    refused(person.put(PREFERENCES, {"categories": ["Еда"], "cities": []}), 422, "validation_error")
    towns = expect_status(board.stranger().get("/cities"), 200).json
    refused(person.put(PREFERENCES, {"categories": [], "cities": towns[:21]}), 422, "validation_error")
    expect_status(person.put(PREFERENCES, {"categories": [], "cities": towns[:20]}), 200)


@scenario(33, "an executor is told of an order at once, of what comes in his quiet by one digest, and of nothing else")
def digests(board):
    executor, client = board.executor(), board.somebody()
    subscribe(board, executor, "Электрика", "Тверь")
    browser = f"browser-{board.unique()}"
    expect_status(executor.post("/push/subscriptions", board.browsers.subscription(browser)), 201)
    written = lambda: [m for m in board.telegram.to(executor.number) if "startapp=order_" in str(m)]
    # What does not concern him.
    board.order(client, category="Электрика", city="Казань")
    board.order(client, category="Сантехника", city="Тверь")
    board.order(executor, category="Электрика", city="Тверь")
    since = time.monotonic()
    first = board.order(client, category="Электрика", city="Тверь")
    until(written, "the first message", 15)
    after = time.monotonic() - since
    expect_true(f"startapp=order_{first['id']}" in str(written()[0]), f"its link: {written()[0]}")
    expect_true(first["contact"] not in str(written()[0]), "it has the contact")
    until(lambda: board.browsers.to(browser), "the browser's message", 15)
    pushed = board.browsers.to(browser)[0]
    expect((pushed.fields.get("content-encoding"), pushed.fields.get("ttl"), pushed.fields.get("urgency")),
           ("aes128gcm", "600", "high"), "the push message's fields")
    expect((claims(pushed)["aud"], claims(pushed)["sub"]), (board.browsers.url, "mailto:office@example.com"), "who pushes")
    second = board.order(client, category="Электрика", city="Тверь")
    # Longer than the schedule takes to come round.
    time.sleep(17)
    expect(len(written()), 1, "messages within the quiet")
    pass_quiet = lambda: board.database.rows(
        f"update urgent.users set last_notified_at = last_notified_at - interval '5 minutes' where id = {executor.number}")
    pass_quiet()
    until(lambda: len(written()) > 1, "the digest", 17)
    digest = written()[1]["text"]
    expect_true(all(f"startapp=order_{o['id']}" in digest for o in (first, second)), f"the digest: {digest}")
    for order in (first, second):
        for taker in board.executors(3):
            expect_status(taker.post(f"/orders/{order['id']}/take"), 200)
    pass_quiet()
    time.sleep(17)
    expect(len(written()), 2, "messages in all")
    return f"the first after {after:.1f} s"


@scenario(40, "sockets hear what concerns them, without contacts")
def sockets(board):
    client, executor = board.somebody(), board.executor()
    expect_status(client.get("/users/me"), 200)
    guest, own = Conversation(board.stranger(board.b)), Conversation(executor)
    expect((guest.ready or {}).get("user_id", "none"), None, "who the stranger is")
    expect((own.ready or {}).get("user_id"), executor.number, "who the executor is")
    expect_true(guest.subscribe("orders", city="Москва"), "the stranger is not subscribed")
    made = board.order(client, category="Клининг")
    far = board.order(client, category="Клининг", city="Казань")
    created = [data for name, data in guest.events() if name == "order.created"]
    expect([o["id"] for o in created if o["id"] in (made["id"], far["id"])], [made["id"]], "orders told of")
    expect_true(all(o["contact"] is None for o in created), "an event has a contact")
    expect_status(executor.post(f"/orders/{made['id']}/take"), 200)
    told = guest.event("order.taken")
    expect((told or {}).get("id"), made["id"], "the take, by the other instance")
    expect(told["executor_count"], 1, "executors")
    # What he paid in before may be told now, too.
    changed = own.event("balance.updated")
    while changed and changed["reason"] == "recharge":
        changed = own.event("balance.updated")
    expect((changed or {}).get("balance"), 98, "the executor's balance")
    expect((changed["delta"], changed["reason"], balance(executor)), (-2, "order_take", 98), "what has moved it")
    expect_true("balance.updated" not in [name for name, _ in guest.events(0.5)], "the stranger hears a balance")
    own.say(type="subscribe", room=f"user:{client.number}")
    own.messages(2)
    expect(own.closed, 4403, "the close code")
    guest.close()
