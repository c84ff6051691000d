"""Payments, refunds, wallets, payouts, subscriptions and invoices: scenarios 16 to 30."""
import datetime, time, uuid

from scenario import at_once, expect, expect_status, expect_true, scenario, statuses, until
from stage import API

PAYMENTS = API + "/payments"


def fill(caller, owner, amount, currency, **rest):
    """Begins to fill somebody's own wallet, which takes any amount of any currency."""
    return caller.post(PAYMENTS + "/create", {"purpose": "wallet", "purposeId": owner, "amount": amount, "currency": currency}, **rest)


def payment(caller, found):
    return caller.get(f"{PAYMENTS}/{found['id']}").data


def home(stage):
    """The demo's resident and his unit."""
    resident = stage.of_demo("resident")
    return resident, stage.once("unit", lambda: resident.get(API + "/residents/my-units").data[0]["unit"]["id"])


def invoice(stage, amount):
    """An issued invoice of the demo's unit, in euro, written by its office."""
    _, unit = home(stage)
    made = stage.of_demo("admin").post(API + "/invoices", {
        "kind": "unit_manual", "debtorId": unit, "issue": True, "items": [{"description": "Repair", "quantity": 1, "unitPrice": amount}]})
    return expect_status(made, 201).data


def stripe_says(stage, kind, intent, number=None, server=None, **how):
    body, fields = stage.stripe.event(kind, intent, number or stage.unique(), **how)
    return stage.guest(server).post(PAYMENTS + "/webhook/stripe", raw=body, headers=fields)


def pay_invoice(stage, amount):
    """An invoice paid online: (payer, payment, invoice)."""
    resident, _ = home(stage)
    owed = invoice(stage, amount)
    begun = expect_status(resident.post(PAYMENTS + "/create", {"purpose": "invoice", "purposeId": owed["id"]}), 201).data
    expect_status(stripe_says(stage, "payment_intent.succeeded", stage.stripe.pay(begun["id"])), 200)
    return resident, until(lambda: (p := payment(resident, begun))["status"] == "succeeded" and p, "the payment succeeds"), owed


@scenario(16, "rupees go by the cheaper provider, and by the other when it is down")
def routing(stage):
    said = []
    for amount, provider in ((600.00, "razorpay"), (600.01, "cashfree")):
        payer, signed = stage.indian()
        begun = expect_status(fill(payer, signed["user"]["id"], amount, "INR"), 201).data
        expect(begun["provider"], provider, f"INR {amount}")
    payer, signed = stage.indian()
    stage.cashfree.fault = 503
    begun = expect_status(fill(payer, signed["user"]["id"], 750, "INR"), 201).data
    expect(begun["provider"], "razorpay", "INR 750 while Cashfree answers 503")
    orders = stage.cashfree.made(begun["reference"]) + stage.razorpay.made(begun["reference"])
    expect(len(orders), 1, "orders")
    payer, signed = stage.indian()
    stage.razorpay.fault = 503
    expect_status(fill(payer, signed["user"]["id"], 750, "INR"), 503, "provider_unavailable", "both down")


@scenario(17, "an order that times out is looked up and goes on; never two that can be paid")
def timing_out(stage):
    payer, signed = stage.indian()
    stage.cashfree.fault, stage.cashfree.done_first = "silence", True
    begun = expect_status(fill(payer, signed["user"]["id"], 750, "INR"), 201).data
    expect((begun["provider"], begun["status"]), ("cashfree", "pending"), "found at once")
    expect(len(stage.razorpay.made(begun["reference"])), 0, "orders at Razorpay")

    payer, signed = stage.indian()
    stage.cashfree.everything = True
    begun = fill(payer, signed["user"]["id"], 750, "INR")
    expect_true(begun.status in (201, 202), f"while nothing answers: {begun.status} {begun.text[:200]}")
    expect(begun.data["status"], "unknown", "while nothing answers")
    stage.cashfree.well()
    # The other instance's breaker has not seen the failures.
    expect_status(payer.at(stage.b).post(PAYMENTS + "/verify", {"paymentId": begun.data["id"]}), 409, "payment_not_completed")
    found = payment(payer, begun.data)
    expect((found["provider"], found["status"]), ("cashfree", "pending"), "after the look-up")
    expect(len(stage.cashfree.made(found["reference"])), 1, "orders at Cashfree")
    expect(len(stage.razorpay.made(found["reference"])), 0, "orders at Razorpay")


