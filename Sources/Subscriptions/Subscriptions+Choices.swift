import Invoices
import Payments
import Postgres
import Service
import Values

/// What subscribers and staff do with subscriptions.
extension Subscriptions {
    /// Subscribes: at once to what is free, to a trial where there is one, else once the first period is paid.
    /// What an effect has begun it does not begin again.
    func subscribe(_ body: SubscribeBody, by caller: Caller, as effect: Effect) async throws -> ID<Subscription> {
        let user = try caller.user()
        let id = ID<Subscription>(effect.id)
        if effect.isContinued, try await database.first(SubscriptionQueries.subscription(id)) != nil { return id }
        let type = ScopeType(body.subscriberType)
        let subscriber = Scope(type, body.subscriberID ?? user)
        let plan = try await plan(body.planID)
        guard plan.isActive, plan.subscriberType == type.name else { throw HouseProblem.notFound.problem }
        guard try await isSubscriber(caller, subscriber, plan.product) else { throw HouseProblem.notFound.problem }
        let price = try price(of: plan, body.cycle, in: body.currency)
        if let method = body.savedMethodID { try await checkOwn(method, user) }
        return try await database.transaction { _ in
            let now = clock.now()
            let hadTrial = try await database.one(SubscriptionQueries.hadTrial(plan.product, of: subscriber))
            let isTrial = plan.trialDays > 0 && !hadTrial && !price.isZero
            let end = isTrial ? now + .days(plan.trialDays) : body.cycle.end(of: now, anchor: now.day.day)
            var new = Subscription(
                id: id, createdAt: now, updatedAt: now, product: plan.product, subscriber: subscriber, planID: plan.id,
                cycle: body.cycle, amount: price, status: price.isZero ? .active : isTrial ? .trialing : .pending,
                periodStartAt: now, periodEndAt: end, anchorDay: (isTrial ? end : now).day.day, hadTrial: isTrial,
                autoRenew: true, cancelAtPeriodEnd: false, cancelledAt: nil, cancelReason: nil,
                savedMethodID: body.savedMethodID, nextPlanID: nil,
                nextCycle: nil, attempts: 0, graceUntil: nil, nextStepAt: nil)
            if new.status.isEntitling, !plan.holds(try await usage(of: new)) { throw SubscriptionProblem.usageExceedsPlan }
            new.nextStepAt = new.nextStep(after: now)
            guard try await database.execute(SubscriptionQueries.insert(new)) == 1 else {
                throw SubscriptionProblem.alreadySubscribed
            }
            if new.status == .pending {
                try await ask(Charge(
                    id: .new(), subscriptionID: new.id, kind: .first, planID: plan.id, cycle: body.cycle, amount: price,
                    fromAt: now, toAt: end))
            }
            let isActive = new.status.isEntitling
            try await keep(
                NewChange(.created, from: nil, to: new, by: user), isActive ? "subscription.activated" : nil)
            return new.id
        }
    }

    private func checkOwn(_ method: ID<SavedMethod>, _ user: UUID) async throws {
        guard try await database.one(SubscriptionQueries.has(method, user: user)) else {
            throw InvalidInput(field: "savedMethodId", code: "choice", message: "You have saved no such method.")
        }
    }

    private func price(of plan: Plan, _ cycle: BillingCycle, in currency: Currency?) throws -> Money {
        let currencies = Set(plan.prices.map(\.currency))
        guard let currency = currency ?? (currencies.count == 1 ? currencies.first : plan.type == .free ? .usd : nil),
            let price = try plan.price(cycle, in: currency)
        else { throw SubscriptionProblem.priceMissing.on("cycle") }
        return price
    }

    /// Asks for a price, with the tax that is not in it.
    ///
    /// - Returns: what is asked for; nil where one is open: that is what is asked already.
    @discardableResult
    func ask(_ price: Charge) async throws -> Charge? {
        let charge = try price.adding(try tax.added(to: price.amount))
        return try await database.execute(ChargeQueries.insert(charge, at: clock.now())) == 1 ? charge : nil
    }

