import HTTP
import Runtime
import Service
import Support
import Telemetry
import Testing
import Values

@Suite struct OutsideServiceTests {
    struct Down: Error {}
    struct Refused: Error {}

    private func service(_ clock: Clock, _ metrics: MetricRegistry) throws -> OutsideService {
        OutsideService(
            "post", client: try HTTPClient(loops: TestLoops.group, resolver: Resolver(pool: TestLoops.blocking)),
            breaker: CircuitBreaker(threshold: 2, rest: .seconds(30)), clock: clock, metrics: metrics)
    }

    private func call(_ service: OutsideService, _ error: (any Error)?) async throws {
        try await service.call(isFailure: { $0 is Down }) { if let error { throw error } }
    }

    @Test func aServiceThatIsDownIsLeftAlone() async throws {
        let time = TestClock()
        let metrics = MetricRegistry(loops: 2)
        let service = try service(time.clock, metrics)
        for _ in 0..<2 { await #expect(throws: Down.self) { try await call(service, Down()) } }
        await #expect(throws: OutsideUnavailable.self) { try await call(service, nil) }
        #expect(service.state == .open)
        let text = String(decoding: metrics.prometheusText(), as: UTF8.self)
        #expect(text.contains(#"provider_calls_total{provider="post",outcome="failed"} 2"#), "\(text)")
        #expect(text.contains(#"provider_calls_total{provider="post",outcome="rejected"} 1"#))
        #expect(text.contains(#"provider_breaker_open{provider="post"} 1"#))
        time.advance(by: .seconds(31))
        try await call(service, nil)
        #expect(service.state == .closed)
    }

    @Test func whatItRefusesIsNoFailure() async throws {
        let service = try service(.system, MetricRegistry(loops: 2))
        for _ in 0..<5 { await #expect(throws: Refused.self) { try await call(service, Refused()) } }
        #expect(service.state == .closed)
    }

    /// A port that nobody listens on.
    @Test func noAnswerIsAFailure() async throws {
        let service = try service(.system, MetricRegistry(loops: 2))
        let url = try #require(ClientURL("http://127.0.0.1:1/"))
        for _ in 0..<2 {
            await #expect(throws: ClientError.self) { try await service.send(ClientRequest(.get, url)) }
        }
        #expect(service.state == .open)
    }
}
