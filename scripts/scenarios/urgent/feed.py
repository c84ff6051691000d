"""The list by distance and under load, and the books of all: scenarios 43 to 45."""
import threading, time

from scenario import expect, expect_status, expect_true
from urgent.board import refused, scenario


@scenario(43, "orders near by are found, and not where exactly they are")
def near(board):
    client, north = board.somebody(), 1 / 111.19  # degrees of latitude to a kilometre
    place = (48.7 + next(board.numbers) % 100 / 1000, 44.5)
    made = [board.order(client, city="Волгоград", latitude=place[0] + km * north, longitude=place[1]) for km in (4.2, 1.1, 7, 2.3)]
    nowhere = board.order(client, city="Волгоград")
    query = f"/orders?lat={place[0]}&lng={place[1]}&radius_km=5&sort=distance"
    found = expect_status(board.stranger().get(query), 200).json["orders"]
    ours = [o for o in found if o["id"] in {m["id"] for m in [*made, nowhere]}]
    expect([o["id"] for o in ours], [made[1]["id"], made[3]["id"], made[0]["id"]], "within 5 km, the nearest first")
    distances = [o["distance_km"] for o in found]
    expect_true(all(d * 2 == int(d * 2) for d in distances) and distances == sorted(distances), f"distances: {distances}")
    expect_true(all("latitude" not in o or o["latitude"] is None for o in found), "a stranger sees where it is")
    refused(board.stranger().get(f"/orders?lat={place[0]}"), 422, "validation_error")
    refused(board.stranger().get("/orders?sort=distance"), 422, "validation_error")
    refused(board.stranger().get(query.replace("radius_km=5", "radius_km=201")), 422, "validation_error")


@scenario(44, "a thousand strangers read a list of ten thousand orders")
def load(board):
    database = board.cluster.make("many")
    server = board.serve(database)
    client = board.somebody(server=server)
    expect_status(client.get("/users/me"), 200)
    database.rows(f"""
        insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, expires_at, takings_id)
        select 'many' || lpad(i::text, 8, '0'), {client.number}, 'Другое', 'Захлопнулась дверь в квартиру', 'Омск', '@c' || i, '@c' || i,
               now() + interval '1 hour', (select id from payments.accounts where code = 'urgent.0' || (i % 10))
          from generate_series(1, 10000) i;
        analyze urgent.orders;""")
    guest, took, wrong = board.stranger(server), [], []
    total = expect_status(guest.get("/orders"), 200).json["total"]
    expect(total, 10_000, "the total")

    def read():
        for _ in range(100):
            since = time.monotonic()
            answer = guest.get("/orders")
            took.append(time.monotonic() - since)
            if answer.status != 200 or len(answer.json["orders"]) != 50:
                wrong.append(answer.status)
    threads = [threading.Thread(target=read) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect((len(took), wrong), (1000, []), "answers, and those that were not 200")
    mean = sum(took) / len(took)
    expect_true(mean < 0.2, f"on average {mean * 1000:.0f} ms")
    return f"on average {mean * 1000:.1f} ms, at most {max(took) * 1000:.0f} ms"


@scenario(45, "every balance is the sum of what moved it, and never below nothing")
def books(board):
    client, executor = board.somebody(), board.executor()
    board.taken(client, executor)
    people = board.database.count("select count(*) from urgent.users")
    check = lambda text, what: expect(board.database.rows(text), [], what)
    check("""select u.id, a.balance, s.amount from urgent.users u join payments.accounts a on a.id = u.wallet_id
              left join lateral (select sum(e.amount) as amount from payments.entries e where e.account_id = a.id) s on true
             where a.balance <> coalesce(s.amount, 0) or a.balance < 0""", "balances that are not the sum of their movements")
    check("""select u.id, a.balance, e.balance_after from urgent.users u join payments.accounts a on a.id = u.wallet_id
               join lateral (select e.balance_after from payments.entries e where e.account_id = a.id order by e.id desc limit 1) e on true
             where e.balance_after <> a.balance""", "newest balance_after that are not the balance")
    check("select unit, sum(balance) from payments.accounts group by unit having sum(balance) <> 0", "currencies that do not sum to nothing")
    check("select id from urgent.orders o where takes_count > 3 or takes_count <> "
          "(select count(*) from urgent.executor_takes t where t.order_id = o.id)", "orders with too many takes")
    check("select id from urgent.executor_takes where refunded_at is not null and cost > 0 and refund_id is null", "refunds without money")
    check("""select order_id, executor_id from urgent.executor_takes t where 1 <>
             (select count(*) from payments.transactions x where x.idempotency_key = 'urgent:take:' || t.order_id || ':' || t.executor_id)""",
          "takes that were not paid once")
    # The same by the list that its owner sees.
    rows = expect_status(executor.get("/balance/transactions?limit=100"), 200).json["transactions"]
    expect((sum(r["amount"] for r in rows), rows[0]["balance_after"]), (98, 98), "by the executor's own list")
    orders = board.database.count("select count(*) from urgent.orders")
    return f"{people} people, {orders} orders"
