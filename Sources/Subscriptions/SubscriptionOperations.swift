import Identity
import JSON
import Service
import Values

/// How subscriptions are reached.
enum SubscriptionOperations {
    private static let base = "/api/v1/subscriptions"
    private static let tag = "Subscriptions"

    static func all(_ module: SubscriptionsModule) -> [Operation] { reading(module.door) + choosing(module) + staff(module) }

    private static func reading(_ door: Subscriptions) -> [Operation] {
        [
            .list(
                base, "listSubscriptions", "One's own subscriptions, and those of scopes that one pays for", tag: tag,
                who: .signedIn, filter: SubscriptionFilter.self, item: SubscriptionLine.self, sort: ["-createdAt"]
            ) { call, filter, page in
                let own = try door.own(call.caller)
                return Page(
                    try await door.database.all(SubscriptionQueries.page(filter, within: own, page)).map(SubscriptionLine.init),
                    total: try await door.database.one(SubscriptionQueries.count(filter, within: own)))
            }.openWhenLocked(),
            .get(
                base + "/{id}", "getSubscription", "A subscription with its plan, limits, usage, and what is to be paid",
                tag: tag, who: .signedIn, answer: SubscriptionView.self
            ) { call in
                let id: ID<Subscription> = try call.id()
                try await door.require(.subscriptionsRead, call.caller, try await door.subscription(id))
                return try await door.view(id)
            }.uncompressed().openWhenLocked(),
            .get(
                base + "/{id}/history", "getSubscriptionHistory", "What became of a subscription, the newest first", tag: tag,
                who: .signedIn, answer: [ChangeRecord].self
            ) { call in
                let id: ID<Subscription> = try call.id()
                try await door.require(.subscriptionsRead, call.caller, try await door.subscription(id))
                return try await door.database.all(SubscriptionQueries.changes(of: id, limit: 200))
            }.openWhenLocked(),
        ]
    }

    private static func choosing(_ module: SubscriptionsModule) -> [Operation] {
        let door = module.door
        return [
            .post(
                base + "/subscribe", "subscribe", "Subscribe to a plan", tag: tag, who: .signedIn,
                problems: [
                    SubscriptionProblem.alreadySubscribed, SubscriptionProblem.usageExceedsPlan, SubscriptionProblem.priceMissing,
                ], body: SubscribeBody.self, answer: SubscriptionView.self, location: { "\(base)/\($0.subscription.id)" }
            ) { call, body in
                try module.returns.check(body.returnURL)
                let id = try await door.subscribe(body, by: call.caller, as: call.effect)
                var view = try await door.view(id)
                if body.beginsPayment, view.charge != nil { view.order = try await module.begin(body, id, by: call) }
                return view
            }.askingOutside().openWhenLocked().uncompressed()
                .described(
                    """
                    A free plan is active at once, a trial begins at once, any other is pending until `payment` is paid: where \
                    provider or returnUrl are named, `order` is the payment with its checkout. Where none could be begun it is null, \
                    and POST /payments/create says why.
                    """),
            .patch(
                base + "/{id}", "changeSubscription", "Say whether a subscription goes on by itself", tag: tag, who: .signedIn,
                problems: [SubscriptionProblem.invalidState], body: ChangedSubscriptionBody.self, answer: SubscriptionView.self
            ) { call, body in
                let id: ID<Subscription> = try call.id()
                try await door.change(id, body, by: call.caller)
                return try await door.view(id)
            }.uncompressed().openWhenLocked(),
            .post(
                base + "/{id}/cancel", "cancelSubscription", "End a subscription with its period", tag: tag, who: .signedIn,
                problems: [SubscriptionProblem.invalidState, HouseProblem.forbidden], body: CancelledSubscriptionBody.self,
                answer: SubscriptionView.self, status: 200
            ) { call, body in
                let id: ID<Subscription> = try call.id()
                try await module.audited("subscription_cancelled", id, call) {
                    try await door.cancel(id, body, by: call.caller)
                }
                return try await door.view(id)
            }.uncompressed().openWhenLocked(),
            .action(
                base + "/{id}/resume", "resumeSubscription", "Let a cancelled subscription go on", tag: tag, who: .signedIn,
                problems: [SubscriptionProblem.invalidState], answer: SubscriptionView.self
            ) { call in
                let id: ID<Subscription> = try call.id()
                try await door.resume(id, by: call.caller)
                return try await door.view(id)
            }.uncompressed().openWhenLocked(),
            .action(
                base + "/{id}/renew", "renewSubscription", "Ask for the next period now", tag: tag, who: .signedIn,
                problems: [SubscriptionProblem.invalidState], answer: SubscriptionView.self
            ) { call in
                let id: ID<Subscription> = try call.id()
                try await door.renew(id, by: call.caller)
                return try await door.view(id)
            }.uncompressed().openWhenLocked(),
            .post(
                base + "/{id}/change", "changeSubscriptionPlan", "Take another plan or cycle", tag: tag, who: .signedIn,
                problems: [
                    SubscriptionProblem.invalidState, SubscriptionProblem.usageExceedsPlan, SubscriptionProblem.samePlan,
                    SubscriptionProblem.priceMissing,
                ], body: ChangedPlanChoice.self, answer: SubscriptionView.self, status: 200
            ) { call, body in
                let id: ID<Subscription> = try call.id()
                try await door.change(plan: body, of: id, by: call.caller)
                return try await door.view(id)
            }.uncompressed().openWhenLocked()
                .described("A dearer plan holds once the rest of the period is paid, a cheaper one from the next period on."),
        ]
    }

