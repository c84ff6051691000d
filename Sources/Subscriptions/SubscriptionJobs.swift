import JSON
import Jobs
import Payments
import Service
import Values

/// The jobs of this module: shallow, they call the doors.
enum SubscriptionJobs {
    static let cycle = JobKind<Empty>("subscription-cycle", queue: "maintenance")
    static let renewal = JobKind<SubscriptionTask>("subscription-renewal", queue: "payments", priority: .high)
    static let payment = JobKind<SubscriptionPayment>("subscription-payment", queue: "payments", priority: .high)

    static func types(_ door: Subscriptions, _ payments: Payments) -> [JobType] {
        [
            JobType(cycle) { _, _ in try await door.cycle() },
            JobType(renewal) { task, _ in try await door.carryOut(task.subscriptionID) },
            JobType(payment) { task, _ in try await door.pay(task, by: payments) },
        ]
    }
}

/// Which subscription a job is about.
struct SubscriptionTask: Shaped {
    let subscriptionID: ID<Subscription>

    static let shape = Shape<SubscriptionTask>(
        "SubscriptionTask", Self.init, Field("subscriptionId", { $0.subscriptionID }))
}

/// A payment that a job begins. It is the same one in each of its tries.
struct SubscriptionPayment: Shaped {
    let subscriptionID: ID<Subscription>
    let effect: UUID

    static let shape = Shape<SubscriptionPayment>(
        "SubscriptionPayment", Self.init,
        Field("subscriptionId", { $0.subscriptionID }), Field("effect", { $0.effect }))
}

extension Subscriptions {
    /// Pays what a subscription asks for by what has been saved for it, in its owner's name, who has no other right in this
    /// than to pay. What the provider refuses the subscriber has been told of already: he may pay otherwise.
    func pay(_ task: SubscriptionPayment, by payments: Payments) async throws {
        let found = try await database.first(SubscriptionQueries.subscription(task.subscriptionID))
        guard let subscription = found, let method = subscription.savedMethodID,
            try await database.first(ChargeQueries.open(of: subscription.id)) != nil,
            let user = try await database.first(SubscriptionQueries.owner(of: method)),
            let sold = product(subscription.product, subscription.subscriber.type)
        else { return }
        let grant = Grant(
            role: "subscriber", level: 0, scope: subscription.subscriber,
            permissions: PermissionSet(role: [sold.permission]))
        let payer = Principal(
            kind: .user, userID: user, name: "", grants: [grant], sessionID: nil, expiresAt: .distantFuture)
        do {
            try await payments.collect(
                SubscriptionPurpose.name, subscription.id.uuid, as: payer, by: method, effect: task.effect)
        } catch let problem as any ProblemKind where problem.status < 500 {
            // Nothing that trying again would change.
        }
    }
}
