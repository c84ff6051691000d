"""What staff may do: scenarios 41 and 42."""
from scenario import at_once, expect, expect_status, expect_true, statuses
from urgent.board import balance, movements, refused, scenario
from urgent.opinions import complain, rate, reviews

WHY = {"reason": "проверка"}


@scenario(41, "a moderator hides a review; money is the administrators' business")
def moderation(board):
    client, executor, moderator, admin = board.somebody(), board.executor(), board.staff("moderator"), board.staff()
    reviewed = expect_status(rate(client, board.completed(client, executor), 1), 200).json["review_id"]
    expect_status(rate(client, board.completed(client, executor), 5), 200)
    mean = lambda: expect_status(executor.get("/users/me"), 200).json["rating"]
    expect(mean(), 3, "the rating")
    refused(moderator.post(f"/admin/reviews/{reviewed}/hide", {}), 422)
    expect_status(moderator.post(f"/admin/reviews/{reviewed}/hide", WHY), 200)
    refused(moderator.post(f"/admin/reviews/{reviewed}/hide", WHY), 409, "already_done")
    expect(mean(), 5, "the rating afterwards")
    expect_true(reviewed not in [r["id"] for r in reviews(board.stranger(board.b), "?limit=100")], "the review is listed")
    trail = expect_status(admin.get("/admin/audit-log?limit=100"), 200).json["items"]
    row = [r for r in trail if r["entity_id"] == str(reviewed) and r["actor_id"] == moderator.number]
    expect([r["reason"] for r in row], ["проверка"], "the trail")
    for method, path in (("GET", "stats"), ("GET", "orders"), ("GET", "reviews"), ("GET", "complaints"), ("GET", "users"), ("GET", "payments"),
                         ("GET", "transactions"), ("GET", "audit-log"), ("POST", f"reviews/{reviewed}/restore"),
                         ("POST", f"users/{client.number}/block"), ("POST", f"users/{client.number}/balance")):
        body = {**WHY, "amount": 1} if method == "POST" else None
        refused(executor.ask(method, "/admin/" + path, body), 403, "staff_only")
        refused(board.stranger().ask(method, "/admin/" + path, body), 401, "not_authenticated")
    adjust = lambda who, amount: who.post(f"/admin/users/{executor.number}/balance", {**WHY, "amount": amount})
    refused(adjust(moderator, 5), 403, "staff_only")
    had = balance(executor)
    refused(adjust(admin, -200), 409, "insufficient_balance")
    expect_status(adjust(admin, 5), 200)
    expect(movements(executor)[0], ("adjustment", 5, had + 5), "the ledger")


@scenario(42, "a complaint that is accepted gives the money back, once")
def accepting(board):
    client, executor, admin, moderator = board.somebody(), board.executor(), board.staff(), board.staff("moderator")
    made = board.completed(client, executor)
    complaint = expect_status(complain(executor, made), 200).json["complaint_id"]
    body = {"decision": "accepted", "refund": True, **WHY}
    answers = at_once(*[lambda who=who, s=s: who.at(s).post(f"/admin/complaints/{complaint}/resolve", body)
                        for who, s in ((admin, board.a), (moderator, board.b))])
    expect(statuses(answers), [200, 409], "decided by two at once")
    expect(balance(executor), 100, "the balance")
    refused(admin.post(f"/admin/complaints/{complaint}/resolve", body), 409, "already_done")
    refused(admin.post(f"/admin/orders/{made['id']}/refund", WHY), 409, "already_done")
    expect(board.booked(made, "refund"), [(executor.number, 2)], "refunds")
