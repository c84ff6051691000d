import JSON
import Payments
import Service
import Values

struct SubscribeBody: Shaped {
    let planID: ID<Plan>
    let cycle: BillingCycle
    let currency: Currency?
    let subscriberType: String
    let subscriberID: UUID?
    let savedMethodID: ID<SavedMethod>?
    let provider: String?
    let returnURL: String?

    static let shape = Shape<SubscribeBody>(
        "Subscribe", Self.init,
        Field("planId", { $0.planID }),
        Field("cycle", { $0.cycle }, default: { .monthly }),
        Field("currency", { $0.currency }, doc: "Where the plan has prices in several"),
        Field("subscriberType", { $0.subscriberType }, .length(1...40), default: { "user" }),
        Field("subscriberId", { $0.subscriberID }, doc: "Of the scope; oneself without"),
        Field("savedMethodId", { $0.savedMethodID }, doc: "One's own, by which renewals are paid"),
        Field("provider", { $0.provider }, .length(1...30), doc: "By whom the first period is paid: the payment is begun with it"),
        Field(
            "returnUrl", { $0.returnURL }, .length(1...500),
            doc: "Where one goes after paying, as in POST /payments/create: the payment is begun with it"))

    /// Whether the first payment is to be begun at once.
    var beginsPayment: Bool { provider != nil || returnURL != nil }
}

struct ChangedPlanChoice: Shaped {
    let planID: ID<Plan>
    let cycle: BillingCycle?

    static let shape = Shape<ChangedPlanChoice>(
        "ChangeSubscription", Self.init,
        Field("planId", { $0.planID }), Field("cycle", { $0.cycle }, doc: "Another one holds from the next period on"))
}

struct CancelledSubscriptionBody: Shaped {
    let reason: String?
    let immediate: Bool

    static let shape = Shape<CancelledSubscriptionBody>(
        "CancelSubscription", Self.init,
        Field("reason", { $0.reason }, .length(1...500), .multiline),
        Field("immediate", { $0.immediate }, default: { false }, doc: "Staff: now, not at the end of the period"))
}

struct ChangedSubscriptionBody: Shaped {
    let autoRenew: Patch<Bool>
    let savedMethodID: Patch<ID<SavedMethod>?>

    static let shape = Shape<ChangedSubscriptionBody>(
        "ChangedSubscription", Self.init,
        Field("autoRenew", { $0.autoRenew }),
        Field("savedMethodId", { $0.savedMethodID }, doc: "One's own, by which renewals are paid; null for none"))
}

struct ExtendedSubscriptionBody: Shaped {
    let days: Int
    let reason: String?

    static let shape = Shape<ExtendedSubscriptionBody>(
        "ExtendSubscription", Self.init,
        Field("days", { $0.days }, .range(1...365)), Field("reason", { $0.reason }, .length(1...500)))
}

struct CompedSubscriptionBody: Shaped {
    let days: Int
    let planID: ID<Plan>?
    let reason: String?

    static let shape = Shape<CompedSubscriptionBody>(
        "CompSubscription", Self.init,
        Field("days", { $0.days }, .range(1...365)), Field("planId", { $0.planID }, doc: "Else the plan that it has"),
        Field("reason", { $0.reason }, .length(1...500)))
}

struct SubscriptionFilter: Shaped {
    let product: String?
    let subscriberID: UUID?
    let status: SubscriptionStatus?
    let current: Bool

    static let shape = Shape<SubscriptionFilter>(
        "SubscriptionFilter", Self.init,
        Field("product", { $0.product }, .length(1...40)), Field("subscriberId", { $0.subscriberID }),
        Field("status", { $0.status }), Field("current", { $0.current }, default: { false }, doc: "Those that have not ended"))
}

/// A subscription with its plan, what is used of it, and what is to be paid.
struct SubscriptionView: WireOutput {
    let subscription: Subscription
    let plan: Plan
    let usage: [String: Int]
    let charge: Charge?
    /// Of the request that began it.
    var order: PaymentView?

    static let shape = Shape<SubscriptionView>(
        output: "Subscription",
        Field("id", { $0.subscription.id }), Field("product", { $0.subscription.product }),
        Field("subscriberType", { $0.subscription.subscriber.type.name }),
        Field("subscriberId", { $0.subscription.subscriber.id }), Field("plan", { $0.plan }),
        Field("cycle", { $0.subscription.cycle }), Field("amount", { Amount($0.subscription.amount) }),
        Field("currency", { $0.subscription.amount.currency }), Field("status", { $0.subscription.status }),
        Field("periodStartAt", { $0.subscription.periodStartAt }), Field("periodEndAt", { $0.subscription.periodEndAt }),
        Field("autoRenew", { $0.subscription.autoRenew }),
        Field("cancelAtPeriodEnd", { $0.subscription.cancelAtPeriodEnd }),
        Field("cancelledAt", { $0.subscription.cancelledAt }), Field("cancelReason", { $0.subscription.cancelReason }),
        Field("savedMethodId", { $0.subscription.savedMethodID }),
        Field("nextPlanId", { $0.subscription.nextPlanID }), Field("nextCycle", { $0.subscription.nextCycle }),
        Field("graceUntil", { $0.subscription.graceUntil }),
        Field("anchorDay", { $0.subscription.anchorDay }, doc: "The day of the month that periods begin on, or the month's last"),
        Field("attempts", { $0.subscription.attempts }, doc: "How often a renewal that is late has been asked for"),
        Field("usage", { $0.usage }, doc: "By the names of the plan's limits"),
        Field("payment", { $0.charge }, doc: "What is open: pay it by POST /payments/create"),
        Field(
            "order", { $0.order },
            doc: "The payment that subscribing began, with its checkout; null where none was wanted or could be begun"),
        Field("createdAt", { $0.subscription.createdAt }), Field("updatedAt", { $0.subscription.updatedAt }))
}

extension Charge: WireOutput {
    static let shape = Shape<Charge>(
        output: "SubscriptionCharge",
        Field("purpose", { _ in SubscriptionPurpose.name }), Field("purposeId", { $0.subscriptionID }),
        Field("kind", { $0.kind }), Field("planId", { $0.planID }), Field("cycle", { $0.cycle }),
        Field("amount", { Amount($0.amount) }), Field("currency", { $0.amount.currency }), Field("from", { $0.fromAt }),
        Field("to", { $0.toAt }), Field("invoiceId", { $0.invoiceID }))
}

extension ChangeRecord: WireOutput {
    static let shape = Shape<ChangeRecord>(
        output: "SubscriptionChange",
        Field("change", { $0.change }), Field("fromPlan", { $0.fromPlan }), Field("toPlan", { $0.toPlan }),
        Field("fromMrr", { Amount($0.fromRevenue, $0.currency) }), Field("toMrr", { Amount($0.toRevenue, $0.currency) }),
        Field("currency", { $0.currency }), Field("reason", { $0.reason }), Field("at", { $0.at }))
}

/// What others may hear of a subscription: `subscription.activated`, `.changed`, `.renewed`, `.past_due`, `.expired`.
struct SubscriptionNews: WireOutput {
    let subscription: Subscription

    static let shape = Shape<SubscriptionNews>(
        output: "SubscriptionNews",
        Field("product", { $0.subscription.product }), Field("subscriberType", { $0.subscription.subscriber.type.name }),
        Field("subscriberId", { $0.subscription.subscriber.id }), Field("planId", { $0.subscription.planID }),
        Field("status", { $0.subscription.status }), Field("periodEndAt", { $0.subscription.periodEndAt }))
}
