import Crypto
import Values

/// Seals the secrets of endpoints, each for its own row.
struct WebhookSeal: Sendable {
    let ring: SealingRing

    func seal(_ secret: WebhookSecret, of endpoint: ID<Endpoint>) -> [UInt8] {
        ring.seal(secret.key, context: context(endpoint)).bytes
    }

    func open(_ sealed: [UInt8], of endpoint: ID<Endpoint>) throws -> WebhookSecret {
        WebhookSecret(key: try ring.open(Sealed(bytes: sealed), context: context(endpoint)))
    }

    /// The secrets that sign now, the newest first.
    func secrets(of endpoint: Endpoint, at now: Instant) throws -> [WebhookSecret] {
        var secrets = [try open(endpoint.secret, of: endpoint.id)]
        if let old = endpoint.previousSecret, let until = endpoint.previousUntil, now < until {
            secrets.append(try open(old, of: endpoint.id))
        }
        return secrets
    }

    private func context(_ endpoint: ID<Endpoint>) -> String { "webhooks.endpoints:\(endpoint)" }
}
