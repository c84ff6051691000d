import JSON

/// What the sandbox tells us by webhook.
struct SandboxEvent: Shaped {
    let id: String
    let type: String
    let order: String

    static let shape = Shape<SandboxEvent>(
        "SandboxEvent", Self.init,
        Field("id", { $0.id }),
        Field("type", { $0.type }, .length(1...120)),
        Field("order", { $0.order }))
}
