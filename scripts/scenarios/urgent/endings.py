"""How orders end, and who gets his money back: scenarios 19 to 25."""
import signal, time

from scenario import expect, expect_status, expect_true, until
from urgent.board import balance, movements, read, refused, scenario


@scenario(19, "an order that nobody answers closes after 15 minutes, and everybody has his money back")
def unanswered(board):
    client, executors = board.somebody(), board.executors(3)
    made = board.order(client)
    board.later(10, made)
    for executor in executors:
        expect_status(executor.post(f"/orders/{made['id']}/take"), 200)
    board.later(14.9, made)
    expect(read(board.stranger(), made)["status"], "active", "a moment before")
    board.later(0.1, made)
    seen, since = read(board.stranger(board.b), made), time.monotonic()
    expect((seen["status"], seen["close_reason"], seen["seconds_left"]), ("closed_no_response", "no_response", 0), "at 25:00")
    until(lambda: all(balance(e) == 100 for e in executors), "the money is back", 10)
    took = time.monotonic() - since
    for executor in executors:
        expect([m for m in movements(executor) if m[0] == "refund"], [("refund", 2, 100)], "refunds")
    expect(len(board.booked(made, "refund")), 3, "refunds in the ledger")
    expect(board.database.value(f"select closed_at = no_response_at from urgent.orders where id = '{made['id']}'"), "t", "closed_at")
    refused(client.post(f"/orders/{made['id']}/respond"), 410, "order_not_active")
    return f"booked after {took:.1f} s"


@scenario(20, "an order that is answered lives its hour, and nobody has his money back")
def answered(board):
    client, (first, second) = board.somebody(), board.executors(2)
    made = board.order(client)
    board.later(10, made)
    expect_status(first.post(f"/orders/{made['id']}/take"), 200)
    board.later(10, made)
    expect_status(second.post(f"/orders/{made['id']}/take"), 200)
    board.later(4, made)
    expect_status(client.post(f"/orders/{made['id']}/respond"), 200)
    for minutes in (2, 10, 23.9):
        board.later(minutes, made)
        expect(read(board.stranger(), made)["status"], "active", "the order")
    board.later(0.1, made)
    expect(read(board.stranger(), made)["status"], "expired", "at 60:00")
    until(lambda: board.status(made) == "expired", "it is booked", 10)
    expect((balance(first), balance(second)), (98, 98), "balances")
    expect(board.booked(made, "refund"), [], "refunds")


@scenario(21, "an hour that ends before the answer is due gives the money back")
def late_take(board):
    client, executor = board.somebody(), board.executor()
    made = board.order(client)
    board.later(50, made)
    expect_status(executor.post(f"/orders/{made['id']}/take"), 200)
    board.later(10, made)
    expect(read(executor, made)["status"], "expired", "at 60:00")
    until(lambda: balance(executor) == 100, "the money is back", 10)
    expect(board.booked(made, "refund"), [(executor.number, 2)], "refunds")


@scenario(22, "an answer needs somebody to answer, once, by the customer")
def responding(board):
    client, executor = board.somebody(), board.executor()
    made = board.order(client)
    path = f"/orders/{made['id']}/respond"
    refused(client.post(path), 409, "no_executor")
    expect_status(executor.post(f"/orders/{made['id']}/take"), 200)
    refused(executor.post(path), 403, "not_order_client")
    # The client sends no body with it.
    done = expect_status(client.post(path, raw=b""), 200).json
    expect_true(done["customer_responded_at"] and done["contact"] == made["contact"], "the order after the answer")
    refused(client.at(board.b).post(path), 409, "already_responded")


@scenario(23, "a customer's own closing gives back what he has not answered")
def closing(board):
    client, executors = board.somebody(), board.executors(2)
    made = board.taken(client, *executors)
    path = f"/orders/{made['id']}/close"
    refused(executors[0].post(path), 403, "not_order_client")
    expect(expect_status(client.post(path), 204).body, b"", "the body")
    seen = read(client, made)
    expect((seen["status"], seen["close_reason"]), ("closed_no_response", "client_closed"), "the order")
    expect([balance(e) for e in executors], [100, 100], "balances")
    refused(client.post(path), 410, "order_not_active")
    made = board.taken(client, *executors)
    expect_status(client.post(f"/orders/{made['id']}/respond"), 200)
    expect_status(client.post(f"/orders/{made['id']}/close"), 204)
    expect([balance(e) for e in executors], [98, 98], "balances after an answer")
    untaken = board.order(client)
    refused(client.post(f"/orders/{untaken['id']}/close"), 409, "no_executor")


