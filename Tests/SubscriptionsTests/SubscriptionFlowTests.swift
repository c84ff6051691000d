import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Subscriptions

@Suite struct SubscriptionFlowTests {
    /// 0-platform, 8 (28).
    @Test func pendingUntilItIsPaidThenActiveUntilTheEnd() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30, limits: ["books": 2])
            for (name, status) in [(nil, 401), ("reader", 201), ("reader", 409)] as [(String?, Int)] {
                let answer = try await stage.send("POST", "/subscriptions/subscribe", as: name, ["planId": .string(plan)])
                #expect(answer.status == status, "\(name ?? "guest"): \(answer.text)")
            }
            let mine = try await stage.send("GET", "/subscriptions?current=true", as: "reader")
            let id = try #require(mine.data[0]?["id"]?.string)
            let pending = try await stage.get(id)
            #expect(pending["status"] == "pending" && pending["payment"]?["amount"]?.number == 30)
            #expect(try await stage.door.current("news", of: Scope(.user, stage.world.people["reader"])) == nil)
            #expect(try await stage.send("GET", "/subscriptions/\(id)", as: "stranger").status == 404)
            #expect(try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "stranger", [:]).status == 404)
            #expect(try await stage.pay(id, as: "stranger").status == 404)
            #expect(try await stage.pay(id, amount: "1").code == "amount_mismatch")
            #expect(try await stage.pay(id).data["status"] == "succeeded")
            let active = try await stage.get(id)
            #expect(active["status"] == "active" && active["payment"] == .null && active["plan"]?["limits"]?["books"] == 2)
            #expect(try await stage.texts("select status || total || debtor_type from invoices.invoices") == ["paid3000user"])
            #expect(try await stage.pay(id).code == "already_paid")
            let cancelled = try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "reader", ["reason": "dear"])
            #expect(cancelled.data["status"] == "active" && cancelled.data["cancelAtPeriodEnd"] == true)
            #expect(try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "reader", [:]).code == "invalid_state")
            #expect(try await stage.send("POST", "/subscriptions/\(id)/resume", as: "reader").status == 200)
            #expect(try await stage.send("POST", "/subscriptions/\(id)/resume", as: "reader").code == "invalid_state")
            #expect(try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "reader", ["immediate": true]).status == 403)
            #expect(try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "reader", [:]).status == 200)
            stage.clock.advance(by: .days(32))
            try await stage.cycle()
            #expect(try await stage.get(id)["status"] == "expired")
            #expect(try await stage.subscribe(plan).status == 201)
            let history = try await stage.send("GET", "/subscriptions/\(id)/history", as: "reader").data.array ?? []
            #expect(history.map { $0["change"]?.string } == ["expired", "cancelled", "resumed", "cancelled", "activated", "created"])
            #expect(try await stage.events() == [
                "subscription.activated", "subscription.changed", "subscription.changed", "subscription.changed",
                "subscription.expired",
            ])
        }
    }

    /// 0-platform, 8 (29): past due on day 0, asked on days 0, 1, 3 and 5, expired after the grace; one invoice; two
    /// schedulers, one new period.
    @Test func anUnpaidRenewal() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            try await stage.pay(id)
            let end = try #require(Instant(try await stage.get(id)["periodEndAt"]?.string ?? ""))
            func until(_ instant: Instant) { stage.clock.advance(by: instant - stage.clock.clock.now()) }
            func run() async throws {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { try await stage.cycle() } }
                    try await group.waitForAll()
                }
            }
            for days in [7, 3, 1] {
                until(end - .days(days) + .seconds(1))
                try await run()
                try await run()
            }
            #expect(try await stage.texts("select template_key from notifications.notifications where type = 'in_app' and template_key = 'payment_reminder'").count == 3)
            #expect(try await stage.get(id)["payment"]?["kind"] == "renewal")
            for (days, attempts) in [(0, 1), (1, 2), (2, 2), (3, 3), (5, 4), (6, 4)] {
                until(end + .days(days) + .seconds(1))
                try await run()
                #expect(try await stage.get(id)["status"] == "past_due")
                #expect(try await stage.texts("select attempts::text from subscriptions.subscriptions") == ["\(attempts)"])
            }
            #expect(try await stage.texts("select count(*)::text from invoices.invoices") == ["2"])
            until(end + .days(7) + .seconds(1))
            try await run()
            #expect(try await stage.get(id)["status"] == "expired")
            #expect(try await stage.texts("select status from invoices.invoices order by id") == ["paid", "cancelled"])
            #expect(try await stage.pay(id).code == "already_paid")
            #expect(try await stage.events().suffix(2) == ["subscription.past_due", "subscription.expired"])
        }
    }

    @Test func aRenewalIsPaidAheadOrLateAndTheAnchorStays() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            try await stage.pay(id)
            let end = try #require(Instant(try await stage.get(id)["periodEndAt"]?.string ?? ""))
            #expect(try await stage.send("POST", "/subscriptions/\(id)/renew", as: "stranger").status == 404)
            #expect(try await stage.send("POST", "/subscriptions/\(id)/renew", as: "reader").data["payment"]?["kind"] == "renewal")
            #expect(try await stage.send("POST", "/subscriptions/\(id)/renew", as: "reader").status == 200)
            #expect(try await stage.texts("select count(*)::text from subscriptions.charges") == ["2"])
            try await stage.pay(id)
            #expect(try await stage.get(id)["periodEndAt"]?.string == "\(end)")
            stage.clock.advance(by: end - stage.clock.clock.now() + .seconds(1))
            try await stage.cycle()
            let second = try await stage.get(id)
            #expect(second["status"] == "active" && second["periodStartAt"]?.string == "\(end)")
            let later = try #require(Instant(second["periodEndAt"]?.string ?? ""))
            stage.clock.advance(by: later - stage.clock.clock.now() + .days(2))
            try await stage.cycle()
            #expect(try await stage.get(id)["status"] == "past_due")
            // An invoice that is paid by hand renews as well.
            let invoice = try #require(try await stage.get(id)["payment"]?["invoiceId"]?.string)
            let byHand = try await stage.send(
                "POST", "/invoices/\(invoice)/payments", as: "cashier", ["amount": 30, "method": "cash"], key: "k")
            #expect(byHand.status == 201, "\(byHand.text)")
            _ = try await stage.outbox.dispatch(to: stage.handlers)
            let renewed = try await stage.get(id)
            #expect(renewed["status"] == "active" && renewed["periodStartAt"]?.string == "\(later)")
        }
    }

    /// The day before the end the renewal is paid by what was saved, once however often the job runs; nobody saves for others.
    @Test func aRenewalIsPaidByWhatWasSaved() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let method = UUID.v7(), foreign = UUID.v7()
            for (id, name) in [(method, "reader"), (foreign, "stranger")] {
                try await stage.database.execute(
                    Command(
                        """
                        insert into payments.saved_methods (id, user_id, provider, method_id, kind)
                        values (\(id), \(stage.world.people[name]), 'sandbox', \(id.description), 'card')
                        """))
                try await stage.database.execute(
                    Command(
                        """
                        insert into payments.provider_customers (user_id, provider, customer_id)
                        values (\(stage.world.people[name]), 'sandbox', \(name))
                        """))
            }
            func body(_ method: UUID) -> JSONValue { ["planId": .string(plan), "savedMethodId": .string(method.description)] }
            let refused = try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body(foreign))
            #expect(refused.refusedFields == ["savedMethodId"])
            let id = try #require(try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body(method)).data["id"]?.string)
            let path = "/subscriptions/\(id)"
            let change: JSONValue = ["savedMethodId": .string(foreign.description)]
            #expect(try await stage.send("PATCH", path, as: "reader", change).refusedFields == ["savedMethodId"])
            #expect(try await stage.get(id)["savedMethodId"]?.string == method.description)
            try await stage.pay(id)
            let end = try #require(Instant(try await stage.get(id)["periodEndAt"]?.string ?? ""))
            stage.clock.advance(by: end - .hours(12) - stage.clock.clock.now())
            try await stage.cycle()
            let tasks = try await stage.texts("select data::text from jobs.jobs where name = 'subscription-payment'")
            let task = try SubscriptionPayment.decode(json: Array(try #require(tasks.first).utf8))
            #expect(tasks.count == 1)
            for _ in 0..<2 { try await stage.door.pay(task, by: stage.payments) }
            let begun = try await stage.texts("select id::text || saved_method_id from payments.payments where id = \(task.effect)")
            #expect(begun == ["\(task.effect)\(method)"])
            #expect(try await stage.texts("select count(*)::text from payments.payments") == ["2"])
            try await stage.succeed(task.effect)
            stage.clock.advance(by: .hours(13))
            try await stage.cycle()
            #expect(try await stage.get(id)["periodStartAt"]?.string == "\(end)")
            // What is paid is not paid again.
            try await stage.door.pay(task, by: stage.payments)
            #expect(try await stage.texts("select count(*)::text from payments.payments") == ["2"])
            #expect(try await stage.send("PATCH", path, as: "reader", ["savedMethodId": .null]).data["savedMethodId"] == .null)
        }
    }

    @Test func plansAreKeptInMemoryUntilTheyChange() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            for cached in ["MISS", "HIT"] {
                #expect(try await stage.send("GET", "/subscriptions/plans", as: nil).field("x-cache") == cached)
            }
            let change: JSONValue = ["name": "Base"]
            #expect(try await stage.send("PUT", "/admin/subscriptions/plans/\(plan)", as: "seller", change).status == 200)
            #expect(try await stage.send("GET", "/subscriptions/plans", as: nil).data[0]?["name"] == "Base")
        }
    }

    @Test func dearerAtOnceCheaperAtTheEnd() async throws {
        try await withSubscriptions { stage in
            let basic = try await stage.plan("basic", 30, limits: ["books": 1])
            let pro = try await stage.plan("pro", 90, kind: "pro", limits: ["books": 5])
            let reader = Scope(.user, stage.world.people["reader"])
            let id = try #require(try await stage.subscribe(basic).data["id"]?.string)
            try await stage.pay(id)
            let path = "/subscriptions/\(id)/change"
            #expect(try await stage.send("POST", path, as: "stranger", ["planId": .string(pro)]).status == 404)
            #expect(try await stage.send("POST", path, as: "reader", ["planId": .string(basic)]).code == "same_plan")
            let asked = try await stage.send("POST", path, as: "reader", ["planId": .string(pro)])
            #expect(asked.data["plan"]?["slug"] == "basic" && asked.data["payment"]?["amount"]?.number == 60, "\(asked.text)")
            try await stage.pay(id)
            #expect(try await stage.get(id)["plan"]?["slug"] == "pro")
            for book in 0..<2 { try await stage.door.take("books", for: UUID(uuidString: book), "news", of: reader) }
            let refused = try await stage.send("POST", path, as: "reader", ["planId": .string(basic)])
            #expect(refused.code == "usage_exceeds_plan")
            try await stage.door.giveBack("books", for: UUID(uuidString: 1), "news", of: reader)
            let down = try await stage.send("POST", path, as: "reader", ["planId": .string(basic)])
            #expect(down.data["plan"]?["slug"] == "pro" && down.data["nextPlanId"]?.string == basic)
            let end = try #require(Instant(down.data["periodEndAt"]?.string ?? ""))
            stage.clock.advance(by: end - stage.clock.clock.now() - .hours(1))
            try await stage.cycle()
            #expect(try await stage.get(id)["payment"]?["amount"]?.number == 30)
            try await stage.pay(id)
            stage.clock.advance(by: .hours(2))
            try await stage.cycle()
            #expect(try await stage.get(id)["plan"]?["slug"] == "basic")
        }
    }

    /// The last unit goes to one of several, and each object has one.
    @Test func units() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30, limits: ["books": 5])
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            try await stage.pay(id)
            let reader = Scope(.user, stage.world.people["reader"])
            let taken = await withTaskGroup(of: Bool.self) { group in
                for book in 0..<12 {
                    group.addTask {
                        (try? await stage.door.take("books", for: UUID(uuidString: book), "news", of: reader)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 5)
            #expect(try await stage.get(id)["usage"]?["books"] == 5)
            let held = try await stage.texts("select object_id::text from subscriptions.usage_units order by 1")
            let first = try #require(UUID(held[0]))
            try await stage.door.take("books", for: first, "news", of: reader)
            for _ in 0..<2 { try await stage.door.giveBack("books", for: first, "news", of: reader) }
            try await stage.door.take("books", for: .v7(), "news", of: reader)
            await #expect(throws: SubscriptionProblem.quotaExhausted) {
                try await stage.door.take("books", for: .v7(), "news", of: reader)
            }
            await #expect(throws: SubscriptionProblem.quotaExhausted) {
                try await stage.door.take("books", for: .v7(), "news", of: Scope(.user, stage.world.people["stranger"]))
            }
        }
    }

    @Test func shopsTrialsAndTheFreePlan() async throws {
        try await withSubscriptions { stage in
            let free = try await stage.plan("free", 0, product: "shops", type: "shop", limits: ["shelves": 1])
            let trial = try await stage.plan("starter", 50, product: "shops", type: "shop", limits: ["shelves": 9], trialDays: 14)
            let shop: JSONValue = .string(stage.world.shop.id!.description)
            func body(_ plan: String) -> JSONValue { ["planId": .string(plan), "subscriberType": "shop", "subscriberId": shop] }
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body(trial)).status == 404)
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "owner", ["planId": .string(trial)]).status == 404)
            let started = try await stage.send("POST", "/subscriptions/subscribe", as: "owner", body(trial))
            #expect(started.data["status"] == "trialing", "\(started.text)")
            let id = started.data["id"]?.string ?? ""
            #expect(try await stage.send("PATCH", "/subscriptions/\(id)", as: "reader", ["autoRenew": false]).status == 404)
            try await stage.server.checkMatching(
                MatchedChange("/api/v1/subscriptions/\(id)", as: "owner", ["autoRenew": true], ["autoRenew": false]))
            stage.world.used.usage = ["shelves": 1]
            stage.clock.advance(by: .days(15))
            try await stage.cycle()
            let fallen = try await stage.get(id, as: "owner")
            #expect(fallen["status"] == "active" && fallen["plan"]?["id"]?.string == free)
            // What costs nothing goes on by itself, with what is used.
            stage.world.used.usage = ["shelves": 4]
            stage.clock.advance(by: .days(32))
            try await stage.cycle()
            #expect(try await stage.get(id, as: "owner")["status"] == "active")
            let now = try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "seller", ["immediate": true])
            #expect(now.data["status"] == "cancelled")
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "owner", body(free)).code == "usage_exceeds_plan")
            // One trial for each subscriber.
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "owner", body(trial)).data["status"] == "pending")
            stage.clock.advance(by: .days(1) + .seconds(1))
            try await stage.cycle()
            #expect(try await stage.texts("select status from subscriptions.subscriptions order by id") == ["cancelled", "expired"])
        }
    }

    @Test func manyAtOnceSubscribeOnce() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await stage.subscribe(plan).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers.sorted() == [201, 409, 409, 409, 409, 409])
        }
    }

    /// The first payment comes with the subscription, and once, however often the request is repeated.
    @Test func subscribingBeginsThePaymentWhereItIsAskedTo() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let body: JSONValue = ["planId": .string(plan), "provider": "sandbox", "returnUrl": "http://app.test/back"]
            let evil: JSONValue = ["planId": .string(plan), "returnUrl": "http://evil.test/"]
            let refused = try await stage.send("POST", "/subscriptions/subscribe", as: "reader", evil)
            #expect(refused.status == 422 && refused.refusedFields == ["returnUrl"])
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: nil, body).status == 401)
            let first = try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body, key: "once")
            #expect(first.status == 201 && first.data["status"] == "pending", "\(first.text)")
            let order = try #require(first.data["order"])
            #expect(order["status"] == "pending" && order["amount"]?.number == 30 && order["purpose"] == "subscription")
            #expect(order["metadata"]?["plan"] == "basic" && order["checkout"]?["url"]?.string != nil)
            let again = try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body, key: "once")
            #expect(again.text == first.text && again.field("idempotency-replayed") == "true")
            #expect(try await stage.texts("select id::text from payments.payments").count == 1)
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "reader", body).code == "already_subscribed")
            try await stage.succeed(try #require(order["id"]?.string.flatMap { UUID($0) }))
            let active = try await stage.get(try #require(first.data["id"]?.string))
            #expect(active["status"] == "active" && active["order"] == .null)
            // By whom nobody can be paid: the subscription waits, and says what is open.
            let other = try await stage.send(
                "POST", "/subscriptions/subscribe", as: "stranger", ["planId": .string(plan), "provider": "nobody"])
            #expect(other.status == 201 && other.data["order"] == .null && other.data["payment"]?["amount"]?.number == 30, "\(other.text)")
            let free = try await stage.plan("free", 0)
            let owner = try await stage.send(
                "POST", "/subscriptions/subscribe", as: "owner", ["planId": .string(free), "provider": "sandbox"])
            #expect(owner.status == 201 && owner.data["status"] == "active" && owner.data["order"] == .null, "\(owner.text)")
            // What figures tell apart by plan they find with the payment.
            #expect(try await stage.texts("select metadata->>'plan' from payments.payments") == ["basic"])
        }
    }

    @Test func whoGoesTakesACopyWithHimAndOwesNothingMore() async throws {
        try await withSubscriptions { stage in
            let plan = try await stage.plan("basic", 30)
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            try await stage.pay(id)
            _ = try await stage.send("POST", "/subscriptions/\(id)/cancel", as: "reader", ["reason": "my own words"])
            _ = try await stage.send("POST", "/subscriptions/\(id)/resume", as: "reader")
            // His renewal is asked for: an invoice in his name, and a charge that is open.
            stage.clock.advance(by: .days(31))
            try await stage.cycle()
            let reader = stage.world.people["reader"]
            func copy() async throws -> JSONValue {
                let parts = stage.personal
                return try await TestLoops.run {
                    var copy: [(name: String, value: JSONValue)] = []
                    for part in parts { copy.append((part.name, try JSONValue.decode(json: try await part.export(reader).bytes))) }
                    return .object(copy)
                }
            }
            let before = try await copy()
            #expect(before["subscriptions"]?[0]?["id"] == .string(id) && before["subscriptions"]?[0]?["plan"] == "basic")
            #expect(String(decoding: before.jsonBytes, as: UTF8.self).contains("my own words"))
            #expect(before["invoices"]?.array?.isEmpty == false && before["invoices"]?[0]?["items"]?.array?.count == 1)
            let stranger = stage.world.people["stranger"]
            let others = stage.personal
            let foreign = try await TestLoops.run { try await others[0].export(stranger).string }
            #expect(foreign == "[]")
            for _ in 0..<2 {
                try await TestLoops.run { for part in others { try await part.erase(reader) } }
            }
            let after = try await copy()
            #expect(after["subscriptions"]?[0]?["status"] == "cancelled" && !String(decoding: after.jsonBytes, as: UTF8.self).contains("my own words"))
            #expect(try await stage.texts("select status from subscriptions.charges where status = 'open'").isEmpty)
            #expect(try await stage.events().filter { $0 == "subscription.expired" }.count == 1)
        }
    }
}

extension UUID {
    /// One for each number.
    fileprivate init(uuidString number: Int) {
        let digits = String(number)
        self = UUID("00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)!
    }
}
