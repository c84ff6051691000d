"""What is kept and shown: cache, files, tickets, settings, audit trail, webhooks out: scenarios 34, 36 to 38, 43 and 44."""
import base64, hashlib, hmac, json, struct, time, zlib

from scenario import at_once, expect, expect_status, expect_true, scenario, until
from service import Service
from stage import API


@scenario(34, "a cached list comes from memory until it changes, and then from nowhere's memory")
def cache(stage):
    editor, _ = stage.staff("content_manager")
    write = lambda text: expect_status(editor.post(API + "/admin/content/faqs", {
        "question": text, "answer": "Yes.", "category": "acceptance", "status": "active"}), 201)
    listed = API + "/content/faqs?category=acceptance"
    first, second = f"Is it {stage.unique()}?", f"Or {stage.unique()}?"
    write(first)
    time.sleep(1)
    for server in (stage.a, stage.b):
        expect([stage.guest(server).get(listed).field("x-cache") for _ in range(2)], ["MISS", "HIT"], "X-Cache of two equal GETs")
    write(second)
    after = stage.guest().get(listed)
    expect((after.field("x-cache"), second in after.text), ("MISS", True), "after the write")
    until(lambda: second in stage.guest(stage.b).get(listed).text, "the new value on the second instance", 1)


def png(width, height):
    """A picture that compresses badly enough to be one."""
    rows = b"".join(b"\0" + bytes((x * y + x) & 255 for x in range(width * 3)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def jpeg_size(data):
    place = 2
    while data[place] == 0xFF:
        kind, length = data[place + 1], struct.unpack(">H", data[place + 2:place + 4])[0]
        if 0xC0 <= kind <= 0xC3:
            height, width = struct.unpack(">HH", data[place + 5:place + 9])
            return width, height
        place += 2 + length
    return None


@scenario(36, "a file is what its bytes say, as large as its purpose allows, and opens by an address for its time")
def files(stage):
    owner, _ = stage.person()
    made = expect_status(owner.upload(API + "/uploads", "x.pdf", png(640, 480), purpose="image"), 201).data
    expect(made["mime"], "image/png", "a PNG named x.pdf")
    page = b"<!DOCTYPE html><html><body>Hello</body></html>"
    expect_status(owner.upload(API + "/uploads", "a.png", page, purpose="image"), 415, what="HTML named a.png")
    large = png(640, 480) + b"\0" * (10 * 1024 * 1024 + 1 - len(png(640, 480)))
    expect_status(owner.upload(API + "/uploads", "large.png", large, purpose="image"), 413, what="10 MB and a byte")
    found = f"{API}/files/{made['id']}"
    until(lambda: owner.get(found).data["thumbState"] == "ready", "the thumbnail", 15)
    small = expect_status(owner.get(found + "/thumbnail"), 200)
    expect((small.body[:3], jpeg_size(small.body)), (b"\xff\xd8\xff", (400, 400)), "the thumbnail: JPEG, its size")
    signed = expect_status(owner.post(found + "/sign", {"expiresIn": 1}), 200).data["url"]
    path = "/" + signed.split("/", 3)[3] if signed.startswith("http") else signed
    expect_status(stage.guest().get(path), 200, what="the signed address in time")
    time.sleep(2.1)
    expect_status(stage.guest().get(path), 403, what="the signed address after its time")


@scenario(37, "what staff say among themselves stays there; a ticket past its deadline is told once")
def tickets(stage):
    owner, signed = stage.person()
    helper, _ = stage.staff("support")
    secret = f"inside-{stage.unique()}"
    made = expect_status(owner.post(API + "/tickets", {
        "title": f"Down {stage.unique()}", "description": "Nothing works.", "priority": "critical"}), 201).data
    place = f"{API}/tickets/{made['id']}"
    expect_status(helper.post(place + "/comments", {"text": secret, "isInternal": True}), 201)
    expect_true(secret in helper.get(place + "/comments").text, "staff do not see it")
    for path in (place, place + "/comments", API + "/tickets", API + "/notifications"):
        expect_true(secret not in owner.get(path).text, f"the requester reads it at {path}")
    expect_status(owner.post(API + "/users/me/export", {}), 202)
    export = f"select id from files.files where purpose = 'personal_export' and owner_id = '{signed['user']['id']}'"
    made_of_him = until(lambda: stage.database.value(export), "the export", 20)
    content = expect_status(owner.get(f"{API}/files/{made_of_him}/content"), 200)
    expect_true(secret.encode() not in content.body, "it is in the export")
    expect_true(not [m for m in stage.mail.mails if secret in m["text"] and m["to"] == signed["user"]["email"]], "it is in a mail")
    stage.database.rows("update tickets.tickets set created_at = created_at - interval '241 minutes', "
                        f"due_at = due_at - interval '241 minutes' where id = '{made['id']}'")
    run = lambda server: stage.admin(server).post("/admin/queue-management/schedules/tickets-sla/run")
    at_once(lambda: run(stage.a), lambda: run(stage.b))
    events = f"select count(*) from tickets.events where ticket_id = '{made['id']}' and event in ('breached', 'escalated')"
    until(lambda: stage.database.count(events) > 0, "the escalation")
    run(stage.a)
    time.sleep(2)
    told = stage.database.rows("select count(*), count(distinct user_id) from notifications.notifications where type = 'in_app' "
                               f"and template_key = 'ticket_breached' and dedupe_key like 'ticket:{made['id']}:%'")[0]
    expect_true(told[0] == told[1] and int(told[0]) > 0, f"notices and readers: {told}")
    expect(stage.database.count(events.replace("in ('breached', 'escalated')", "= 'breached'")), 1, "breaches")
    return "four hours by SQL"


@scenario(38, "flags and maintenance act on every instance within a second")
def switches(stage):
    chief, user = stage.admin(), stage.person()[0]
    key = f"acceptance_{stage.unique()}"
    flag = expect_status(chief.post(API + "/admin/settings/features", {
        "key": key, "name": "Acceptance", "isEnabled": True, "rolloutPercentage": 100}), 201).data
    on = lambda server: user.at(server).get(API + "/config").data["flags"].get(key)
    until(lambda: on(stage.a) and on(stage.b), "on", 1)
    expect_status(chief.patch(f"{API}/admin/settings/features/{flag['id']}", {"rolloutPercentage": 0}), 200)
    until(lambda: not on(stage.a) and not on(stage.b), "off on both", 1)
    try:
        expect_status(chief.post(API + "/admin/settings/maintenance", {"isEnabled": True, "message": "Back soon"}), 200)
        until(lambda: user.at(stage.b).get(API + "/users/me").status == 503, "503 on the other instance", 1)
        expect_status(user.get(API + "/users/me"), 503)
        for server in (stage.a, stage.b):
            expect_status(chief.at(server).get(API + "/users/me"), 200, what="staff")
        body, fields = stage.stripe.event("payment_intent.created", {"id": "pi_none", "object": "payment_intent"}, stage.unique())
        expect_status(stage.guest(stage.b).post(API + "/payments/webhook/stripe", raw=body, headers=fields), 200, what="a webhook")
    finally:
        chief.post(API + "/admin/settings/maintenance", {"isEnabled": False})
    until(lambda: user.at(stage.b).get(API + "/users/me").status == 200, "200 again")


@scenario(43, "what staff do goes on without the audit trail, and is an alarm")
def audit(stage):
    _, signed = stage.person()
    before = len(stage.a.written())
    stage.database.rows("create function identity.refuse() returns trigger language plpgsql as "
                        "$$ begin raise exception 'no trail'; end $$; create trigger acceptance before insert on identity.audit_logs for each row execute function identity.refuse()")
    try:
        expect_status(stage.admin().post(f"{API}/admin/users/{signed['user']['id']}/suspend", {"reason": "Seen from outside"}), 200)
    finally:
        stage.database.rows("drop trigger acceptance on identity.audit_logs; drop function identity.refuse()")
    lines = [json.loads(line) for line in stage.a.written()[before:].splitlines() if line.startswith("{")]
    alarms = [line for line in lines if line["level"] == "error" and "audit" in line["message"]]
    expect_true(alarms, f"no alarm among {len(lines)} lines")
    return "the table refuses by a trigger"


class Endpoint(Service):
    """Somebody who is told of events, and says what he likes."""

    def __init__(self):
        super().__init__()
        self.status, self.got = 200, []

    def answer(self, request):
        self.got.append((time.time(), request))
        return self.status, b""


@scenario(44, "an endpoint that fails is told again under the same id; 410 ends it; inner addresses are refused")
def webhooks(stage):
    chief, receiver = stage.admin(), Endpoint()
    try:
        wanted = {"url": receiver.url + "/hook", "events": ["user.suspended"]}
        made = expect_status(chief.post(API + "/webhook-endpoints", wanted), 201).data
        place = f"{API}/webhook-endpoints/{made['endpoint']['id']}"
        receiver.status = 500
        _, signed = stage.person()
        expect_status(chief.post(f"{API}/admin/users/{signed['user']['id']}/suspend", {"reason": "For an event"}), 200)
        until(lambda: len(receiver.got) >= 2, "the second attempt", 15)
        (first, one), (second, two) = receiver.got[:2]
        expect_true(4.5 <= second - first <= 9, f"the second attempt comes after {second - first:.1f} s")
        expect(one.fields["webhook-id"], two.fields["webhook-id"], "webhook-id")
        secret = base64.b64decode(made["secret"].removeprefix("whsec_"))
        text = f"{two.fields['webhook-id']}.{two.fields['webhook-timestamp']}.".encode() + two.body
        code = "v1," + base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
        expect_true(code in two.fields["webhook-signature"].split(), "the signature")
        latest = lambda: chief.get(place + "/deliveries").data[0]
        delivery = until(lambda: (d := latest())["attempt"] == 2 and d["nextAttemptAt"] and d, "the third is planned")
        until_third = stage.database.count("select extract(epoch from next_attempt_at - now())::int from webhooks.deliveries "
                                           f"where id = '{delivery['id']}'")
        expect_true(250 <= until_third <= 330, f"the third is due in {until_third} s")
        receiver.status = 410
        expect_status(chief.post(f"{API}/admin/users/{signed['user']['id']}/reactivate", {}), 200)
        expect_status(chief.post(f"{API}/admin/users/{signed['user']['id']}/suspend", {"reason": "For another"}), 200)
        until(lambda: chief.get(place).data["status"] == "disabled", "disabled by 410")
        outside = stage.serve(WEBHOOK_PRIVATE_NETWORKS=None, WORKERS="false")
        inner = {"url": "https://127.0.0.1/", "events": ["user.suspended"]}
        expect_status(chief.at(outside).post(API + "/webhook-endpoints", inner), 422, "url_not_public")
    finally:
        receiver.stop()
    return "the refusal by an instance to which no private network is named"
