import JSON

/// What a browser hands over with its subscription.
struct SubscriptionBody: Shaped {
    let endpoint: String
    let keys: Keys

    struct Keys: Shaped {
        let p256dh: String
        let auth: String

        static let shape = Shape<Keys>(
            "UrgentPushKeys", Self.init, Field("p256dh", { $0.p256dh }, .length(1...100)),
            Field("auth", { $0.auth }, .length(1...40)), ignoresUnknown: true)
    }

    static let shape = Shape<SubscriptionBody>(
        "UrgentPushSubscription", Self.init,
        Field("endpoint", { $0.endpoint }, .length(8...2048), .example("https://fcm.googleapis.com/fcm/send/abc")),
        Field("keys", { $0.keys }), ignoresUnknown: true)
}

struct EndpointBody: Shaped {
    let endpoint: String

    static let shape = Shape<EndpointBody>(
        "UrgentPushEndpoint", Self.init, Field("endpoint", { $0.endpoint }, .length(1...2048)), ignoresUnknown: true)
}

struct PushKeyView: WireOutput {
    let key: String

    static let shape = Shape<PushKeyView>(output: "UrgentPushKey", Field("public_key", { $0.key }, doc: "base64url"))
}
