import HTTP
import Runtime
import Service
import Telemetry
import Values

/// Carries a message to its endpoint: the name is looked up once, every address it has must be admitted, and the connection
/// goes to one of those. Redirects are not followed.
struct Courier: Sendable {
    private let client: HTTPClient
    private let resolver: Resolver
    private let guardian: AddressGuard
    private let seal: WebhookSeal
    private let clock: Clock
    private let delivered: Counter?
    private let failed: Counter?

    static let timeLimit = Duration.seconds(15)
    /// What an endpoint answers is nobody's to read.
    static let largestAnswer = 64 * 1024

    init(
        client: HTTPClient, resolver: Resolver, guardian: AddressGuard, seal: WebhookSeal, metrics: MetricRegistry?,
        clock: Clock
    ) {
        self.client = client
        self.resolver = resolver
        self.guardian = guardian
        self.seal = seal
        self.clock = clock
        func counter(_ result: String) -> Counter? {
            metrics?.counter(
                "atrium_webhook_attempts_total", "Requests to endpoints of others, by result.", ["result": result])
        }
        delivered = counter("delivered")
        failed = counter("failed")
    }

    func carry(_ delivery: Delivery, to endpoint: Endpoint) async -> DeliveryOutcome {
        let outcome = await attempt(delivery, to: endpoint)
        (outcome.isSuccess ? delivered : failed)?.add()
        return outcome
    }

    private func attempt(_ delivery: Delivery, to endpoint: Endpoint) async -> DeliveryOutcome {
        guard let url = ClientURL(endpoint.url) else { return .failed("the address is no URL") }
        do {
            let addresses = try await resolver.resolve(url.host, port: url.port)
            // One inside among many outside is somebody's attempt.
            guard !addresses.isEmpty, addresses.allSatisfy(guardian.admits),
                url.isSecure || addresses.allSatisfy(guardian.isException)
            else { return .failed("\(url.host) does not lie in the public internet") }
            var request = ClientRequest(
                .post, url, fields: try fields(delivery, endpoint), body: Array(delivery.body.utf8),
                timeout: Self.timeLimit, largestAnswer: Self.largestAnswer)
            request.addresses = addresses
            return .answered(try await client.send(request).status)
        } catch {
            return .failed("\(error)")
        }
    }

    /// Standard Webhooks: id, instant, and a signature by each secret that holds.
    private func fields(_ delivery: Delivery, _ endpoint: Endpoint) throws -> [(name: String, value: String)] {
        let now = clock.now()
        let seconds = now.microseconds / 1_000_000
        let body = Array(delivery.body.utf8)
        let signatures = try seal.secrets(of: endpoint, at: now).map {
            $0.signature(of: delivery.message, at: seconds, body)
        }
        return [
            ("Content-Type", "application/json"), ("User-Agent", "Atrium-Webhooks"), ("webhook-id", delivery.message),
            ("webhook-timestamp", String(seconds)), ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
