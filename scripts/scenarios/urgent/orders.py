"""Making, changing and deleting orders: scenarios 6 to 12."""
from scenario import expect, expect_status, expect_true
from urgent.board import listed, read, refused, scenario


@scenario(6, "a valid order is there at once, its contact for its customer alone")
def making(board):
    client = board.somebody()
    wish = board.wish()
    made = expect_status(client.post("/orders", {**wish, "unknown_member": 1}), 201).json
    wanted = {"status": "active", "contact": wish["contact"], "city_locked": True, "expires_in_minutes": 60, "taken_by": [],
              "category": "Сантехника", "city": "Москва", "is_mine": True, "customer_responded_at": None, "rating": None}
    expect({k: made[k] for k in wanted}, wanted, "the order")
    expect(len(made["id"]), 12, "characters of its id")
    for server in (board.a, board.b):
        shown = expect_status(board.stranger(server).get("/orders?limit=100"), 200).json["orders"]
        mine = [o for o in shown if o["id"] == made["id"]]
        expect([o["contact"] for o in mine], [None], "the contact in the list")
        expect_true(all(o["contact"] is None for o in shown), "no list has a contact")
    expect(read(client, made)["contact"], wish["contact"], "the contact for its customer")


@scenario(7, "a description has 20 to 1000 characters")
def descriptions(board):
    client = board.somebody()
    for text, status in (("ж" * 19, 422), ("ж" * 20, 201), ("ж" * 1000, 201), ("ж" * 1001, 422), (" " * 25, 422), ("  " + "ж" * 19, 422)):
        answer = client.post("/orders", board.wish(description=text))
        expect_status(answer, status, what=f"{len(text)} characters")
        if status == 422:
            problem = refused(answer, 422, "validation_error").json
            expect(problem["errors"][0]["loc"], ["body", "description"], "the place of the mistake")


@scenario(8, "category, town and contact are those there are")
def values(board):
    client = board.somebody()
    post = lambda **changed: client.post("/orders", board.wish(**changed))
    refused(post(category="Ремонт"), 422, "validation_error")
    refused(post(city="Лондон"), 422, "validation_error")
    expect(expect_status(post(city="артем"), 201).json["city"], "Артём", "the town's spelling")
    for contact, status in (("ab", 422), ("@abcd", 422), ("@abcde", 201), ("8 (900) 123-45-67", 201), ("Viber: 099 123 4567", 422),
                            ("https://t.me/somebody_1", 201), ("+7 700 123-45-67", 422)):
        answer = post(contact=contact)
        expect_status(answer, status, what=f"contact {contact}")
        if status == 201:
            expect(answer.json["contact"], contact, "the contact as it was typed")
            expect_status(client.delete(f"/orders/{answer.json['id']}"), 204)
        else:
            refused(answer, 422, "validation_error")
    free = board.serve(CONTACT_VALIDATION="free")
    expect_status(client.at(free).post("/orders", board.wish(contact="Viber: 099 123 4567")), 201, what="in free mode")


@scenario(9, "a contact has one active order, however it is spelt")
def contacts(board):
    executor, digits = board.executor(), board.phone().replace(" ", "").replace("-", "")
    spelt = [f"+7 {digits[2:5]} {digits[5:8]}-{digits[8:10]}-{digits[10:]}", "8" + digits[2:], f"7 ({digits[2:5]}) {digits[5:]}"]
    owner = board.somebody()
    active = board.order(owner, contact=spelt[0])

    def busy_then_free(end, client):
        for other in (board.a, board.b):
            refused(board.somebody(server=other).post("/orders", board.wish(contact=spelt[1])), 409, "contact_busy")
        end(client, f"/orders/{active['id']}")
        following = board.somebody()
        return following, expect_status(following.post("/orders", board.wish(contact=spelt[2])), 201).json

    take = lambda path: expect_status(executor.post(path + "/take"), 200)
    ends = [lambda client, path: expect_status(client.delete(path), 204), lambda client, path: board.later(61, active),
            lambda client, path: (take(path), expect_status(client.post(path + "/close"), 204)),
            lambda client, path: (take(path), expect_status(client.post(path + "/complete"), 200))]
    for end in ends:
        owner, active = busy_then_free(end, owner)
    # Also where it is changed.
    other = board.somebody()
    changed = board.order(other)
    refused(other.put(f"/orders/{changed['id']}", {"contact": spelt[1]}), 409, "contact_busy")


@scenario(10, "ten orders within an hour, deleted ones too; the eleventh an hour after the first")
def hourly(board):
    client = board.somebody()
    made = [board.order(client) for _ in range(10)]
    for order in made[:3]:
        expect_status(client.delete(f"/orders/{order['id']}"), 204)
    answer = refused(client.at(board.b).post("/orders", board.wish()), 429, "rate_limited")
    expect_true(3500 <= int(answer.field("Retry-After")) <= 3600, f"Retry-After: {answer.field('Retry-After')}")
    board.later(59, made[0])
    answer = refused(client.post("/orders", board.wish()), 429, "rate_limited")
    expect_true(1 <= int(answer.field("Retry-After")) <= 60, f"Retry-After: {answer.field('Retry-After')}")
    board.later(1, made[0])
    expect_status(client.post("/orders", board.wish()), 201, what="60 minutes after the first")
    refused(client.post("/orders", board.wish()), 429, "rate_limited")


@scenario(11, "an order is changed by its customer, until it is taken or over, and never its town")
def changing(board):
    client, stranger, executor = board.somebody(), board.somebody(), board.executor()
    made = board.order(client)
    board.later(30, made)
    before = read(client, made)
    path, change = f"/orders/{made['id']}", {"description": "Кран сорвало, вода льётся на пол", "city": "Казань"}
    after = expect_status(client.put(path, change), 200).json
    expect((after["description"], after["city"]), (change["description"], "Москва"), "what has changed and what not")
    expect((after["created_at"], after["expires_at"]), (before["created_at"], before["expires_at"]), "its times")
    expect_status(client.put(path, {}), 200)
    refused(stranger.put(path, change), 404, "order_not_found")
    refused(board.stranger().put(path, change), 401, "not_authenticated")
    expect_status(executor.post(path + "/take"), 200)
    refused(client.put(path, change), 403, "order_taken")
    old = board.order(client)
    board.later(60, old)
    refused(client.put(f"/orders/{old['id']}", change), 410, "order_not_active")


@scenario(12, "a deleted order is its customer's alone, and deleted once")
def deleting(board):
    client, stranger, executor = board.somebody(), board.somebody(), board.executor()
    made = board.order(client)
    path = f"/orders/{made['id']}"
    refused(stranger.delete(path), 404, "order_not_found")
    answer = expect_status(client.delete(path), 204)
    expect(answer.body, b"", "the body")
    refused(stranger.get(path), 404, "order_not_found")
    refused(board.stranger().get(path), 404, "order_not_found")
    expect(read(client, made)["status"], "deleted", "for its customer")
    expect_true(made["id"] not in listed(client, "?mine=true&limit=100"), "it is in ?mine=true")
    expect_true(made["id"] in listed(client, "?mine=true&status=deleted"), "it is not in ?mine=true&status=deleted")
    expect_true(made["id"] not in listed(board.stranger(), "?limit=100"), "strangers see it in the list")
    refused(client.delete(path), 404, "order_not_found")
    refused(executor.post(path + "/take"), 404, "order_not_found")
    taken = board.taken(client, executor)
    refused(client.delete(f"/orders/{taken['id']}"), 403, "order_taken")