@scenario(18, "another amount than the price is refused, and no provider asked")
def mismatch(stage):
    payer, _ = stage.person()
    subscription = subscribe(stage, payer)
    before = len(stage.stripe.seen)
    answer = payer.post(PAYMENTS + "/create", {"purpose": "subscription", "purposeId": subscription["id"], "amount": 1})
    expect_status(answer, 422, "amount_mismatch")
    expect(answer.json["expected"], 3000, "expected")
    expect(len(stage.stripe.seen), before, "requests to the provider")


@scenario(19, "five payments of one object begun at once are one payment with one order")
def one_payment(stage):
    payer, _ = stage.person()
    subscription = subscribe(stage, payer)
    body = {"purpose": "subscription", "purposeId": subscription["id"]}
    answers = at_once(*[lambda: payer.post(PAYMENTS + "/create", body)] * 3, *[lambda: payer.at(stage.b).post(PAYMENTS + "/create", body)] * 2)
    expect_true(set(statuses(answers)) <= {200, 201}, f"the answers are {statuses(answers)}")
    expect(len({a.data["id"] for a in answers}), 1, "payments")
    expect(stage.stripe.orders_of(answers[0].data["id"]), 1, "orders at the provider")
    return "of a subscription: consultations are a product of their own"


@scenario(20, "an event told three times while the payer asks books once; a forged or old one is not taken")
def events(stage):
    payer, signed = stage.person()
    owner = signed["user"]["id"]
    begun = expect_status(fill(payer, owner, 30, "EUR"), 201).data
    intent = stage.stripe.pay(begun["id"])
    kept = lambda: stage.database.count("select count(*) from payments.webhook_events")
    before = kept()
    for how in ({"secret": "whsec_other"}, {"age": 301}):
        expect_status(stripe_says(stage, "payment_intent.succeeded", intent, **how), 401, "signature_invalid", f"an event with {how}")
    expect(kept(), before, "events kept of the refused ones")
    number = stage.unique()
    tell = lambda server: stripe_says(stage, "payment_intent.succeeded", intent, number, server)
    answers = at_once(lambda: tell(stage.a), lambda: tell(stage.b), lambda: tell(stage.a),
                      lambda: payer.post(PAYMENTS + "/verify", {"paymentId": begun["id"]}))
    expect([a.status for a in answers[:3]], [200] * 3, "the events")
    done = until(lambda: (p := payment(payer, begun))["status"] == "succeeded" and p, "the payment succeeds")
    expect_true(done["receiptNumber"], "no receipt")
    until(lambda: stage.database.value(f"select status from payments.webhook_events where event_id = 'evt_{number}'") == "processed", "the event is processed")
    expect(kept(), before + 1, "events kept")
    booked = f"select count(*) from payments.entries e join payments.accounts a on a.id = e.account_id where a.owner_id = '{owner}' and e.amount = 3000"
    expect(stage.database.count(booked), 1, "entries of the wallet")
    expect(payer.get(API + "/wallets").data[0]["balance"], 30, "the wallet")
    until(lambda: [m for m in stage.mail.to(signed["user"]["email"]) if done["receiptNumber"] in m["text"]], "the receipt's mail", 15)
    receipts = [m for m in stage.mail.to(signed["user"]["email"]) if done["receiptNumber"] in m["text"]]
    expect(len(receipts), 1, "mails with the receipt")


@scenario(21, "YooKassa's notes count from its own addresses, and only as a reason to ask")
def yookassa(stage):
    payer, signed = stage.person()
    begun = expect_status(fill(payer, signed["user"]["id"], 500, "RUB"), 201).data
    expect(begun["provider"], "yookassa", "the provider of roubles")
    order = stage.yookassa.of(begun["id"])
    note = stage.yookassa.note("payment.succeeded", {**order, "status": "succeeded", "paid": True})
    send = lambda **more: stage.guest(source="127.9.9.9").post(
        PAYMENTS + "/webhook/yookassa", raw=note, headers={"Content-Type": "application/json", **more})
    expect_status(stage.guest().post(PAYMENTS + "/webhook/yookassa", raw=note, headers={"Content-Type": "application/json"}), 401)
    expect_status(send(**{"X-Forwarded-For": "203.0.113.7"}), 401, what="by the proxy from a foreign address")
    expect_status(send(**{"X-Forwarded-For": "185.71.76.5"}), 200, what="by the proxy from theirs")
    asked = f"/payments/{order['id']}"
    until(lambda: stage.yookassa.count("GET", asked) > 0, "YooKassa is asked")
    until(lambda: stage.database.value(f"select status from payments.webhook_events where object_id = '{order['id']}'") in ("processed", "ignored"), "the note is processed")
    expect(payment(payer, begun)["status"], "pending", "the payment, while YooKassa says pending")
    return "their address comes by X-Forwarded-For of a trusted proxy"


