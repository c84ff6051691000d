"""Subscriptions and invoices: scenarios 28 to 30."""
import datetime, time

from purse import home, pay_subscription, plan, subscribe
from scenario import at_once, expect, expect_status, expect_true, scenario, statuses, until
from stage import API


@scenario(28, "a subscription waits for its money, is one, and is kept until its end")
def subscribing(stage):
    caller, _ = stage.person()
    made = subscribe(stage, caller)
    expect(made["status"], "pending", "without money")
    expect_true(made["payment"], "nothing to pay")
    expect_status(caller.post(API + "/subscriptions/subscribe", {"planId": plan(stage)["id"]}), 409, "already_subscribed")
    active = pay_subscription(stage, caller, made)
    ended = expect_status(caller.post(f"{API}/subscriptions/{made['id']}/cancel", {}), 200).data
    expect((ended["status"], ended["cancelAtPeriodEnd"], ended["periodEndAt"]), ("active", True, active["periodEndAt"]),
           "after it is cancelled")
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
                            f"update subscriptions.charges set from_at = from_at - interval '{days} days', "
                            f"to_at = to_at - interval '{days} days' where subscription_id = '{made['id']}'")
        at_once(*[lambda: stage.admin(stage.a).post("/admin/queue-management/schedules/subscription-cycle/run"),
                  lambda: stage.admin(stage.b).post("/admin/queue-management/schedules/subscription-cycle/run")])
    now = lambda: stage.database.value(f"select status from {table}")
    length = stage.database.count(f"select extract(day from period_end_at - period_start_at)::int from {table}")
    days_pass(length - 0.5)
    renewals = f"from subscriptions.charges where subscription_id = '{made['id']}' and kind = 'renewal'"
    until(lambda: stage.database.count(f"select count(*) {renewals}") == 1, "the renewal is asked for")
    expect(now(), "active", "before the end")
    days_pass(1)
    until(lambda: now() == "past_due", "past_due")
    days_pass(8)
    until(lambda: now() == "expired", "expired")
    expect(stage.database.count(f"select count(*) {renewals}"), 1, "renewals")
    expect(stage.database.count(f"select count(*) from invoices.invoices where id in (select invoice_id {renewals})"), 1, "invoices")
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
    gaps = ("select count(*) from (select row_number() over (order by number) n, right(number, 6)::int v "
            "from invoices.invoices where series like 'INV%' and number is not null) x where n <> v")
    expect(stage.database.count(gaps), 0, "numbers out of sequence")
    return f"answers {statuses(answers)}"
