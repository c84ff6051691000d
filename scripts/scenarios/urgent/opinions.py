"""Ratings, reviews and complaints, and the list of what one has taken: scenarios 26 to 31."""
from scenario import expect, expect_status, expect_true
from urgent.board import listed, read, refused, scenario


def rate(client, order, rating, **more):
    return client.post("/reviews/client", {"order_id": order["id"], "rating": rating, **more})


def complain(executor, order, reason="Не отвечал", **more):
    return executor.post("/reviews/executor", {"order_id": order["id"], "complaint": reason, **more})


def reviews(person, query=""):
    return expect_status(person.get("/reviews" + query), 200).json


@scenario(26, "a customer rates once, and the executor's mean follows")
def rating(board):
    client, executor = board.somebody(), board.executor()
    made = board.completed(client, executor)
    expect_true(expect_status(rate(client, made, 5), 200).json["review_id"] > 0, "review_id")
    refused(rate(client, made, 4), 409, "already_reviewed")
    mean = lambda: expect_status(executor.get("/users/me"), 200).json["rating"]
    expect(mean(), 5, "the executor's rating")
    expect(read(board.stranger(board.b), made)["rating"], 5, "the order's rating")
    for stars in (4, 4):
        expect_status(rate(client, board.completed(client, executor), stars), 200)
    expect(mean(), 4.3, "the rating of 5, 4 and 4")


@scenario(27, "what is no rating, and what may not be rated")
def no_rating(board):
    client, executor = board.somebody(), board.executor()
    made = board.completed(client, executor)
    for stars in (0, 6, 3.5, "5"):
        refused(rate(client, made, stars), 422, "validation_error")
    refused(rate(client, made, 5, comment="ж" * 501), 422, "validation_error")
    refused(rate(board.somebody(), made, 5), 404, "order_not_found")
    active = board.taken(client, executor)
    refused(rate(client, active, 5), 400, "order_not_finished")
    board.later(15, active)
    refused(rate(client, active, 5), 400, "order_not_finished")
    closed = board.taken(client, executor)
    expect_status(client.post(f"/orders/{closed['id']}/close"), 204)
    expect_status(rate(client, closed, 5, comment="ж" * 500), 200, what="after a manual close")


@scenario(28, "an executor complains once, in the five words there are")
def complaints(board):
    client, executor, stranger = board.somebody(), board.executor(), board.executor()
    made = board.taken(client, executor)
    refused(complain(executor, made, "Грубость"), 422, "validation_error")
    expect_true(expect_status(complain(executor, made), 200).json["complaint_id"] > 0, "complaint_id")
    refused(complain(executor, made, "Другое"), 409, "already_complained")
    refused(complain(stranger, made), 404, "not_taken_by_you")


@scenario(29, "reviews are public, contacts in them are not")
def public(board):
    client, other, executor = board.somebody("Вера"), board.somebody("Пётр"), board.executor()
    mine, theirs = board.completed(client, executor), board.completed(other, executor)
    foreign = board.completed(client, board.executor())
    for author, order, stars in ((client, mine, 5), (other, theirs, 3), (client, foreign, 4)):
        expect_status(rate(author, order, stars), 200)
    shown = reviews(board.stranger(), "?limit=100")
    expect_true(all(r["contact"] is None for r in shown), "a stranger sees a contact")
    names = {r["order_id"]: r["author_name"] for r in shown}
    expect((names.get(mine["id"]), names.get(theirs["id"])), ("Вера", "Пётр"), "the authors")
    refused(board.stranger().get("/reviews?mine=true"), 401)
    refused(board.stranger().get("/reviews?about_me=true"), 401)
    of = lambda person, query: {r["order_id"] for r in reviews(person, query)}
    expect(of(executor, "?mine=true"), {mine["id"], theirs["id"]}, "about the executor")
    expect(of(client, "?about_me=true"), {mine["id"], foreign["id"]}, "written by the customer")
    threes = reviews(board.stranger(), "?rating=3&limit=100")
    expect_true({r["rating"] for r in threes} == {3} and theirs["id"] in {r["order_id"] for r in threes}, "?rating=3")
    contact = lambda person: next(r["contact"] for r in reviews(person, "?limit=100") if r["order_id"] == mine["id"])
    expect((contact(executor), contact(client), contact(other)), (mine["contact"], mine["contact"], None), "the contact by reader")


@scenario(30, "everybody is told what he has said of an order")
def check(board):
    client, executor = board.somebody(), board.executor()
    made = board.completed(client, executor)
    said = lambda person: expect_status(person.get(f"/reviews/check?order_id={made['id']}"), 200).json
    for person in (client, executor):
        expect(said(person), {"submitted": False, "type": None}, "before")
    expect_status(rate(client, made, 5), 200)
    expect_status(complain(executor, made), 200)
    expect(said(client), {"submitted": True, "type": "review"}, "the customer's")
    expect(said(executor), {"submitted": True, "type": "complaint"}, "the executor's")
    refused(client.get("/reviews/check"), 422)


@scenario(31, "what an executor has taken stays first in his list")
def taken(board):
    client, executor, other = board.somebody(), board.executor(), board.executor()
    made = board.completed(client, executor)
    newer = board.order(client)
    mine = listed(executor)
    expect(mine[0], made["id"], "the first of his list")
    expect_true(newer["id"] in mine, "the active one is in it, too")
    for person in (other, board.stranger(board.b)):
        expect_true(made["id"] not in listed(person, "?limit=100"), "others see it")
    expect(listed(executor, "?taken_by_me=true"), [made["id"]], "?taken_by_me=true")
    refused(board.stranger().get("/orders?taken_by_me=true"), 401)
    expect(listed(board.stranger(), "?status=closed_no_response"), [], "a stranger's ?status=closed_no_response")