@scenario(22, "money that comes too late is used, or goes back whole where its object is gone")
def late(stage):
    def expired(caller, begun):
        stage.database.rows(f"update payments.payments set expires_at = now() - interval '1 minute' where id = '{begun['id']}'; "
                            f"update payments.attempts set next_check_at = now() where payment_id = '{begun['id']}'")
        stage.admin().post("/admin/queue-management/schedules/payment-checks/run")
        until(lambda: payment(caller, begun)["status"] == "expired", "the payment expires", 40)
    payer, signed = stage.person()
    begun = expect_status(fill(payer, signed["user"]["id"], 30, "EUR"), 201).data
    # The payer is at his bank: the provider has the order, and cannot cancel it any more.
    expired(payer, begun)
    expect_status(stripe_says(stage, "payment_intent.succeeded", stage.stripe.pay(begun["id"])), 200)
    done = until(lambda: (p := payment(payer, begun))["status"] == "succeeded" and p, "the late payment succeeds")
    expect(done["isLate"], True, "isLate")
    expect(payer.get(API + "/wallets").data[0]["balance"], 30, "the wallet")

    resident, _ = home(stage)
    owed = invoice(stage, 75)
    begun = expect_status(resident.post(PAYMENTS + "/create", {"purpose": "invoice", "purposeId": owed["id"]}), 201).data
    expired(resident, begun)
    for open_one in resident.get(API + "/invoices?limit=100").data:
        if open_one["balance"] > 0:
            stage.admin().post(f"{API}/invoices/{open_one['id']}/payments", {"amount": open_one["balance"], "method": "cash"})
    stripe_says(stage, "payment_intent.succeeded", stage.stripe.pay(begun["id"]))
    done = until(lambda: (p := payment(resident, begun))["status"] == "refunded" and p, "the money goes back", 20)
    expect((done["isLate"], done["refunded"], len(done["refunds"])), (True, 75, 1), "isLate, refunded, refunds")
    return "its time is moved by SQL; the object gone: nothing is owed any more"


@scenario(23, "of twenty refunds at once three fit into what was captured")
def refunds(stage):
    resident, done, _ = pay_invoice(stage, 3000)
    finance, _ = stage.staff("finance")
    ask = lambda server: finance.at(server).post(f"{PAYMENTS}/{done['id']}/refund", {"amount": 1000, "reason": "other"})
    stage.stripe.open.clear()
    answers = at_once(*[lambda: ask(stage.a)] * 10, *[lambda: ask(stage.b)] * 10)
    expect(statuses(answers), [201] * 3 + [409] * 17, "the answers")
    expect({a.code for a in answers if a.status == 409}, {"refund_exceeds"}, "the refusals")
    expect(payment(resident, done)["status"], "succeeded", "before the provider has answered")
    stage.stripe.open.set()
    after = until(lambda: (p := payment(resident, done))["status"] == "refunded" and p, "it is refunded", 30)
    expect([r["status"] for r in after["refunds"]], ["succeeded"] * 3, "the refunds")
    sent = [o for o in stage.stripe.objects.values() if o["object"] == "refund" and o["payment_intent"] == stage.stripe.intent_of(done["id"])["id"]]
    expect(len(sent), 3, "refunds at the provider")


@scenario(24, "two payments by hand of more than is owed: one is taken")
def by_hand(stage):
    resident, _ = home(stage)
    owed = invoice(stage, 5000)
    finance, _ = stage.staff("finance")
    take = lambda who: who.post(f"{API}/invoices/{owed['id']}/payments", {"amount": 3000, "method": "cash"})
    answers = at_once(lambda: take(finance), lambda: take(finance.at(stage.b)))
    expect(statuses(answers), [201, 409], "the answers")
    expect({a.code for a in answers if a.status == 409}, {"amount_exceeds_balance"}, "the refusal")
    expect_status(take(resident), 403, "use_online_payment", "by the debtor")


