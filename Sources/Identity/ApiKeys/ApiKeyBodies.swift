import JSON
import Service
import Values

/// A new API key.
struct NewApiKey: Shaped {
    let name: String
    let permissions: [String]
    let scopeType: String?
    let scopeID: UUID?
    let expiresAt: Instant?

    static let shape = Shape(
        "NewApiKey", Self.init,
        Field("name", { $0.name }, .length(1...100)),
        Field("permissions", { $0.permissions }, .count(1...100), doc: "Of the caller's own on the scope."),
        Field("scopeType", { $0.scopeType }, .length(1...50), doc: "platform by default: wherever the owner has grants."),
        Field("scopeId", { $0.scopeID }),
        Field("expiresAt", { $0.expiresAt }, doc: "At most a year ahead."))

    var scope: Scope { Scope(ScopeType(scopeType ?? "platform"), scopeID) }
}

/// An API key without its secret.
struct ApiKeyView: WireOutput {
    let id: ID<ApiKey>
    let name: String
    let prefix: String
    let permissions: [String]
    let scopeType: String
    let scopeID: UUID?
    let createdAt: Instant
    let lastUsedAt: Instant?
    let expiresAt: Instant?

    static let shape = Shape<ApiKeyView>(
        output: "ApiKey",
        Field("id", { $0.id }), Field("name", { $0.name }), Field("prefix", { $0.prefix }),
        Field("permissions", { $0.permissions }), Field("scopeType", { $0.scopeType }),
        Field("scopeId", { $0.scopeID }), Field("createdAt", { $0.createdAt }),
        Field("lastUsedAt", { $0.lastUsedAt }), Field("expiresAt", { $0.expiresAt }))
}

extension ApiKeyView {
    init(_ key: ApiKey) {
        self.init(
            id: key.id, name: key.name, prefix: key.prefix, permissions: key.codes, scopeType: key.scope.type.name,
            scopeID: key.scope.id, createdAt: key.createdAt, lastUsedAt: key.lastUsedAt, expiresAt: key.expiresAt)
    }
}

/// An API key with its secret, which is shown this once.
struct ApiKeySecret: WireOutput {
    let key: ApiKeyView
    let secret: String

    static let shape = Shape<ApiKeySecret>(
        output: "ApiKeySecret",
        Field("key", { $0.key }), Field("secret", { $0.secret }, doc: "What goes after Bearer. Never shown again."))
}
