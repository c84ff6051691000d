import Identity
import Invoices
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// The door of subscriptions. Everything joins the caller's transaction and holds the subscription's row.
package final class Subscriptions: Sendable {
    let database: Database
    let products: [SubscriptionProduct]
    let clock: Clock
    let grace: Duration
    let invoices: Invoices
    let tax: GoodsTax
    private let scopes: ScopeTree
    private let gates: Gates?
    private let events: Outbox
    let jobs: Jobs
    let notifications: Notifications

    /// - Parameters:
    ///   - gates: of the scopes that can only be read once their subscription has ended.
    ///   - tax: on what is sold in rupees.
    ///   - grace: how long an unpaid renewal keeps what it entitles to.
    package init(
        database: Database, products: [SubscriptionProduct], invoices: Invoices, scopes: ScopeTree, gates: Gates?,
        events: Outbox, jobs: Jobs, notifications: Notifications, tax: GoodsTax = .standard, grace: Duration = .days(7),
        clock: Clock = .system
    ) {
        self.database = database
        self.products = products
        self.invoices = invoices
        self.tax = tax
        self.scopes = scopes
        self.gates = gates
        self.events = events
        self.jobs = jobs
        self.notifications = notifications
        self.grace = grace
        self.clock = clock
    }

    // MARK: For products

    /// The live subscription of a subscriber that entitles to its plan, and the plan.
    package func current(_ product: String, of subscriber: Scope) async throws -> (Subscription, Plan)? {
        guard let found = try await database.first(SubscriptionQueries.live(product, of: subscriber)),
            found.status.isEntitling
        else { return nil }
        return (found, try await plan(found.planID))
    }

    /// Takes a unit of a limit for an object, once. Throws `quota_exhausted`; of several who want the last one has it.
    package func take(_ name: String, for object: UUID, _ product: String, of subscriber: Scope) async throws {
        try await database.transaction { _ in
            guard let subscription = try await database.first(SubscriptionQueries.lockLive(product, of: subscriber)) else {
                throw SubscriptionProblem.quotaExhausted
            }
            let start = subscription.periodStartAt
            let taken = try await database.execute(ChargeQueries.take(name, object, of: subscription.id, since: start))
            // The object has its unit already, or had it and gave it back.
            if taken == 0 { return }
            let used = try await database.all(ChargeQueries.used(of: subscription.id, since: start))
                .first { $0.name == name }?.count ?? 0
            let limit = try await plan(subscription.planID).limits[name] ?? 0
            if limit >= 0, used > limit { throw SubscriptionProblem.quotaExhausted }
        }
    }

    /// Gives a unit back, once.
    package func giveBack(_ name: String, for object: UUID, _ product: String, of subscriber: Scope) async throws {
        try await database.transaction { _ in
            guard let subscription = try await database.first(SubscriptionQueries.lockLive(product, of: subscriber)) else {
                return
            }
            try await database.execute(ChargeQueries.giveBack(name, object, of: subscription.id, at: clock.now()))
        }
    }

    // MARK: Who may

    func product(_ name: String, _ type: ScopeType) -> SubscriptionProduct? {
        products.first { $0.product == name && $0.subscriberType == type }
    }

    /// Whether the caller is the subscriber, or may pay for the scope that is.
    func isSubscriber(_ caller: Caller, _ subscription: Subscription) async throws -> Bool {
        try await isSubscriber(caller, subscription.subscriber, subscription.product)
    }

    func isSubscriber(_ caller: Caller, _ subscriber: Scope, _ product: String) async throws -> Bool {
        if subscriber.type == .user { return caller.userID == subscriber.id }
        guard let sold = self.product(product, subscriber.type) else { return false }
        return caller.can(sold.permission, on: try await scopes.path(of: subscriber))
    }

    /// Refuses who neither is the subscriber nor holds the permission on the platform: 404.
    func require(_ permission: Permission, _ caller: Caller, _ subscription: Subscription) async throws {
        _ = try caller.user()
        if try await isSubscriber(caller, subscription) || caller.can(permission, on: []) { return }
        throw HouseProblem.notFound.problem
    }

    /// The scopes, and himself, for whom the caller subscribes.
    func own(_ caller: Caller) throws -> [UUID] {
        let user = try caller.user()
        return try products.filter { $0.subscriberType != .user }.reduce(into: [user]) { ids, sold in
            ids += try caller.extent(of: sold.permission, locked: true).ids(of: sold.subscriberType)
        }
    }

    // MARK: Within

    func subscription(_ id: ID<Subscription>) async throws -> Subscription {
        guard let found = try await database.first(SubscriptionQueries.subscription(id)) else {
            throw HouseProblem.notFound.problem
        }
        return found
    }

    /// Inside a transaction: the subscription, which nobody else changes until it ends.
    func lock(_ id: ID<Subscription>) async throws -> Subscription {
        guard let found = try await database.first(SubscriptionQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        return found
    }

    /// Writes what a subscription has come to, its history and its event, and opens or closes the gate of its scope.
    func keep(_ change: NewChange, _ event: String? = nil) async throws {
        let now = clock.now()
        var after = change.after
        after.nextStepAt = after.nextStep(after: now)
        try await database.write([SubscriptionQueries.save(after, at: now), SubscriptionQueries.note(change, at: now)])
        if let event { try await tell(event, after) }
        try await gate(after)
    }

    func tell(_ event: String, _ subscription: Subscription) async throws {
        try await events.publish(
            Event(
                event, "subscription", subscription.id.uuid, in: subscription.subscriber,
                data: JSONText(encoding: SubscriptionNews(subscription: subscription))))
    }

    /// A scope whose subscription has ended can only be read.
    private func gate(_ subscription: Subscription) async throws {
        guard let gates, subscription.subscriber.type != .user else { return }
        if subscription.status.isEntitling {
            try await gates.open(subscription.subscriber)
        } else if subscription.status == .expired || subscription.status == .cancelled {
            let gate = SubscriptionGate.subscriptionExpired
            try await gates.close(
                subscription.subscriber, ScopeLock(.writes, status: gate.status, code: gate.rawValue, reason: gate.detail))
        }
    }

    /// What the subscriber uses: as the product says, and units taken in this period.
    func usage(of subscription: Subscription) async throws -> [String: Int] {
        var usage: [String: Int] = [:]
        if let id = subscription.subscriber.id, let sold = product(subscription.product, subscription.subscriber.type) {
            usage = try await sold.usage(id)
        }
        for units in try await database.all(ChargeQueries.used(of: subscription.id, since: subscription.periodStartAt)) {
            usage[units.name, default: 0] += units.count
        }
        return usage
    }

    func view(_ id: ID<Subscription>) async throws -> SubscriptionView {
        let subscription = try await subscription(id)
        return SubscriptionView(
            subscription: subscription, plan: try await plan(subscription.planID), usage: try await usage(of: subscription),
            charge: try await database.first(ChargeQueries.open(of: id)))
    }
}