@scenario(24, "a completed order counts for all who had to do with it")
def completing(board):
    client, executors = board.somebody(), board.executors(2)
    counts = lambda person: [(p := expect_status(person.get("/users/me"), 200).json)["completed_orders"], p["active_orders"]]
    made = board.taken(client, *executors)
    everybody = [client, *executors]
    expect([counts(p) for p in everybody], [[0, 1]] * 3, "completed and active before")
    path = f"/orders/{made['id']}/complete"
    refused(client.post(path, {"executor_id": board.executor(0).number}), 422)
    done = expect_status(client.post(path, raw=b""), 200).json
    expect((done["status"], done["close_reason"]), ("completed", "completed"), "the order")
    expect([counts(p) for p in everybody], [[1, 0]] * 3, "completed and active afterwards")
    refused(client.post(path), 410, "order_not_active")
    expect([balance(e) for e in executors], [98, 98], "balances")
    untaken = board.order(client)
    refused(client.post(f"/orders/{untaken['id']}/complete"), 409, "no_executor")


@scenario(25, "of two clocks one is killed: the other ends every order once within ten seconds, and pays nobody twice")
def killed(board):
    database, count = board.cluster.make("killed"), 200
    named = lambda name: board.serve(database, DATABASE_URL=f"{database.url}&application_name={name}")
    first = named("first")
    executors = [board.somebody(server=first) for _ in range(2)]
    for executor in executors:
        expect_status(executor.post("/balance/recharge", {"amount": 100_000}), 200)
    client = board.somebody(server=first)
    expect_status(client.get("/users/me"), 200)
    database.rows(f"""
        insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, expires_at, takings_id)
        select 'killed' || lpad(i::text, 6, '0'), {client.number}, 'Другое', 'Захлопнулась дверь в квартиру', 'Омск', '@c' || i, '@c' || i,
               now() + interval '1 hour', (select id from payments.accounts where code = 'urgent.0' || (i % 10))
          from generate_series(1, {count}) i;
        select count(*) from urgent.orders o, unnest(array[{executors[0].number}, {executors[1].number}]) e,
               lateral urgent.take(o.id, e, 2, 3, interval '15 minutes', gen_random_uuid()) t;""")
    expect(database.count("select count(*) from urgent.executor_takes"), 2 * count, "takes")
    servers = {"first": first, "second": named("second")}
    closed = lambda: database.count("select count(*) from urgent.orders where status = 'closed_no_response'")
    # Each order takes a moment, so that the clock is met in the middle, and it is noted whose clock it is.
    database.rows("""
        create table public.clocks (name text);
        create function public.dawdle() returns trigger language plpgsql as $$
            begin perform pg_sleep(0.05); insert into public.clocks values (current_setting('application_name')); return new; end $$;
        create trigger acceptance before update of status on urgent.orders for each row execute function public.dawdle();
        begin;
        update urgent.orders set first_taken_at = now() - interval '15 minutes', no_response_at = now();
        update urgent.unanswered set due_at = now();
        commit;""")
    until(lambda: closed() >= 10, "the clock has begun", 10, 0.01)
    running = database.value("select name from public.clocks order by ctid desc limit 1")
    servers[running].process.send_signal(signal.SIGKILL)
    servers[running].process.wait()
    since, met = time.monotonic(), closed()
    database.rows("drop trigger acceptance on urgent.orders")
    expect_true(met < count, f"the clock was done with all {met} before it was killed")
    until(lambda: closed() == count, "all are closed", 10, 0.05)
    took = time.monotonic() - since
    expect(database.count("select count(*) from urgent.executor_takes where refunded_at is not null"), 2 * count, "takes paid back")
    expect(database.count("select count(*) from payments.transactions where kind = 'urgent_refund'"), 2 * count, "refunds")
    other = next(server for name, server in servers.items() if name != running)
    expect([balance(e.at(other)) for e in executors], [100_000] * 2, "balances")
    expect(other.stop(), 0, "the exit code")
    return f"killed after {met} of {count}, the other done {took:.1f} s later"
