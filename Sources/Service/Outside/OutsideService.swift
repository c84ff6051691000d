import HTTP
import Synchronization
import Telemetry
import Values

/// A service outside of ours, as every adaptor reaches it: within a time limit, through a circuit breaker of this process,
/// counted and timed under its name. Nothing is repeated here: whoever calls knows what is safe to repeat.
package final class OutsideService: Sendable {
    /// `sendgrid`, `stripe`: the label of its metrics.
    package let name: String
    private let client: HTTPClient
    private let timeLimit: Duration
    private let clock: Clock
    private let breaker: Mutex<CircuitBreaker>
    private let meters: Meters?

    package init(
        _ name: String, client: HTTPClient, timeLimit: Duration = .seconds(15), breaker: CircuitBreaker = CircuitBreaker(),
        clock: Clock = .system, metrics: MetricRegistry? = nil
    ) {
        self.name = name
        self.client = client
        self.timeLimit = timeLimit
        self.clock = clock
        self.breaker = Mutex(breaker)
        meters = metrics.map { Meters(name, in: $0) }
    }

    /// Whether it is asked at the moment.
    package var state: CircuitBreaker.State { breaker.withLock { $0.state } }

    /// Sends a request and returns the answer of any status. Throws `OutsideUnavailable` while the breaker is open, else
    /// `ClientError`. No answer, or one of 500 and above, is a failure to the breaker.
    package func send(_ request: ClientRequest) async throws -> ClientResponse {
        try await call(isFailure: { $0 is ClientError }, isFailed: { $0.status >= 500 }) { try await answer(request) }
    }

    /// The answer of any status, past the breaker: for whoever asks by `call`. Throws `ClientError`.
    func answer(_ request: ClientRequest) async throws -> ClientResponse {
        var request = request
        request.timeout = request.timeout ?? timeLimit
        return try await client.send(request)
    }

    /// Lets something else than a request through the breaker.
    ///
    /// - Parameters:
    ///   - isFailure: whether the error says that the service is out of order, not that it refused.
    ///   - isFailed: the same of an answer.
    package func call<T>(
        isFailure: (any Error) -> Bool, isFailed: (T) -> Bool = { _ in false },
        _ body: nonisolated(nonsending) () async throws -> T
    ) async throws -> T {
        let now = clock.now()
        guard breaker.withLock({ $0.admit(at: now) }) else {
            meters?.rejected.add()
            throw OutsideUnavailable(service: name, retryAfter: breaker.withLock { $0.wait(at: now) })
        }
        let start = ContinuousClock.now
        defer { meters?.seconds.observe(nanoseconds: UInt64(max(0, (ContinuousClock.now - start).wholeMicroseconds)) * 1000) }
        do {
            let answer = try await body()
            note(failed: isFailed(answer))
            return answer
        } catch {
            note(failed: isFailure(error))
            throw error
        }
    }

    private func note(failed: Bool) {
        let now = clock.now()
        let (wasClosed, isClosed) = breaker.withLock { breaker in
            let wasClosed = breaker.state == .closed
            if failed { breaker.failed(at: now) } else { breaker.succeeded() }
            return (wasClosed, breaker.state == .closed)
        }
        (failed ? meters?.failed : meters?.answered)?.add()
        if wasClosed != isClosed { meters?.open.add(isClosed ? -1 : 1) }
    }

    private struct Meters: Sendable {
        let answered, failed, rejected: Counter
        let open: Gauge
        let seconds: Histogram

        init(_ name: String, in registry: MetricRegistry) {
            func calls(_ outcome: String) -> Counter {
                registry.counter(
                    "provider_calls_total", "Calls of services outside by how they ended.",
                    ["provider": name, "outcome": outcome])
            }
            answered = calls("answered")
            failed = calls("failed")
            rejected = calls("rejected")
            open = registry.gauge(
                "provider_breaker_open", "1 while a service is left alone after failures.", ["provider": name])
            seconds = registry.histogram(
                "provider_call_seconds", "Duration of calls of services outside.", ["provider": name],
                bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60])
        }
    }
}

/// The service has failed several times in a row and is left alone for a while; nothing was sent.
package struct OutsideUnavailable: Error, Equatable, CustomStringConvertible {
    package let service: String
    package let retryAfter: Duration

    package init(service: String, retryAfter: Duration) {
        self.service = service
        self.retryAfter = retryAfter
    }

    package var description: String { "\(service) is left alone after failures" }
}
