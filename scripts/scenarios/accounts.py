"""Who somebody is, and how long: scenarios 1 to 10."""
import base64, hashlib, hmac, json, random, re, time

from messengers import flat, init_data
from scenario import at_once, expect, expect_status, expect_true, scenario, statuses, until
from stage import ADMIN, API, PASSWORD
from websocket import Plain
from wire import Caller

ME = API + "/users/me"


@scenario(1, "the administrator of a fresh machine signs in; production refuses his password")
def first_start(stage):
    answer = expect_status(stage.guest().post(API + "/auth/admin/login", {"email": ADMIN[0], "password": ADMIN[1]}), 200)
    for member in ("user", "accessToken", "refreshToken"):
        expect_true(answer.data.get(member), f"{member} is missing")
    expect(answer.data["expiresIn"], 900, "expiresIn")

    production = stage.instance(
        stage.cluster.make("production"), ENVIRONMENT="production", PUBLIC_URL="https://example.com", CODE_PEPPER="6d" * 32,
        CORS_ORIGINS="https://example.com", BOOTSTRAP_ADMIN_EMAIL=ADMIN[0], BOOTSTRAP_ADMIN_PASSWORD=ADMIN[1],
        WEBHOOK_PRIVATE_NETWORKS=None)
    production.start(waits=False)
    expect_true(production.process.wait(30) != 0, "production starts with the seed's password")
    expect_true("BOOTSTRAP_ADMIN_PASSWORD" in production.written(), f"refused for another reason: {production.written()[-300:]}")


@scenario(2, "five wrong passwords lock the address of the client, not the account")
def wrong_passwords(stage):
    _, signed = stage.person()
    credentials = {"email": signed["user"]["email"], "password": PASSWORD}
    here = stage.guest()
    for _ in range(5):
        expect_status(here.post(API + "/auth/login", {**credentials, "password": "Wrong-2026"}), 401, "invalid_credentials")
    locked = expect_status(here.post(API + "/auth/login", credentials), 429, "too_many_attempts")
    expect_true(int(locked.field("retry-after") or 0) > 0, "no Retry-After")
    expect_status(stage.guest().post(API + "/auth/login", credentials), 200, what="from another address")


@scenario(3, "a refresh token used twice at once has one successor; used again later it ends the sign-in")
def refreshing(stage):
    caller, signed = stage.person()
    here = stage.guest()
    use = lambda token: here.post(API + "/auth/refresh", {"refreshToken": token})
    first, second = at_once(lambda: use(signed["refreshToken"]), lambda: use(signed["refreshToken"]))
    if statuses([first, second]) != [200, 200]:
        expect(f"{first.status} {first.text} {second.status} {second.text}", "200 200", "twice within ten seconds")
    expect(first.data["refreshToken"], second.data["refreshToken"], "the successor")
    time.sleep(11)
    expect_status(use(signed["refreshToken"]), 401, "token_invalid", "after 11 s")
    expect_status(use(first.data["refreshToken"]), 401, "token_invalid", "the newest token then")


@scenario(4, "signing out holds on another instance within a second, and closes its sockets")
def signing_out(stage):
    caller, signed = stage.person()
    elsewhere = caller.at(stage.b)
    expect_status(elsewhere.get(ME), 200)
    socket = Plain(stage.b, signed["accessToken"])
    expect_true(socket.hear("ready"), "the socket is not ready")
    expect_status(caller.post(API + "/auth/logout", {}), 200)
    begun = time.monotonic()
    until(lambda: elsewhere.get(ME).status == 401, "401 on the other instance", 1)
    after = time.monotonic() - begun
    while socket.hear(seconds=2):
        pass
    expect(socket.closed, 4401, "how the socket closed")
    nobody = expect_status(stage.guest().post(API + "/auth/logout", {}), 200)
    expect(nobody.data["revoked"], 0, "revoked, without a token")
    return f"after {after * 1000:.0f} ms"


