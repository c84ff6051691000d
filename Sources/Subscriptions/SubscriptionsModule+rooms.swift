import JSON
import Realtime

extension SubscriptionsModule {
    /// What users hear of their own subscriptions. Whom a scope's subscription concerns, its product knows.
    package static let forwards = [
        RoomForward(
            "subscription:updated",
            on: [
                "subscription.activated", "subscription.changed", "subscription.renewed", "subscription.past_due",
                "subscription.expired",
            ]
        ) { news in
            guard news["subscriberType"] == "user" else { return nil }
            return news["subscriberId"]?.string.map { "user:\($0)" }
        }
    ]
}
