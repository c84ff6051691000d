"""Mails, short messages, notices: scenarios 11 to 15."""
import datetime, random, time

from scenario import at_once, expect, expect_status, expect_true, scenario, until
from stage import API


@scenario(11, "a mail is taken at once and sent by a job, as one row whatever the provider does")
def mail(stage):
    office, _ = stage.staff("support")
    times = []
    for _ in range(5):
        to = f"reader{stage.unique()}@example.com"
        begun = time.monotonic()
        answer = expect_status(office.post(API + "/notifications/email", {"to": to, "subject": "Hello", "body": "There you are."}), 202)
        times.append((time.monotonic() - begun) * 1000)
        expect(answer.data["status"], "pending", "its status")
    found = f"{API}/notifications/{answer.data['id']}"
    until(lambda: office.get(found).data["status"] == "sent", "it is sent")
    expect(len(stage.mail.to(to)), 1, "mails")
    expect_true(sorted(times)[2] < 50, f"taken after {sorted(times)[2]:.0f} ms")
    expect_status(stage.guest().post(API + "/notifications/email", {"to": to, "subject": "Hello", "body": "x"}), 401)
    to = f"reader{stage.unique()}@example.com"
    stage.mail.failures[to] = 2
    answer = office.post(API + "/notifications/email", {"to": to, "subject": "Hello", "body": "Twice it fails."})
    found = f"{API}/notifications/{answer.data['id']}"
    row = until(lambda: (r := office.get(found).data)["status"] == "sent" and r, "it is sent after two failures", 20)
    expect((row["retryCount"], len(stage.mail.to(to))), (2, 1), "retryCount, mails")
    expect(stage.database.count(f"select count(*) from notifications.notifications where recipient = '{to}'"), 1, "rows")
    return f"median {sorted(times)[2]:.1f} ms"


@scenario(12, "of 150 short messages a hundred leave in a minute, and a code waits for none of them")
def many(stage):
    crowd = stage.serve(stage.cluster.make("crowd"), QUEUE_NOTIFICATIONS_PER_MINUTE="100")
    senders = [stage.staff("support", crowd)[0] for _ in range(3)]
    numbers = [f"+4915{n:09}" for n in random.sample(range(10**8, 10**9), 151)]

    def send(sender, some):
        return [sender.post(API + "/notifications/sms", {"to": n, "message": "Good news"}).status for n in some]
    taken = at_once(*[lambda i=i: send(senders[i], numbers[i * 50:i * 50 + 50]) for i in range(3)])
    expect(sorted(set(sum(taken, []))), [202], "the answers")
    asked = time.time()
    expect_status(stage.guest(crowd).post(API + "/messaging/send-otp", {"phone": numbers[150]}), 202)
    code = until(lambda: stage.texts.to(numbers[150]), "the code")[0]
    mine = [m for m in stage.texts.messages if m["to"] in numbers]
    before = sum(1 for m in mine if asked <= m["at"] < code["at"])
    expect_true(before < 6, f"{before} others left between the request and the code")
    first = min(m["at"] for m in mine)
    time.sleep(max(0, first + 59.5 - time.time()))
    ordinary = [m for m in stage.texts.messages if m["to"] in numbers[:150]]
    within = sum(1 for m in ordinary if m["at"] < first + 59)
    expect_true(50 <= within <= 100, f"{within} ordinary ones in a minute")
    until(lambda: len([m for m in stage.texts.messages if m["to"] in numbers[:150]]) == 150, "the rest", 40)
    return f"{within} in the first minute, the code after {(code['at'] - asked) * 1000:.0f} ms and {before} others"


@scenario(13, "SendGrid's word counts when it is signed")
def delivered(stage):
    office, _ = stage.staff("support")
    to = f"reader{stage.unique()}@example.com"
    sent = office.post(API + "/notifications/email", {"to": to, "subject": "Hello", "body": "There you are."}).data["id"]
    found = f"{API}/notifications/{sent}"
    until(lambda: office.get(found).data["status"] == "sent", "it is sent")
    body, fields = stage.mail.event("delivered", sent, stage.unique())
    hook = API + "/notifications/webhook/sendgrid"
    changed = body.replace(b"delivered", b"deliverer")
    expect_status(stage.guest().post(hook, raw=changed, headers=fields), 401, what="one byte changed")
    expect(office.get(found).data["status"], "sent", "after the forged one")
    expect_status(stage.guest().post(hook, raw=body, headers=fields), 200)
    until(lambda: office.get(found).data["status"] == "delivered", "delivered")


