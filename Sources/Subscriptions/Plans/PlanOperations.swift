import Identity
import JSON
import Postgres
import Service
import Values

/// How plans are reached.
enum PlanOperations {
    private static let base = "/api/v1/admin/subscriptions/plans"
    private static let tag = "Subscriptions"

    static func all(_ module: SubscriptionsModule) -> [Operation] { reading(module.door) + writing(module) }

    private static func reading(_ door: Subscriptions) -> [Operation] {
        [
            .get(
                "/api/v1/subscriptions/plans", "listPlans", "Plans that are offered", tag: tag, who: .anyone,
                query: PlanFilter.self, answer: [Plan].self
            ) { _, filter in
                try await door.database.all(PlanQueries.offered(filter))
            }.cached(as: "plans", for: .seconds(300), audience: .everyone),
            .list(
                base, "listAllPlans", "All plans with how many have them", tag: tag, who: .permission(.subscriptionsRead),
                filter: PlanFilter.self, item: CountedPlan.self, sort: ["displayOrder"]
            ) { call, filter, page in
                try call.caller.requirePlatform(.subscriptionsRead)
                return Page(
                    try await door.database.all(PlanQueries.all(filter, page)),
                    total: try await door.database.one(PlanQueries.count(filter)))
            },
            .get(
                base + "/{id}", "getPlan", "One plan", tag: tag, who: .permission(.subscriptionsRead), answer: Plan.self
            ) { call in
                try call.caller.requirePlatform(.subscriptionsRead)
                return try await door.plan(try call.id())
            },
        ]
    }

    private static func writing(_ module: SubscriptionsModule) -> [Operation] {
        let door = module.door
        return [
            .post(
                base, "makePlan", "Make a plan of a product", tag: tag, who: .permission(.subscriptionsManage),
                problems: [SubscriptionProblem.planSlugTaken], body: NewPlanBody.self, answer: Plan.self,
                location: { "\(base)/\($0.id)" }
            ) { call, body in
                try call.caller.requirePlatform(.subscriptionsManage)
                return try await door.database.transaction { _ in
                    let plan = try await door.make(body, trialDays: body.trialDays ?? (body.type == .trial ? module.trialDays : 0))
                    await module.record("plan_made", "plan", plan.id.uuid, plan.product, .platform, by: call)
                    return plan
                }
            }.invalidating("plans"),
            .put(
                base + "/{id}", "changePlan", "Change a plan; prices touch new periods", tag: tag,
                who: .permission(.subscriptionsManage), problems: [SubscriptionProblem.planSlugTaken],
                body: ChangedPlanBody.self, answer: Plan.self
            ) { call, body in
                try call.caller.requirePlatform(.subscriptionsManage)
                return try await door.database.transaction { _ in
                    let (before, after) = try await door.change(plan: try call.id(), body, by: call.caller)
                    let changes = [
                        AuditChange("name", .text(before.name), .text(after.name)),
                        AuditChange("isActive", .flag(before.isActive), .flag(after.isActive)),
                        AuditChange("limits", .json(JSONText(encoding: before.limits)), .json(JSONText(encoding: after.limits))),
                        AuditChange("prices", .json(JSONText(encoding: before.prices)), .json(JSONText(encoding: after.prices))),
                    ]
                    await module.record("plan_changed", "plan", after.id.uuid, after.product, .platform, changes, by: call)
                    return after
                }
            }.invalidating("plans"),
            .delete(
                base + "/{id}", "retirePlan", "Offer a plan no more; who has it keeps it", tag: tag,
                who: .permission(.subscriptionsManage)
            ) { call in
                try call.caller.requirePlatform(.subscriptionsManage)
                try await door.database.transaction { _ in
                    let plan = try await door.retire(plan: try call.id(), by: call.caller)
                    await module.record("plan_retired", "plan", plan.id.uuid, plan.product, .platform, by: call)
                }
            }.invalidating("plans"),
        ]
    }
}

extension Subscriptions {
    package func plan(_ id: ID<Plan>) async throws -> Plan {
        guard let plan = try await database.first(PlanQueries.plan(id)) else { throw HouseProblem.notFound.problem }
        return plan
    }

    fileprivate func make(_ body: NewPlanBody, trialDays: Int) async throws -> Plan {
        guard products.contains(where: { $0.product == body.product && $0.subscriberType.name == body.subscriberType }) else {
            throw InvalidInput(field: "product", code: "choice", message: "The product sells nothing to such subscribers.")
        }
        let prices = try PlanNames.prices(body.prices)
        guard body.type == .free ? prices.allSatisfy(\.money.isZero) : !prices.isEmpty else {
            throw InvalidInput(field: "prices", code: "range", message: "A free plan costs nothing, and any other something.")
        }
        let now = clock.now()
        let plan = Plan(
            id: .new(), createdAt: now, updatedAt: now, product: body.product, subscriberType: body.subscriberType,
            slug: body.slug, name: body.name, description: body.description, type: body.type, limits: body.limits,
            features: body.features, permissions: body.permissions, discountPercent: body.discountPercent,
            trialDays: trialDays, isActive: true, isPopular: body.isPopular, displayOrder: body.displayOrder,
            prices: prices)
        guard try await database.execute(PlanQueries.insert(plan)) == 1 else { throw SubscriptionProblem.planSlugTaken }
        try await database.execute(PlanQueries.insert(prices, of: plan.id))
        return try await self.plan(plan.id)
    }

    fileprivate func change(
        plan id: ID<Plan>, _ body: ChangedPlanBody, by caller: Caller
    ) async throws -> (before: Plan, after: Plan) {
        guard let before = try await database.first(PlanQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await caller.checkMatch()
        var plan = before
        plan.slug = body.slug.value(or: plan.slug)
        plan.name = body.name.value(or: plan.name)
        plan.description = body.description.value(or: plan.description)
        plan.limits = body.limits.value(or: plan.limits)
        plan.features = body.features.value(or: plan.features)
        plan.permissions = body.permissions.value(or: plan.permissions)
        plan.discountPercent = body.discountPercent.value(or: plan.discountPercent)
        plan.trialDays = body.trialDays.value(or: plan.trialDays)
        plan.isActive = body.isActive.value(or: plan.isActive)
        plan.isPopular = body.isPopular.value(or: plan.isPopular)
        plan.displayOrder = body.displayOrder.value(or: plan.displayOrder)
        guard try await database.execute(PlanQueries.save(plan, at: clock.now())) == 1 else {
            throw SubscriptionProblem.planSlugTaken
        }
        if let bodies = body.prices.value {
            let prices = try PlanNames.prices(bodies)
            guard plan.type == .free ? prices.allSatisfy(\.money.isZero) : !prices.isEmpty else {
                throw InvalidInput(field: "prices", code: "range", message: "A free plan costs nothing, and any other something.")
            }
            try await database.write([PlanQueries.forgetPrices(of: id), PlanQueries.insert(prices, of: id)])
        }
        return (before, try await self.plan(id))
    }

    fileprivate func retire(plan id: ID<Plan>, by caller: Caller) async throws -> Plan {
        guard var plan = try await database.first(PlanQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await caller.checkMatch()
        plan.isActive = false
        try await database.execute(PlanQueries.save(plan, at: clock.now()))
        return plan
    }
}
