import Service
import Testing

@Suite struct RateLimiterTests {
    private let limit = RateLimit("test", 100, perSeconds: 60)

    @Test func refusesTheCallAfterTheLast() {
        let limiter = RateLimiter()
        for call in 1...100 {
            let decision = limiter.count(limit, caller: "a", atSeconds: 1_200)
            #expect(decision.isAllowed)
            #expect(decision.remaining == 100 - call)
        }
        let refused = limiter.count(limit, caller: "a", atSeconds: 1_200)
        #expect(!refused.isAllowed)
        #expect(refused.remaining == 0)
        #expect(refused.resetSeconds == 60)
        #expect(limiter.count(limit, caller: "b", atSeconds: 1_200).isAllowed)
        #expect(limiter.refused == 1)
    }

    @Test func theWindowSlides() {
        let limiter = RateLimiter()
        for _ in 0..<100 { _ = limiter.count(limit, caller: "a", atSeconds: 1_259) }
        #expect(!limiter.count(limit, caller: "a", atSeconds: 1_260).isAllowed)
        // Half of the next window has passed, so half of the old calls have left it.
        let decisions = (0..<60).map { _ in limiter.count(limit, caller: "a", atSeconds: 1_290).isAllowed }
        #expect(decisions.filter { $0 }.count == 50)
        #expect(limiter.count(limit, caller: "a", atSeconds: 1_400).isAllowed)
    }

    @Test func remembersABoundedNumberOfCallers() {
        let limiter = RateLimiter(capacity: 160)
        for caller in 0..<10_000 { _ = limiter.count(limit, caller: "c\(caller)", atSeconds: 1_200) }
        #expect(limiter.knownCallers <= 176)
    }
}