    func cancel(_ id: ID<Subscription>, _ body: CancelledSubscriptionBody, by caller: Caller) async throws {
        let user = try caller.user()
        try await database.transaction { _ in
            let before = try await lock(id)
            try await require(.subscriptionsManage, caller, before)
            let isStaff = caller.can(.subscriptionsManage, on: [])
            if body.immediate, !isStaff { throw HouseProblem.forbidden.problem }
            var after = before
            try after.cancel(at: clock.now(), reason: body.reason, immediately: body.immediate)
            if after.status == .cancelled { try await withdrawCharge(of: id, because: "The subscription was cancelled.") }
            try await keep(
                NewChange(.cancelled, from: before, to: after, by: user, reason: body.reason),
                after.status == .cancelled ? "subscription.expired" : "subscription.changed")
        }
    }

    /// The account of a subscriber is erased: what he has of his own ends at once, and his words with it. Repeatable.
    func part(with user: UUID) async throws {
        for id in try await database.all(PersonalQueries.running(of: user)) {
            try await database.transaction { _ in
                let before = try await lock(id)
                guard before.status.isLive else { return }
                var after = before
                try after.cancel(at: clock.now(), reason: nil, immediately: true)
                try await withdrawCharge(of: id, because: "The subscriber's account has ended.")
                try await keep(NewChange(.cancelled, from: before, to: after), "subscription.expired")
            }
        }
        try await database.write(PersonalQueries.forgetReasons(of: user), PersonalQueries.forgetWords(of: user))
    }

    func resume(_ id: ID<Subscription>, by caller: Caller) async throws {
        let user = try caller.user()
        try await database.transaction { _ in
            let before = try await lock(id)
            try await require(.subscriptionsManage, caller, before)
            var after = before
            try after.resume()
            try await keep(NewChange(.resumed, from: before, to: after, by: user), "subscription.changed")
        }
    }

    func change(_ id: ID<Subscription>, _ body: ChangedSubscriptionBody, by caller: Caller) async throws {
        try await database.transaction { _ in
            var subscription = try await lock(id)
            try await require(.subscriptionsManage, caller, subscription)
            guard subscription.status.isLive else { throw SubscriptionProblem.invalidState }
            try await caller.checkMatch()
            subscription.autoRenew = body.autoRenew.value(or: subscription.autoRenew)
            if case .set(let method) = body.savedMethodID {
                if let method { try await checkOwn(method, try caller.user()) }
                subscription.savedMethodID = method
            }
            try await database.execute(SubscriptionQueries.save(subscription, at: clock.now()))
        }
    }

    /// Asks for the next period now; one that is asked for already stays as it is.
    func renew(_ id: ID<Subscription>, by caller: Caller) async throws {
        try await database.transaction { _ in
            let subscription = try await lock(id)
            try await require(.subscriptionsManage, caller, subscription)
            guard subscription.status.isEntitling, !subscription.amount.isZero || subscription.nextPlanID != nil else {
                throw SubscriptionProblem.invalidState
            }
            try await askRenewal(of: subscription)
        }
    }

    /// A dearer plan is asked for at once, for the rest of the period; a cheaper one, and another cycle, hold from the next
    /// period on.
    func change(plan body: ChangedPlanChoice, of id: ID<Subscription>, by caller: Caller) async throws {
        let user = try caller.user()
        try await database.transaction { _ in
            let before = try await lock(id)
            try await require(.subscriptionsManage, caller, before)
            guard before.status == .active || before.status == .trialing, !before.cancelAtPeriodEnd else {
                throw SubscriptionProblem.invalidState
            }
            let plan = try await plan(body.planID)
            guard plan.isActive, plan.product == before.product, plan.subscriberType == before.subscriber.type.name else {
                throw HouseProblem.notFound.problem
            }
            let cycle = body.cycle ?? before.cycle
            guard plan.id != before.planID || cycle != before.cycle else { throw SubscriptionProblem.samePlan }
            guard let price = try plan.price(before.cycle, in: before.amount.currency),
                try plan.price(cycle, in: before.amount.currency) != nil
            else { throw SubscriptionProblem.priceMissing.on("cycle") }
            var after = before
            if before.status == .trialing {
                guard let trialPrice = try plan.price(cycle, in: before.amount.currency) else { return }
                if !plan.holds(try await usage(of: before)) { throw SubscriptionProblem.usageExceedsPlan }
                after.take(plan.id, cycle, trialPrice)
            } else if price.minor > before.amount.minor {
                // The history and the others hear of it when it is paid.
                return try await askUpgrade(of: before, to: plan, price, next: cycle)
            } else {
                if !plan.holds(try await usage(of: before)) { throw SubscriptionProblem.usageExceedsPlan }
                (after.nextPlanID, after.nextCycle) = (plan.id, cycle)
                try await withdrawCharge(of: id, because: "Another plan was chosen for the next period.")
            }
            let isDearer = price.minor > before.amount.minor
            try await keep(
                NewChange(isDearer ? .upgraded : .downgraded, from: before, to: after, by: user), "subscription.changed")
        }
    }

