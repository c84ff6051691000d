import Payments
import Postgres
import Service
import Values

/// The SQL of subscriptions and their history.
enum SubscriptionQueries {
    static let columns: SQL = """
        s.id, s.created_at, s.updated_at, s.product, s.subscriber_type, s.subscriber_id, s.plan_id, s.cycle, s.amount,
        s.currency, s.status, s.period_start_at, s.period_end_at, s.anchor_day, s.had_trial, s.auto_renew,
        s.cancel_at_period_end, s.cancelled_at, s.cancel_reason, s.saved_method_id, s.next_plan_id, s.next_cycle, s.attempts, s.grace_until,
        s.next_step_at
        """

    static func subscription(_ id: ID<Subscription>) -> Statement<Subscription> {
        Statement("select \(columns) from subscriptions.subscriptions s where s.id = \(id)")
    }

    static func lock(_ id: ID<Subscription>) -> Statement<Subscription> {
        Statement("select \(columns) from subscriptions.subscriptions s where s.id = \(id) for update")
    }

    /// Index `subscriptions_live`.
    static func live(_ product: String, of subscriber: Scope) -> Statement<Subscription> {
        Statement(
            """
            select \(columns) from subscriptions.subscriptions s
             where s.product = \(product) and s.subscriber_type = \(subscriber.type.name)
               and s.subscriber_id = \(subscriber.id) and s.status in ('pending', 'trialing', 'active', 'past_due')
            """)
    }

    static func lockLive(_ product: String, of subscriber: Scope) -> Statement<Subscription> {
        Statement(
            """
            select \(columns) from subscriptions.subscriptions s
             where s.product = \(product) and s.subscriber_type = \(subscriber.type.name)
               and s.subscriber_id = \(subscriber.id) and s.status in ('trialing', 'active', 'past_due') for update
            """)
    }

    /// Whether the user has saved it, and has not let it go.
    static func has(_ method: ID<SavedMethod>, user: UUID) -> Statement<Bool> {
        Statement(
            """
            select exists (select from payments.saved_methods m
                where m.id = \(method) and m.user_id = \(user) and m.deleted_at is null)
            """)
    }

    /// Whose a saved method is.
    static func owner(of method: ID<SavedMethod>) -> Statement<UUID> {
        Statement("select m.user_id from payments.saved_methods m where m.id = \(method) and m.deleted_at is null")
    }

    /// One trial per subscriber and product.
    static func hadTrial(_ product: String, of subscriber: Scope) -> Statement<Bool> {
        Statement(
            """
            select exists (select from subscriptions.subscriptions s
                where s.subscriber_id = \(subscriber.id) and s.subscriber_type = \(subscriber.type.name)
                  and s.product = \(product) and s.had_trial)
            """)
    }

    /// Nothing is written when there is a live one.
    static func insert(_ s: Subscription) -> Command {
        Command(
            """
            insert into subscriptions.subscriptions (id, created_at, updated_at, product, subscriber_type, subscriber_id,
                plan_id, cycle, amount, currency, status, period_start_at, period_end_at, anchor_day, had_trial,
                saved_method_id, next_step_at)
            values (\(s.id), \(s.createdAt), \(s.updatedAt), \(s.product), \(s.subscriber.type.name), \(s.subscriber.id),
                \(s.planID), \(s.cycle), \(s.amount.minor), \(s.amount.currency), \(s.status), \(s.periodStartAt),
                \(s.periodEndAt), \(s.anchorDay), \(s.hadTrial), \(s.savedMethodID), \(s.nextStepAt))
            on conflict do nothing
            """)
    }

    static func save(_ s: Subscription, at now: Instant) -> Command {
        Command(
            """
            update subscriptions.subscriptions set updated_at = \(now), plan_id = \(s.planID), cycle = \(s.cycle),
                amount = \(s.amount.minor), currency = \(s.amount.currency), status = \(s.status),
                period_start_at = \(s.periodStartAt), period_end_at = \(s.periodEndAt), auto_renew = \(s.autoRenew),
                cancel_at_period_end = \(s.cancelAtPeriodEnd), cancelled_at = \(s.cancelledAt),
                cancel_reason = \(s.cancelReason), saved_method_id = \(s.savedMethodID),
                next_plan_id = \(s.nextPlanID), next_cycle = \(s.nextCycle),
                attempts = \(s.attempts), grace_until = \(s.graceUntil), next_step_at = \(s.nextStepAt)
             where id = \(s.id)
            """)
    }

    /// Those that a job has to look at, a bounded number at a time. Index `subscriptions_step`.
    static func due(at now: Instant, after last: ID<Subscription>?, limit: Int) -> Statement<ID<Subscription>> {
        let beyond: SQL = last.map { "and s.id > \($0)" } ?? ""
        return Statement(
            """
            select s.id from subscriptions.subscriptions s where s.next_step_at <= \(now) \(beyond)
             order by s.id limit \(limit)
            """)
    }

    // MARK: Lists

