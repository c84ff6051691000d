"""Taking orders, which is the board's money: scenarios 13 to 18."""
from scenario import at_once, expect, expect_status, expect_true, statuses
from urgent.board import balance, movements, read, refused, scenario


@scenario(13, "an executor pays two roubles and sees the contact; nobody else does")
def taking(board):
    client, executor, other = board.somebody(), board.executor(), board.executor()
    made = board.order(client)
    took = expect_status(executor.post(f"/orders/{made['id']}/take"), 200).json
    expect({k: took[k] for k in ("success", "contact", "executor_count", "new_balance")},
           {"success": True, "contact": made["contact"], "executor_count": 1, "new_balance": 98}, "the take")
    expect(movements(executor)[0], ("order_take", -2, 98), "the ledger")
    expect(read(executor, made)["contact"], made["contact"], "the contact for the executor")
    expect(read(other, made)["contact"], None, "the contact for another")
    seen = read(board.stranger(board.b), made)
    expect((seen["contact"], [t["executor_id"] for t in seen["taken_by"]]), (None, [0]), "for a stranger")
    expect([t["executor_id"] for t in read(client, made)["taken_by"]], [executor.number], "for its customer")


@scenario(14, "taken again it costs nothing, whatever has become of it")
def again(board):
    client, executor = board.somebody(), board.executor()
    made = board.taken(client, executor)

    def repeat(server):
        took = expect_status(executor.at(server).post(f"/orders/{made['id']}/take"), 200).json
        expect((took["contact"], took["executor_count"], took["new_balance"]), (made["contact"], 1, 98), "the take again")
    repeat(board.b)
    expect([a.status for a in at_once(*[lambda: executor.post(f"/orders/{made['id']}/take")] * 5)], [200] * 5, "five at once")
    expect_status(client.post(f"/orders/{made['id']}/complete"), 200)
    repeat(board.a)
    expect(board.booked(made, "take"), [(executor.number, -2)], "the ledger")


@scenario(15, "three executors take an order; for the fourth it is full before it is dear")
def full(board):
    client, executors = board.somebody(), board.executors(3)
    made = board.taken(client, *executors)
    for money in (100, 1):
        fourth = board.executor(money)
        refused(fourth.post(f"/orders/{made['id']}/take"), 409, "max_executors")
        expect(balance(fourth), money, "the fourth's balance")
    expect(len(read(client, made)["taken_by"]), 3, "takes")


@scenario(16, "who cannot take an order, and why")
def refusals(board):
    client, poor, rich = board.somebody(), board.executor(1), board.executor()
    made = board.order(client)
    path = f"/orders/{made['id']}/take"
    refused(poor.post(path), 402, "insufficient_balance")
    expect((balance(poor), read(client, made)["taken_by"]), (1, []), "what has changed")
    refused(client.post(path), 403, "own_order")
    refused(rich.post("/orders/Ab3_-xYz09Qw/take"), 404, "order_not_found")
    refused(board.stranger().post(path), 401, "not_authenticated")
    board.later(60, made)
    refused(rich.post(path), 410, "order_not_active")
    expect(balance(rich), 100, "the balance of who came too late")


@scenario(17, "of ten executors at once three take it")
def ten(board):
    client, executors = board.somebody(), board.executors(10)
    made = board.order(client)
    path = f"/orders/{made['id']}/take"
    answers = at_once(*[lambda e=e, n=n: e.at(board.a if n % 2 else board.b).post(path) for n, e in enumerate(executors)])
    expect(statuses(answers), [200] * 3 + [409] * 7, "the answers")
    expect_true(all(a.code == "max_executors" for a in answers if a.status == 409), "what the others are told")
    expect(sum(balance(e) for e in executors), 1000 - 6, "what all have")
    expect(len(board.booked(made, "take")), 3, "takes in the ledger")
    expect(sorted(a.json["executor_count"] for a in answers if a.status == 200), [1, 2, 3], "their places")


@scenario(18, "two roubles take one of two orders at once")
def last_money(board):
    for _ in range(5):
        client, executor = board.somebody(), board.executor(2)
        orders = [board.order(client), board.order(client)]
        answers = at_once(*[lambda o=o, s=s: executor.at(s).post(f"/orders/{o['id']}/take")
                            for o, s in zip(orders, (board.a, board.b))])
        expect(statuses(answers), [200, 402], "the answers")
        expect(balance(executor), 0, "the balance")
