"""Payments, refunds, wallets and payouts: scenarios 16 to 27."""
import threading, uuid

from purse import PAYMENTS, fill, home, invoice, pay_invoice, payment, stripe_says, subscribe
from scenario import at_once, expect, expect_status, expect_true, scenario, statuses, until
from stage import API


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
    begin = lambda server: payer.at(server).post(PAYMENTS + "/create", body)
    answers = at_once(*[lambda: begin(stage.a)] * 3, *[lambda: begin(stage.b)] * 2)
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
    status = f"select status from payments.webhook_events where event_id = 'evt_{number}'"
    until(lambda: stage.database.value(status) == "processed", "the event is processed")
    expect(kept(), before + 1, "events kept")
    booked = ("select count(*) from payments.entries e join payments.accounts a on a.id = e.account_id "
              f"where a.owner_id = '{owner}' and e.amount = 3000")
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
    status = f"select status from payments.webhook_events where object_id = '{order['id']}'"
    until(lambda: stage.database.value(status) in ("processed", "ignored"), "the note is processed")
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
    intent = stage.stripe.intent_of(done["id"])["id"]
    sent = [o for o in stage.stripe.objects.values() if o["object"] == "refund" and o["payment_intent"] == intent]
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
    jobs = f"select count(*) from jobs.jobs where name = 'process-payout' and data::text like '%{made['id']}%'"
    expect(stage.database.count(jobs), 1, "jobs")
