import JSON
import Service
import Values

/// A person's own API keys.
struct ApiKeyOperations {
    let module: IdentityModule

    var all: [Operation] { [list, create, revoke, rotate] }

    private static let tag = "API keys"

    private var list: Operation {
        Operation.list(
            "/api/v1/api-keys", "listApiKeys", "The caller's own keys, without secrets", tag: Self.tag, who: .signedIn,
            problems: [UserProblem.personRequired], filter: Empty.self, item: ApiKeyView.self, sort: ["-createdAt"]
        ) { [module] call, _, page in
            let keys = try await module.apiKeys.list(of: ID(try call.person().userID), page)
            return Page(keys.items.map { ApiKeyView($0) }, total: keys.total)
        }
    }

    private var create: Operation {
        Operation.post(
            "/api/v1/api-keys", "createApiKey", "Make a key with a part of the caller's permissions", tag: Self.tag,
            who: .signedIn,
            problems: [
                UserProblem.personRequired, ApiKeyProblem.permissionLacking, ApiKeyProblem.expiryTooFar,
                ApiKeyProblem.tooManyKeys, GrantProblem.codeUnknown, GrantProblem.scopeUnknown,
            ],
            body: NewApiKey.self, answer: ApiKeySecret.self, location: { "/api/v1/api-keys/\($0.key.id)" }
        ) { [module] call, body in
            _ = try call.person()
            let (key, text) = try await module.apiKeys.create(body, for: call.caller, AuditActor(call, module.book))
            return ApiKeySecret(key: ApiKeyView(key), secret: text)
        }.withoutIdempotency().uncompressed()
    }

    private var revoke: Operation {
        Operation.delete(
            "/api/v1/api-keys/{id}", "revokeApiKey", "End a key at once", tag: Self.tag, who: .signedIn,
            problems: [UserProblem.personRequired]
        ) { [module] call in
            let owner = ID<User>(try call.person().userID)
            try await module.apiKeys.revoke(call.id(), of: owner, AuditActor(call, module.book))
        }
    }

    private var rotate: Operation {
        Operation.action(
            "/api/v1/api-keys/{id}/rotate", "rotateApiKey", "A new secret; the old one works 24 hours more",
            tag: Self.tag, who: .signedIn, problems: [UserProblem.personRequired], answer: ApiKeySecret.self
        ) { [module] call in
            let owner = ID<User>(try call.person().userID)
            let (key, text) = try await module.apiKeys.rotate(call.id(), of: owner, AuditActor(call, module.book))
            return ApiKeySecret(key: ApiKeyView(key), secret: text)
        }.withoutIdempotency().uncompressed()
    }
}