@scenario(25, "two debits that a wallet cannot bear together: one is done")
def debits(stage):
    owner, signed = stage.person()
    begun = fill(owner, signed["user"]["id"], 100, "EUR").data
    stripe_says(stage, "payment_intent.succeeded", stage.stripe.pay(begun["id"]))
    wallet = until(lambda: [w for w in owner.get(API + "/wallets").data if w["balance"] == 100], "the wallet is full")[0]
    finance, _ = stage.staff("finance")
    debit = lambda server: finance.at(server).post(f"{API}/wallets/{wallet['id']}/adjust", {"amount": -70, "reason": "What was used up"})
    answers = at_once(lambda: debit(stage.a), lambda: debit(stage.b))
    expect(statuses(answers), [200, 402], "the answers")
    expect({a.code for a in answers if a.status == 402}, {"balance_too_low"}, "the refusal")
    entries = owner.get(f"{API}/wallets/{wallet['id']}/entries").data
    balance = owner.get(f"{API}/wallets/{wallet['id']}").data["balance"]
    expect((balance, round(sum(e["amount"] for e in entries), 2)), (30, 30), "balance and sum of the entries")


@scenario(26, "an Idempotency-Key gives the stored answer again, and serves one request")
def idempotency(stage):
    payer, signed = stage.person()
    key, owner = str(uuid.uuid4()), signed["user"]["id"]
    first = expect_status(fill(payer, owner, 30, "EUR", key=key), 201)
    again = expect_status(fill(payer, owner, 30, "EUR", key=key), 201)
    expect((again.body == first.body, again.field("idempotency-replayed")), (True, "true"), "same answer, Idempotency-Replayed")
    expect_status(fill(payer, owner, 31, "EUR", key=key), 422, "idempotency_key_reused")
    other, signed = stage.person()
    key, owner = str(uuid.uuid4()), signed["user"]["id"]
    stage.stripe.open.clear()
    running = []
    import threading
    thread = threading.Thread(target=lambda: running.append(fill(other, owner, 30, "EUR", key=key)))
    asked = len(stage.stripe.seen)
    thread.start()
    until(lambda: len(stage.stripe.seen) > asked, "the provider is asked")
    expect_status(fill(other, owner, 30, "EUR", key=key), 409, "idempotency_in_progress")
    stage.stripe.open.set()
    thread.join()
    expect_status(running[0], 201)


@scenario(27, "two of the staff let one payout go: it goes once")
def payouts(stage):
    _, done, owed = pay_invoice(stage, 800)
    chief = stage.admin()
    company = {"payeeType": "company", "payeeId": owed["issuer"]["id"]}
    expect_status(chief.put(API + "/payouts/account", {
        **company, "holder": "Birchwood Estates", "bank": "First Bank", "number": "BG80BNBG96611020345678"}), 200)
    made = expect_status(chief.post(API + "/payouts", {**company, "currency": "EUR"}), 201).data
    one, _ = stage.staff("finance")
    two, _ = stage.staff("finance")
    process = lambda who: who.post(f"{API}/payouts/{made['id']}/process", {})
    answers = at_once(lambda: process(one), lambda: process(two.at(stage.b)))
    expect(statuses(answers), [202, 409], "the answers")
    expect(stage.database.count(f"select count(*) from jobs.jobs where name = 'process-payout' and data::text like '%{made['id']}%'"), 1, "jobs")


def plan(stage):
    """A plan of the platform at 3,000 euro a month."""
    def make():
        made = stage.admin().post(API + "/admin/subscriptions/plans", {
            "product": "platform", "subscriberType": "user", "name": "Professional", "slug": f"pro-{stage.unique()}", "type": "pro",
            "prices": [{"cycle": "monthly", "currency": "EUR", "amount": 3000}], "limits": {"projects": 5}, "trialDays": 0})
        return expect_status(made, 201).data
    return stage.once("plan", make)


def subscribe(stage, caller):
    asked = caller.post(API + "/subscriptions/subscribe", {"planId": plan(stage)["id"], "cycle": "monthly", "currency": "EUR"})
    return expect_status(asked, 201).data


def pay_subscription(stage, caller, subscription):
    begun = expect_status(caller.post(PAYMENTS + "/create", {"purpose": "subscription", "purposeId": subscription["id"]}), 201).data
    stripe_says(stage, "payment_intent.succeeded", stage.stripe.pay(begun["id"]))
    return until(lambda: (s := caller.get(f"{API}/subscriptions/{subscription['id']}").data)["status"] == "active" and s, "it is active")


