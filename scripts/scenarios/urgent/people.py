"""Who calls: scenarios 1 to 5."""
import json, math, time, urllib.parse

from messengers import init_data
from scenario import at_once, expect, expect_status, expect_true
from urgent.app import App
from urgent.board import refused, scenario
from urgent.bot import BotAPI

# Section 5.1's, signed by the bot's token on 2026-02-02.
VECTOR = ("query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22%D0%92%D0%B5%D1%80%D0%B0%22%2C"
          "%22last_name%22%3A%22%22%2C%22username%22%3A%22vera_test%22%2C%22language_code%22%3A%22ru%22%2C%22allows_write_to_pm%22"
          "%3Atrue%7D&auth_date=1770000000&start_param=order_Ab3_-xYz09Qw&signature=V56OYCYIQaWN1MD7avNHn-hlIGoqoSccd5kQkM3zQa0X6SM"
          "fFKrUX9GX1gU5CoaqUh3aFPR5_otqYa-0ThnhBg&hash=641005525fe38e8a79e2092620429314b87a01d3ffb5a201ff99a7471423276a")


@scenario(1, "a stranger sees an empty board that is well")
def empty(board):
    server = board.serve(board.cluster.make("empty"))
    guest = board.stranger(server)
    expect(expect_status(guest.get("/orders"), 200).json, {"orders": [], "total": 0}, "GET /orders")
    health = expect_status(board.guest(server).get("/health"), 200).json
    expect(health.get("status"), "healthy", "GET /health")


@scenario(2, "the contract's own init data prove their user; one digit changed, nobody")
def vector(board):
    # It is old by now, which is judged after its hash; the same user signed today is let in.
    refused(App(board.a, VECTOR, board.address()).get("/users/me"), 401, "init_data_expired")
    for place in (-1, -64):
        digits = list(VECTOR)
        digits[place] = "0" if digits[place] != "0" else "1"
        refused(App(board.a, "".join(digits), board.address()).get("/users/me"), 401, "invalid_init_data")
    fields = dict(urllib.parse.parse_qsl(VECTOR))
    today = init_data(BotAPI.TOKEN, more=[(k, fields[k]) for k in ("start_param", "signature")], **json.loads(fields["user"]))
    me = expect_status(App(board.a, today, board.address()).get("/users/me"), 200).json
    expect({k: me[k] for k in ("id", "first_name", "last_name", "username", "balance", "rating")},
           {"id": 279058397, "first_name": "Вера", "last_name": None, "username": "vera_test", "balance": 0, "rating": 0}, "the profile")


@scenario(3, "old init data, those of the future and none are told apart")
def ages(board):
    def call(age):
        data = init_data(BotAPI.TOKEN, age=age, id=10**9 + next(board.numbers), first_name="Вера")
        return App(board.a, data, board.address()).get("/users/me")
    expect_status(call(86_390), 200, what="86 390 s ago")
    refused(call(86_401), 401, "init_data_expired")
    expect_status(call(-290), 200, what="290 s ahead")
    refused(call(-math.ceil(301 + time.time() % 1)), 401, "invalid_init_data")
    for answer in (refused(board.stranger().get("/users/me"), 401, "not_authenticated"), call(90_000)):
        expect(answer.field("WWW-Authenticate"), "Bearer", "WWW-Authenticate")


@scenario(4, "every field of init data counts, once, under our own bot's key")
def fields(board):
    def call(**how):
        token = how.pop("token", BotAPI.TOKEN)
        return App(board.a, init_data(token, id=10**9 + next(board.numbers), first_name="Вера", **how), board.address()).get("/users/me")
    expect_status(call(more=[("start_param", "")]), 200, what="with an empty field")
    expect_status(call(more=[("new_of_2027", "x"), ("chat_type", "private")]), 200, what="with a field that nobody knows")
    refused(call(doubled=True), 401, "invalid_init_data")
    refused(call(token="7000000002:AAExampleTokenOfAnotherBot00000000"), 401, "invalid_init_data")
    for text in ("mock_init_data_for_development", "user=%7B%22id%22%3A1%7D&auth_date=1&hash=mock_hash", "a" * 9000, "x"):
        refused(App(board.a, text, board.address()).get("/users/me"), 401, "invalid_init_data")
    # Where nobody has to be known, a bad proof is a stranger's.
    expect_status(App(board.a, "mock_init_data_for_development", board.address()).get("/orders"), 200)


@scenario(5, "somebody's first twenty requests at once make one row")
def first(board):
    new = board.somebody()
    at = lambda n: new.at(board.a if n % 2 else board.b)
    paths = ["/users/me", "/balance", "/users/me/preferences", "/orders?mine=true"]
    answers = at_once(*[lambda n=n: at(n).get(paths[n % 4]) for n in range(20)])
    expect([a.status for a in answers], [200] * 20, "the answers")
    expect(board.database.count(f"select count(*) from urgent.users where id = {new.number}"), 1, "rows")
    expect_true(all(a.json["id"] == new.number for a in answers[::4]), "the profiles are his")