@scenario(5, "a token without a signature, signed by a public key, or expired for 31 s is refused")
def bad_tokens(stage):
    # From an instance whose tokens hold a minute; they are the same family's as everybody's.
    short = short_token_of(stage)
    caller, signed = stage.person()
    head, body, _ = signed["accessToken"].split(".")
    nothing = flat(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    for signature in ("", flat(b"x" * 64)):
        expect_status(Caller(stage.a, f"{nothing}.{body}.{signature}").get(ME), 401, what="alg none")
    keys = stage.guest().get("/.well-known/jwks.json").json["keys"]
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    jwk = next(k for k in keys if k["kid"] == kid)
    point = b"\x04" + b"".join(base64.urlsafe_b64decode(jwk[axis] + "=") for axis in "xy")
    spki = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + point
    pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(spki).replace(b"\n", b"\n") + b"-----END PUBLIC KEY-----\n"
    symmetric = flat(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    for key in (pem, spki, point, json.dumps(jwk).encode()):
        code = flat(hmac.new(key, f"{symmetric}.{body}".encode(), hashlib.sha256).digest())
        expect_status(Caller(stage.a, f"{symmetric}.{body}.{code}").get(ME), 401, what="HS256 by the public key")
    expect_status(caller.get(ME), 200, what="the token itself")
    token, expires = short
    time.sleep(max(0, expires + 25 - time.time()))
    if time.time() < expires + 29:
        expect_status(Caller(stage.a, token).get(ME), 200, what="expired for less than 30 s")
    time.sleep(max(0, expires + 31 - time.time()))
    expect_status(Caller(stage.a, token).get(ME), 401, what="expired for 31 s")


def short_token_of(stage):
    """Asked for at the beginning, so that it has expired when its time comes."""
    return stage.once("short token", lambda: short_token(stage))


def short_token(stage):
    instance = stage.serve(ACCESS_TOKEN_MINUTES="1", WORKERS="false")
    _, signed = stage.person(instance)
    claims = json.loads(base64.urlsafe_b64decode(signed["accessToken"].split(".")[1] + "=="))
    return signed["accessToken"], claims["exp"]


@scenario(6, "nobody gives a rank above his own, and the last super administrator stays")
def ranks(stage):
    admin, _ = stage.staff("admin")
    expect_status(admin.post(API + "/admin/users", {
        "email": f"climber{stage.unique()}@example.com", "firstName": "C", "role": "super_admin", "password": PASSWORD}), 403)
    chief = stage.admin()
    me = chief.get(ME).data["id"]
    expect_status(chief.delete(f"{API}/admin/users/{me}"), 409, "last_super_admin")


@scenario(7, "staff's pages are for staff")
def strangers(stage):
    caller, _ = stage.person()
    for path in (API + "/admin/users", API + "/audit-logs", "/admin/queue-management/stats"):
        expect_status(caller.get(path), 403)
        expect_status(stage.guest().get(path), 401)


@scenario(8, "a code counts once, is locked after three wrong ones, and comes again after a minute")
def codes(stage):
    def asked():
        phone = f"+4915{random.randrange(10**9, 10**10 - 1)}"
        expect_status(stage.guest().post(API + "/auth/codes", {"phone": phone}), 202)
        text = until(lambda: stage.texts.to(phone), "the code's message")[-1]["text"]
        return phone, re.search(r"\d{6}", text).group()
    verify = lambda phone, code: stage.guest().post(API + "/auth/codes/verify", {"phone": phone, "code": code, "firstName": "Cody"})
    phone, code = asked()
    expect(statuses(at_once(*[lambda: verify(phone, code)] * 10)), [200] + [401] * 9, "one code in ten requests at once")
    phone, code = asked()
    expect_status(stage.guest().post(API + "/auth/codes", {"phone": phone}), 429, "code_too_soon")
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(3):
        expect_status(verify(phone, wrong), 401, "code_invalid")
    expect_status(verify(phone, code), 429, "code_locked")


@scenario(9, "init data of Telegram sign in while they are genuine and a day old at most")
def telegram(stage):
    token = stage.telegram.TOKEN
    sign_in = lambda data: stage.guest().post(API + "/auth/telegram", {"initData": data, "bot": "condo"})
    user = {"id": random.randrange(10**8, 10**9), "first_name": "Tanya", "language_code": "ru"}
    good = init_data(token, **user)
    expect_status(sign_in(good), 200)
    flipped = good[:-1] + ("0" if good[-1] != "0" else "1")
    expect_status(sign_in(flipped), 401, "init_data_invalid", "a flipped digit")
    expect_status(sign_in(init_data(token, age=86_401, **user)), 401, "init_data_expired")
    expect_status(sign_in(init_data(token, doubled=True, **user)), 401, "init_data_invalid", "a doubled key")


@scenario(10, "twenty first requests with one Clerk token at once make one user")
def clerk(stage):
    token = stage.clerk.token(f"user_{stage.unique()}")
    answers = at_once(*[lambda: Caller(stage.a, token).get(ME)] * 10, *[lambda: Caller(stage.b, token).get(ME)] * 10)
    expect(statuses(answers), [200] * 20, "the answers")
    expect(len({a.data["id"] for a in answers}), 1, "users")