@scenario(28, "a subscription waits for its money, is one, and is kept until its end")
def subscribing(stage):
    caller, _ = stage.person()
    made = subscribe(stage, caller)
    expect(made["status"], "pending", "without money")
    expect_true(made["payment"], "nothing to pay")
    expect_status(caller.post(API + "/subscriptions/subscribe", {"planId": plan(stage)["id"]}), 409, "already_subscribed")
    active = pay_subscription(stage, caller, made)
    ended = expect_status(caller.post(f"{API}/subscriptions/{made['id']}/cancel", {}), 200).data
    expect((ended["status"], ended["cancelAtPeriodEnd"], ended["periodEndAt"]), ("active", True, active["periodEndAt"]), "after it is cancelled")
    stranger, _ = stage.person()
    for answer in (stranger.get(f"{API}/subscriptions/{made['id']}"), stranger.post(f"{API}/subscriptions/{made['id']}/cancel", {})):
        expect_status(answer, 404)


@scenario(29, "an unpaid renewal is past due at once and expires after the grace; one invoice, one period")
def renewal(stage):
    caller, _ = stage.person()
    made = subscribe(stage, caller)
    pay_subscription(stage, caller, made)
    table = f"subscriptions.subscriptions where id = '{made['id']}'"
    columns = [row[0] for row in stage.database.rows(
        "select column_name from information_schema.columns where table_schema = 'subscriptions' and table_name = 'subscriptions' "
        "and data_type = 'timestamp with time zone' and column_name not in ('created_at', 'updated_at', 'cancelled_at')")]

    def days_pass(days):
        """Moves the subscription into the past, and has two instances look at it."""
        moves = ", ".join(f"{c} = {c} - interval '{days} days'" for c in columns)
        stage.database.rows(f"update subscriptions.subscriptions set {moves} where id = '{made['id']}'; "
                            f"update subscriptions.charges set from_at = from_at - interval '{days} days', to_at = to_at - interval '{days} days' "
                            f"where subscription_id = '{made['id']}'")
        at_once(*[lambda: stage.admin(stage.a).post("/admin/queue-management/schedules/subscription-cycle/run"),
                  lambda: stage.admin(stage.b).post("/admin/queue-management/schedules/subscription-cycle/run")])
    now = lambda: stage.database.value(f"select status from {table}")
    length = stage.database.count(f"select extract(day from period_end_at - period_start_at)::int from {table}")
    days_pass(length - 0.5)
    until(lambda: stage.database.count(f"select count(*) from subscriptions.charges where subscription_id = '{made['id']}' and kind = 'renewal'") == 1, "the renewal is asked for")
    expect(now(), "active", "before the end")
    days_pass(1)
    until(lambda: now() == "past_due", "past_due")
    days_pass(8)
    until(lambda: now() == "expired", "expired")
    expect(stage.database.count(f"select count(*) from subscriptions.charges where subscription_id = '{made['id']}' and kind = 'renewal'"), 1, "renewals")
    expect(stage.database.count(f"select count(*) from invoices.invoices where id in (select invoice_id from subscriptions.charges where subscription_id = '{made['id']}' and kind = 'renewal')"), 1, "invoices")
    return "days are moved by SQL, and the hourly schedule is run by hand on two instances"


@scenario(30, "invoices of a month generated five times at once are one for each unit, numbered without a gap")
def generation(stage):
    office = stage.of_demo("admin")
    resident, _ = home(stage)
    condo = resident.get(API + "/residents/my-units").data[0]["condo"]["id"]
    month = datetime.date.today().strftime("%Y-%m")
    ask = lambda server: office.at(server).post(API + "/invoices/generate", {"condoId": condo, "period": month})
    answers = at_once(*[lambda: ask(stage.a)] * 3, *[lambda: ask(stage.b)] * 2)
    expect_true(set(statuses(answers)) <= {200, 202, 409}, f"the answers are {statuses(answers)}")
    made = f"select count(*), count(distinct debtor_id) from invoices.invoices where kind = 'unit_monthly' and period = '{month}-01'"
    until(lambda: int(stage.database.rows(made)[0][0]) >= 40, "forty invoices", 30)
    time.sleep(1)
    expect(stage.database.rows(made)[0], ["40", "40"], "invoices, debtors")
    gaps = "select count(*) from (select row_number() over (order by number) n, right(number, 6)::int v from invoices.invoices where series like 'INV%' and number is not null) x where n <> v"
    expect(stage.database.count(gaps), 0, "numbers out of sequence")
    return f"answers {statuses(answers)}"