@scenario(14, "in quiet hours a notice waits outside, a code does not")
def quiet(stage):
    reader, signed = stage.indian()
    phone = signed["user"]["phone"]
    expect_status(reader.patch(API + "/users/me", {"timeZone": "UTC"}), 200)
    device = {"kind": "expo", "token": f"ExponentPushToken[{stage.unique()}]", "platform": "android"}
    expect_status(reader.post(API + "/devices", device), 201)
    now = datetime.datetime.now(datetime.timezone.utc)
    hour = lambda plus: (now + datetime.timedelta(hours=plus)).strftime("%H:%M")
    expect_status(reader.put(API + "/notifications/preferences", {
        "preferences": [], "quietFrom": hour(-1), "quietTo": hour(8), "digest": "none"}), 200)
    ticket = expect_status(reader.post(API + "/tickets", {"title": "Question", "description": "How do I find my receipts?"}), 201).data
    helper, _ = stage.staff("support")
    expect_status(helper.post(f"{API}/tickets/{ticket['id']}/comments", {"text": "Under payments."}), 201)
    until(lambda: [n for n in reader.get(API + "/notifications").data if n["category"] == "support"], "the notice in the list", 2)
    rows = stage.database.rows(
        "select n.id, n.status, j.run_at from notifications.notifications n join jobs.jobs j on j.id = n.job_id "
        f"where n.user_id = '{signed['user']['id']}' and n.type = 'push' order by n.created_at desc limit 1")
    expect_true(rows, "there is no push message")
    expect((rows[0][1], rows[0][2][11:16]), ("pending", hour(8)), "the push message and when it is due")
    expect(len(stage.expo.pushed), 0, "push messages sent")
    stage.database.rows("update jobs.jobs set run_at = now() from notifications.notifications n "
                        f"where jobs.id = n.job_id and n.id = '{rows[0][0]}'")
    until(lambda: stage.expo.pushed, "the push message at the end of the quiet hours")
    before = len(stage.texts.to(phone))
    stage.database.rows(f"update identity.one_time_codes set created_at = created_at - interval '2 minutes' where subject = '{phone}'")
    expect_status(stage.guest().post(API + "/auth/codes", {"phone": phone}), 202)
    until(lambda: len(stage.texts.to(phone)) > before, "the code", 2)
    return "the hours lie around now; their end comes by SQL"


@scenario(15, "a registered text wants its variables, and costs a credit where it is sent")
def registered(stage):
    office, _ = stage.staff("admin")
    chief = stage.admin()
    phone = lambda: f"+9198{random.randrange(10**7, 10**8)}"
    company = stage.database.rows("select id from condo.companies limit 1")[0][0]
    owner = {"ownerType": "company", "ownerId": company}
    wallet = f"{API}/wallets/{expect_status(chief.post(API + '/wallets', owner), 201).data['id']}"
    correct = lambda amount: expect_status(chief.post(wallet + "/adjust", {"amount": amount, "reason": "bought by bank transfer"}), 200)
    expect(correct(1).data["balance"], 1, "credits in the wallet")

    def send(variables, to=None, server=stage.a):
        return office.at(server).post(API + "/messaging/sms", {
            "phone": to or phone(), "templateType": "booking_confirmed", "variables": variables,
            "scopeType": "company", "scopeId": company})
    words = ["A1", "1 December", "Central"]
    expect_status(send(words[:2]), 422, "variables_mismatch")
    stage.texts.fault = 200  # MSG91 says what is wrong in the body
    expect_status(send(words), 503, "sms_unavailable")
    expect(chief.get(wallet).data["balance"], 1, "credits after the provider refused")
    stage.texts.well()
    to = [phone(), phone()]
    sent = at_once(lambda: send(words, to[0]), lambda: send(words, to[1], stage.b))
    expect(sorted(a.status for a in sent), [201, 402], "two at once, at two instances")
    expect([a.code for a in sent if a.status == 402], ["credits_insufficient"], "the refusal")
    expect([a.data["creditsUsed"] for a in sent if a.status == 201], [1], "credits used")
    texts = [m["text"] for number in to for m in stage.texts.to(number)]
    expect(texts, ["Booking confirmed! Seat: A1, Date: 1 December, Library: Central"], "the messages")
    expect(chief.get(wallet).data["balance"], 0, "credits afterwards")
    return "the wallet's movements: " + ", ".join(e["kind"] for e in reversed(chief.get(wallet + "/entries").data))