    static func page(_ filter: SubscriptionFilter, within own: [UUID]?, _ page: PageRequest) -> Statement<Subscription> {
        Statement(
            """
            select \(columns) from subscriptions.subscriptions s where \(matching(filter, own))
             order by s.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: SubscriptionFilter, within own: [UUID]?) -> Statement<Int> {
        Statement("select count(*) from subscriptions.subscriptions s where \(matching(filter, own))")
    }

    /// - Parameter own: the subscribers whose subscriptions the caller sees; nil for all.
    private static func matching(_ filter: SubscriptionFilter, _ own: [UUID]?) -> SQL {
        var condition: SQL = own.map { "s.subscriber_id = any(\($0))" } ?? "true"
        if let product = filter.product { condition = "\(condition) and s.product = \(product)" }
        if let id = filter.subscriberID { condition = "\(condition) and s.subscriber_id = \(id)" }
        if let status = filter.status { condition = "\(condition) and s.status = \(status)" }
        if filter.current { condition = "\(condition) and s.status in ('pending', 'trialing', 'active', 'past_due')" }
        return condition
    }

    // MARK: History

    static func note(_ change: NewChange, at now: Instant) -> Command {
        Command(
            """
            insert into subscriptions.changes (id, subscription_id, change, from_plan_id, to_plan_id, from_mrr, to_mrr,
                currency, actor_id, reason, at)
            values (\(UUID.v7()), \(change.after.id), \(change.change), \(change.before?.planID), \(change.after.planID),
                \(change.before?.monthlyRevenue ?? 0), \(change.after.monthlyRevenue), \(change.after.amount.currency),
                \(change.actor), \(change.reason), \(now))
            """)
    }

    static func changes(of id: ID<Subscription>, limit: Int) -> Statement<ChangeRecord> {
        Statement(
            """
            select c.change, f.slug, t.slug, c.from_mrr, c.to_mrr, c.currency, c.reason, c.at from subscriptions.changes c
              left join subscriptions.plans f on f.id = c.from_plan_id
              left join subscriptions.plans t on t.id = c.to_plan_id
             where c.subscription_id = \(id) order by c.id desc limit \(limit)
            """)
    }

    /// Those of these users who may sign in, with their addresses.
    static func readers(_ users: [UUID]) -> Statement<SubscriptionReader> {
        Statement("select u.id, u.email, u.locale from identity.users u where u.id = any(\(users)) and u.status in ('pending', 'active')")
    }

    static var samples: [StatementSample] {
        let s = Subscription.specimen
        let now = Instant.distantPast
        let filter = SubscriptionFilter(product: "a", subscriberID: .zero, status: .active, current: true)
        let order = PageRequest(sort: "createdAt")
        return [
            StatementSample("subscription", subscription(s.id)), StatementSample("subscription, locked", lock(s.id)),
            StatementSample("live subscription", live("a", of: s.subscriber)),
            StatementSample("live subscription, locked", lockLive("a", of: s.subscriber)),
            StatementSample("trial", hadTrial("a", of: s.subscriber)), StatementSample("new subscription", insert(s)),
            StatementSample("changed subscription", save(s, at: now)), StatementSample("due subscriptions", due(at: now, after: s.id, limit: 1)),
            StatementSample("subscriptions", page(filter, within: nil, order)),
            StatementSample("own subscriptions", page(filter, within: [.zero], order)),
            StatementSample("subscriptions, counted", count(filter, within: [.zero])),
            StatementSample("change", note(NewChange(.created, from: nil, to: s), at: now)),
            StatementSample("changes", changes(of: s.id, limit: 1)), StatementSample("readers", readers([.zero])),
            StatementSample("saved method", has(.new(), user: .zero)), StatementSample("owner of a method", owner(of: .new())),
        ]
    }
}

extension Subscription {
    static var specimen: Subscription {
        Subscription(
            id: .new(), createdAt: .distantPast, updatedAt: .distantPast, product: "a", subscriber: Scope(.user, .zero),
            planID: .new(), cycle: .monthly, amount: .zero(.eur), status: .active, periodStartAt: .distantPast,
            periodEndAt: .distantPast, anchorDay: 1, hadTrial: false, autoRenew: true, cancelAtPeriodEnd: false,
            cancelledAt: nil, cancelReason: nil, savedMethodID: nil, nextPlanID: nil, nextCycle: nil, attempts: 0, graceUntil: nil,
            nextStepAt: nil)
    }
}

/// A line of the history about to be written.
struct NewChange: Sendable {
    let change: SubscriptionChange
    let before: Subscription?
    let after: Subscription
    let actor: UUID?
    let reason: String?

    init(
        _ change: SubscriptionChange, from before: Subscription?, to after: Subscription, by actor: UUID? = nil,
        reason: String? = nil
    ) {
        self.change = change
        self.before = before
        self.after = after
        self.actor = actor
        self.reason = reason
    }
}

struct ChangeRecord: Row {
    let change: SubscriptionChange
    let fromPlan: String?
    let toPlan: String?
    let fromRevenue: Int64
    let toRevenue: Int64
    let currency: Currency
    let reason: String?
    let at: Instant

    init(_ row: inout RowReader) throws {
        change = try row.next()
        fromPlan = try row.next()
        toPlan = try row.next()
        fromRevenue = try row.next()
        toRevenue = try row.next()
        currency = try row.next()
        reason = try row.next()
        at = try row.next()
    }
}

struct SubscriptionReader: Row {
    let id: UUID
    let email: String?
    let locale: String

    init(_ row: inout RowReader) throws {
        id = try row.next()
        email = try row.next()
        locale = try row.next()
    }
}