    private func askUpgrade(
        of before: Subscription, to plan: Plan, _ price: Money, next cycle: BillingCycle
    ) async throws {
        let now = clock.now()
        // What was asked before, if anything, was for the plan that is left.
        try await withdrawCharge(of: before.id, because: "Another plan was chosen.")
        try await ask(Charge(
            id: .new(), subscriptionID: before.id, kind: .change, planID: plan.id, cycle: before.cycle,
            amount: try before.proration(to: price, at: now), fromAt: now, toAt: before.periodEndAt))
        var after = before
        after.nextPlanID = nil
        after.nextCycle = cycle == before.cycle ? nil : cycle
        try await database.execute(SubscriptionQueries.save(after, at: now))
    }

    // MARK: Staff

    func extend(_ id: ID<Subscription>, _ body: ExtendedSubscriptionBody, by staff: UUID) async throws {
        try await database.transaction { _ in
            let before = try await lock(id)
            guard before.status.isEntitling else { throw SubscriptionProblem.invalidState }
            var after = before
            if before.status == .pastDue {
                try await withdrawCharge(of: id, because: "The period was extended.")
                after.begin(before.periodStartAt, until: clock.now() + .days(body.days))
            } else {
                after.periodEndAt = before.periodEndAt + .days(body.days)
                try await withdrawCharge(of: id, because: "The period was extended.")
            }
            try await keep(
                NewChange(.extended, from: before, to: after, by: staff, reason: body.reason), "subscription.changed")
        }
    }

    /// Gives days on a plan for nothing.
    func comp(_ id: ID<Subscription>, _ body: CompedSubscriptionBody, by staff: UUID) async throws {
        try await database.transaction { _ in
            let before = try await lock(id)
            guard before.status.isLive else { throw SubscriptionProblem.invalidState }
            let now = clock.now()
            var after = before
            if let chosen = body.planID {
                let plan = try await plan(chosen)
                guard plan.product == before.product, plan.subscriberType == before.subscriber.type.name else {
                    throw HouseProblem.notFound.problem
                }
                guard let price = try plan.price(before.cycle, in: before.amount.currency) else {
                    throw SubscriptionProblem.priceMissing.on("planId")
                }
                after.take(plan.id, before.cycle, price)
            }
            try await withdrawCharge(of: id, because: "The period was given for nothing.")
            let isBeginning = before.status == .pending || before.status == .pastDue
            after.begin(
                isBeginning ? now : before.periodStartAt,
                until: (isBeginning ? now : before.periodEndAt) + .days(body.days))
            try await keep(
                NewChange(.comped, from: before, to: after, by: staff, reason: body.reason), "subscription.changed")
        }
    }

    /// Takes back what was asked and has not been paid, with its invoice.
    func withdrawCharge(of id: ID<Subscription>, because reason: String) async throws {
        guard let charge = try await database.first(ChargeQueries.open(of: id)) else { return }
        try await database.execute(ChargeQueries.mark(charge.id, .void))
        guard let invoice = charge.invoiceID else { return }
        do {
            try await database.transaction { _ in try await invoices.cancel(ID(invoice), reason: reason) }
        } catch InvoiceProblem.invoiceHasPayments {
            // A part of it has been paid by another way: the office decides what becomes of that.
        }
    }
}
