import Service

/// Every expected refusal of this module.
package enum SubscriptionProblem: String, ProblemKind {
    case alreadySubscribed = "already_subscribed"
    case usageExceedsPlan = "usage_exceeds_plan"
    case planSlugTaken = "plan_slug_taken"
    case priceMissing = "price_missing"
    case invalidState = "invalid_state"
    case samePlan = "same_plan"
    case quotaExhausted = "quota_exhausted"

    package var status: Int {
        switch self {
        case .priceMissing: 422
        case .alreadySubscribed, .usageExceedsPlan, .planSlugTaken, .invalidState, .samePlan, .quotaExhausted: 409
        }
    }

    package var detail: String {
        switch self {
        case .alreadySubscribed: "There is a subscription to this product already; change it instead."
        case .usageExceedsPlan: "More is in use than the plan allows."
        case .planSlugTaken: "Another plan of the product has this slug."
        case .priceMissing: "The plan has no price for this cycle and currency."
        case .invalidState: "The subscription's status does not allow this."
        case .samePlan: "The subscription is on this plan and cycle already."
        case .quotaExhausted: "The plan's limit is used up for this period."
        }
    }
}

/// What a scope whose subscription has ended answers its own people.
enum SubscriptionGate: String, ProblemKind {
    case subscriptionExpired = "subscription_expired"

    var status: Int { 402 }
    var detail: String { "The subscription has ended: everything can be read, and nothing changed until it is renewed." }
}
