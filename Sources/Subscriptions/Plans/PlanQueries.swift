import JSON
import Postgres
import Service
import Values

/// The SQL of plans.
enum PlanQueries {
    private static let columns: SQL = """
        p.id, p.created_at, p.updated_at, p.product, p.subscriber_type, p.slug, p.name, p.description, p.type, p.limits,
        p.features, p.permissions, p.discount_percent, p.trial_days, p.is_active, p.is_popular, p.display_order,
        r.cycles, r.currencies, r.amounts
        """
    private static let tables: SQL = """
        subscriptions.plans p cross join lateral (
            select array_agg(x.cycle order by x.cycle, x.currency) as cycles,
                   array_agg(x.currency::text order by x.cycle, x.currency) as currencies,
                   array_agg(x.amount order by x.cycle, x.currency) as amounts
              from subscriptions.plan_prices x where x.plan_id = p.id) r
        """

    static func plan(_ id: ID<Plan>) -> Statement<Plan> {
        Statement("select \(columns) from \(tables) where p.id = \(id)")
    }

    static func lock(_ id: ID<Plan>) -> Statement<Plan> {
        Statement("select \(columns) from \(tables) where p.id = \(id) for update of p")
    }

    /// What takes the place of a plan that has ended. Index `plans_slug_unique`.
    static func free(_ product: String, _ type: ScopeType) -> Statement<Plan> {
        Statement(
            """
            select \(columns) from \(tables)
             where p.product = \(product) and p.subscriber_type = \(type.name) and p.type = 'free' and p.is_active
             order by p.display_order, p.id limit 1
            """)
    }

    /// Offered ones, in their order; a product has tens.
    static func offered(_ filter: PlanFilter) -> Statement<Plan> {
        Statement(
            """
            select \(columns) from \(tables) where p.is_active and \(matching(filter))
             order by p.product, p.display_order, p.id limit 200
            """)
    }

    static func all(_ filter: PlanFilter, _ page: PageRequest) -> Statement<CountedPlan> {
        Statement(
            """
            select (select count(*) from subscriptions.subscriptions s where s.plan_id = p.id
                       and s.status in ('trialing', 'active', 'past_due')), \(columns)
              from \(tables) where \(matching(filter))
             order by p.product, p.display_order, p.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: PlanFilter) -> Statement<Int> {
        Statement("select count(*) from subscriptions.plans p where \(matching(filter))")
    }

    private static func matching(_ filter: PlanFilter) -> SQL {
        var condition: SQL = "true"
        if let product = filter.product { condition = "\(condition) and p.product = \(product)" }
        if let type = filter.subscriberType { condition = "\(condition) and p.subscriber_type = \(type)" }
        return condition
    }

    static func insert(_ plan: Plan) -> Command {
        Command(
            """
            insert into subscriptions.plans (id, created_at, updated_at, product, subscriber_type, slug, name, description,
                type, limits, features, permissions, discount_percent, trial_days, is_popular, display_order)
            values (\(plan.id), \(plan.createdAt), \(plan.updatedAt), \(plan.product), \(plan.subscriberType), \(plan.slug),
                \(plan.name), \(plan.description), \(plan.type), \(JSONText(encoding: plan.limits)), \(plan.features),
                \(plan.permissions), \(plan.discountPercent), \(plan.trialDays), \(plan.isPopular), \(plan.displayOrder))
            on conflict (product, slug) do nothing
            """)
    }

    static func save(_ plan: Plan, at now: Instant) -> Command {
        Command(
            """
            update subscriptions.plans p set updated_at = \(now), slug = \(plan.slug), name = \(plan.name),
                description = \(plan.description), limits = \(JSONText(encoding: plan.limits)), features = \(plan.features),
                permissions = \(plan.permissions), discount_percent = \(plan.discountPercent),
                trial_days = \(plan.trialDays), is_active = \(plan.isActive), is_popular = \(plan.isPopular),
                display_order = \(plan.displayOrder)
             where p.id = \(plan.id) and not exists (
                select from subscriptions.plans o
                 where o.product = \(plan.product) and o.slug = \(plan.slug) and o.id <> \(plan.id))
            """)
    }

    static func forgetPrices(of id: ID<Plan>) -> Command {
        Command("delete from subscriptions.plan_prices where plan_id = \(id)")
    }

    static func insert(_ prices: [PlanPrice], of id: ID<Plan>) -> Command {
        Command(
            """
            insert into subscriptions.plan_prices (plan_id, cycle, currency, amount)
            select \(id), x.cycle, x.currency, x.amount
              from unnest(\(prices.map(\.cycle.rawValue))::text[], \(prices.map(\.currency.code))::text[],
                   \(prices.map { Int($0.money.minor) })::bigint[]) x(cycle, currency, amount)
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let plan = Plan(
            id: .new(), createdAt: now, updatedAt: now, product: "a", subscriberType: "user", slug: "a", name: "a",
            description: nil, type: .basic, limits: [:], features: [], permissions: [], discountPercent: 0, trialDays: 0,
            isActive: true, isPopular: false, displayOrder: 0, prices: [])
        let filter = PlanFilter(product: "a", subscriberType: "user")
        return [
            StatementSample("plan", self.plan(.new())), StatementSample("plan, locked", lock(.new())),
            StatementSample("free plan", free("a", .user)), StatementSample("offered plans", offered(filter)),
            StatementSample("plans", all(filter, PageRequest(sort: "displayOrder"))),
            StatementSample("plans, counted", count(filter)), StatementSample("new plan", insert(plan)),
            StatementSample("changed plan", save(plan, at: now)), StatementSample("forgotten prices", forgetPrices(of: .new())),
            StatementSample("prices", insert([], of: .new())),
        ]
    }
}
