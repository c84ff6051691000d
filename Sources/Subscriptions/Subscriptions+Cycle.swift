import Notifications
import Postgres
import Service
import Values

/// What time does to subscriptions (0-platform, 4.7 and 5.2): a job for each that something is due of.
extension Subscriptions {
    private static let step = 500
    /// More than ever follow each other at once.
    private static let mostSteps = 10

    /// Has jobs look at what is due. Repeatable: one that waits already is not added again.
    func cycle() async throws {
        let now = clock.now()
        var last: ID<Subscription>?
        while true {
            let due = try await database.all(SubscriptionQueries.due(at: now, after: last, limit: Self.step))
            try await database.transaction { _ in
                for id in due {
                    try await jobs.enqueue(
                        SubscriptionJobs.renewal, SubscriptionTask(subscriptionID: id), dedupe: "subscription:\(id)")
                }
            }
            guard due.count == Self.step else { return }
            last = due.last
        }
    }

    /// Carries out what is due of one. Repeatable, and one after the other of whoever does it at once.
    func carryOut(_ id: ID<Subscription>) async throws {
        for _ in 0..<Self.mostSteps {
            let wasDue = try await database.transaction { _ in
                let now = clock.now()
                guard let subscription = try await database.first(SubscriptionQueries.lock(id)),
                    let next = subscription.nextStepAt, next <= now
                else { return false }
                try await advance(subscription, at: now)
                return true
            }
            if !wasDue { return }
        }
    }

    private func advance(_ subscription: Subscription, at now: Instant) async throws {
        switch subscription.status {
        case .pending: try await abandon(subscription)
        case .pastDue: try await press(subscription, at: now)
        case .trialing, .active:
            if subscription.periodEndAt <= now {
                try await end(subscription, at: now)
            } else {
                try await approach(subscription, at: now)
            }
        case .cancelled, .expired: break
        }
    }

    /// Nobody has paid the first period for a day.
    private func abandon(_ before: Subscription) async throws {
        var after = before
        after.expire()
        try await withdrawCharge(of: before.id, because: "It was not paid within a day.")
        try await keep(NewChange(.expired, from: before, to: after))
    }

    /// The end comes nearer: a word on it, and a day before the renewal's invoice.
    private func approach(_ subscription: Subscription, at now: Instant) async throws {
        let renews = subscription.autoRenew && !subscription.cancelAtPeriodEnd
        if renews, subscription.periodEndAt - .days(1) <= now { try await askRenewal(of: subscription) }
        let days = Subscription.reminderDays.filter { subscription.periodEndAt - .days($0) <= now }.min()
        if let days, !subscription.amount.isZero { try await remind(subscription, days: days, renews: renews) }
        try await reschedule(subscription, after: now)
    }

    private func end(_ before: Subscription, at now: Instant) async throws {
        if let renewal = try await database.first(ChargeQueries.renewal(of: before.id, from: before.periodEndAt)),
            renewal.status == .paid
        { return try await roll(before, into: renewal) }
        if before.cancelAtPeriodEnd || !before.autoRenew { return try await finish(before, at: now) }
        let plan = try await plan(before.nextPlanID ?? before.planID)
        let cycle = before.nextCycle ?? before.cycle
        if let price = try plan.price(cycle, in: before.amount.currency), price.isZero {
            var after = before
            after.take(plan.id, cycle, price)
            after.begin(before.periodEndAt, until: cycle.end(of: before.periodEndAt, anchor: before.anchorDay))
            return try await keep(NewChange(.renewed, from: before, to: after), "subscription.renewed")
        }
        try await askRenewal(of: before)
        var after = before
        after.fallDue(grace: grace)
        try await keep(NewChange(.paymentFailed, from: before, to: after), "subscription.past_due")
        try await press(after)
    }

    /// An unpaid renewal: asked for again, and given up when the grace is over.
    private func press(_ before: Subscription, at now: Instant) async throws {
        if let grace = before.graceUntil, grace <= now {
            var after = before
            after.expire()
            try await withdrawCharge(of: before.id, because: "The grace is over.")
            return try await keep(NewChange(.expired, from: before, to: after), "subscription.expired")
        }
        let reached = Subscription.attemptDays.count { before.periodEndAt + .days($0) <= now }
        guard reached > before.attempts else { return try await reschedule(before, after: now) }
        var after = before
        after.attempts = reached
        try await keep(NewChange(.paymentFailed, from: before, to: after))
        try await press(after)
    }

    /// The period has ended and shall not go on: the free plan of the product, if what is used fits it.
    private func finish(_ before: Subscription, at now: Instant) async throws {
        try await withdrawCharge(of: before.id, because: "The subscription has ended.")
        var after = before
        if let free = try await database.first(PlanQueries.free(before.product, before.subscriber.type)),
            free.id != before.planID, free.holds(try await usage(of: before))
        {
            (after.cancelAtPeriodEnd, after.cancelledAt) = (false, nil)
            after.autoRenew = true
            after.take(free.id, .monthly, .zero(before.amount.currency))
            after.begin(before.periodEndAt, until: BillingCycle.monthly.end(of: before.periodEndAt, anchor: before.anchorDay))
            return try await keep(NewChange(.downgraded, from: before, to: after), "subscription.changed")
        }
        after.expire()
        try await keep(NewChange(.expired, from: before, to: after), "subscription.expired")
    }

    private func reschedule(_ subscription: Subscription, after now: Instant) async throws {
        var next = subscription
        next.nextStepAt = next.nextStep(after: now)
        try await database.execute(SubscriptionQueries.save(next, at: now))
    }

    // MARK: Telling

    /// What renews itself is to be paid then; what does not ends.
    private func remind(_ subscription: Subscription, days: Int, renews: Bool) async throws {
        let until = subscription.periodEndAt.day
        try await tell(
            subscription, renews ? .paymentReminder : .subscriptionExpiring, until: until, key: "expiring:\(until):\(days)")
    }

    private func press(_ subscription: Subscription) async throws {
        guard let grace = subscription.graceUntil else { return }
        try await collect(subscription)
        try await tell(
            subscription, .subscriptionFailed, until: grace.day,
            key: "failed:\(subscription.periodEndAt.day):\(subscription.attempts)")
    }

    func thank(_ subscription: Subscription, for charge: Charge) async throws {
        try await tell(
            subscription, .subscriptionRenewed, until: subscription.periodEndAt.day, amount: charge.amount,
            key: "paid:\(charge.id)")
    }

    /// In each reader's language.
    private func tell(
        _ subscription: Subscription, _ template: TemplateKey, until day: Day, amount: Money? = nil, key: String
    ) async throws {
        guard let id = subscription.subscriber.id, let sold = product(subscription.product, subscription.subscriber.type)
        else { return }
        let name = try await plan(subscription.planID).name
        let amount = (amount ?? subscription.amount).description
        for reader in try await database.all(SubscriptionQueries.readers(try await sold.contacts(id))) {
            let notice = Notice(
                template: template, in: reader.locale,
                [
                    "plan": name, "purpose": name, "amount": amount, "date": day.description,
                    "reason": "\(amount), \(day)",
                ], scope: subscription.subscriber, dedupeKey: "subscription:\(subscription.id):\(key):\(reader.id)")
            try await notifications.send(notice, to: .user(reader.id, email: reader.email))
        }
    }
}