    private static func staff(_ module: SubscriptionsModule) -> [Operation] {
        let door = module.door
        let admin = "/api/v1/admin/subscriptions"
        return [
            .list(
                admin, "listAllSubscriptions", "Everybody's subscriptions", tag: tag, who: .permission(.subscriptionsRead),
                filter: SubscriptionFilter.self, item: SubscriptionLine.self, sort: ["-createdAt"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.subscriptionsRead)
                return Page(
                    try await door.database.all(SubscriptionQueries.page(filter, within: nil, page)).map(SubscriptionLine.init),
                    total: try await door.database.one(SubscriptionQueries.count(filter, within: nil)))
            },
            .get(
                admin + "/analytics", "getSubscriptionAnalytics", "What subscriptions bring in a month", tag: tag,
                who: .permission(.analyticsRead), query: FigureFilter.self, answer: SubscriptionFigures.self
            ) { call, filter in
                try call.caller.requirePlatform(.analyticsRead)
                let month = Instant(call.now.day.firstOfMonth)
                return SubscriptionFigures(
                    currencies: try await door.database.all(FigureQueries.currencies(filter.product, since: month)),
                    plans: try await door.database.all(FigureQueries.plans(filter.product)))
            },
            .post(
                admin + "/{id}/extend", "extendSubscription", "Give a subscription more days", tag: tag,
                who: .permission(.subscriptionsManage), problems: [SubscriptionProblem.invalidState],
                body: ExtendedSubscriptionBody.self, answer: SubscriptionView.self, status: 200
            ) { call, body in
                try call.caller.requirePlatform(.subscriptionsManage)
                let id: ID<Subscription> = try call.id()
                try await module.audited("subscription_extended", id, call) {
                    try await door.extend(id, body, by: try call.caller.user())
                }
                return try await door.view(id)
            }.uncompressed(),
            .post(
                admin + "/{id}/comp", "compSubscription", "Give days on a plan for nothing", tag: tag,
                who: .permission(.subscriptionsManage),
                problems: [SubscriptionProblem.invalidState, SubscriptionProblem.priceMissing],
                body: CompedSubscriptionBody.self, answer: SubscriptionView.self, status: 200
            ) { call, body in
                try call.caller.requirePlatform(.subscriptionsManage)
                let id: ID<Subscription> = try call.id()
                try await module.audited("subscription_comped", id, call) {
                    try await door.comp(id, body, by: try call.caller.user())
                }
                return try await door.view(id)
            }.uncompressed(),
        ]
    }
}

/// A subscription as a line of a list.
struct SubscriptionLine: WireOutput {
    let subscription: Subscription

    static let shape = Shape<SubscriptionLine>(
        output: "SubscriptionLine",
        Field("id", { $0.subscription.id }), Field("product", { $0.subscription.product }),
        Field("subscriberType", { $0.subscription.subscriber.type.name }),
        Field("subscriberId", { $0.subscription.subscriber.id }), Field("planId", { $0.subscription.planID }),
        Field("cycle", { $0.subscription.cycle }), Field("amount", { Amount($0.subscription.amount) }),
        Field("currency", { $0.subscription.amount.currency }), Field("status", { $0.subscription.status }),
        Field("periodStartAt", { $0.subscription.periodStartAt }), Field("periodEndAt", { $0.subscription.periodEndAt }),
        Field("autoRenew", { $0.subscription.autoRenew }),
        Field("cancelAtPeriodEnd", { $0.subscription.cancelAtPeriodEnd }), Field("createdAt", { $0.subscription.createdAt }))
}
