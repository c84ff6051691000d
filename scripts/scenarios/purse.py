"""What the scenarios of money begin with: filling a wallet, paying an invoice, subscribing."""
from scenario import expect_status, until
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
