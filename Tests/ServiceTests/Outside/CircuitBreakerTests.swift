import Service
import Testing
import Values

@Suite struct CircuitBreakerTests {
    private let start = Instant(secondsSince1970: 1_800_000_000)

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker(threshold: 3, rest: .seconds(30))
        for _ in 0..<3 { breaker.failed(at: start) }
        return breaker
    }

    /// Whether calls are let through so many seconds after the start, one after another.
    private func admits(_ breaker: inout CircuitBreaker, after seconds: Int...) -> [Bool] {
        seconds.map { breaker.admit(at: start + .seconds($0)) }
    }

    @Test func failuresInARowOpenIt() {
        var breaker = CircuitBreaker(threshold: 3, rest: .seconds(30))
        breaker.failed(at: start)
        breaker.failed(at: start)
        breaker.succeeded()
        breaker.failed(at: start)
        breaker.failed(at: start)
        let admitted = admits(&breaker, after: 0)
        #expect(breaker.state == .closed && admitted == [true])
        breaker.failed(at: start)
        #expect(breaker.state == .open)
    }

    @Test func openItLetsOneThroughOnceItHasRested() {
        var breaker = opened()
        #expect(breaker.wait(at: start + .seconds(20)) == .seconds(10))
        let admitted = admits(&breaker, after: 29, 30, 31)
        #expect(admitted == [false, true, false])
        #expect(breaker.state == .halfOpen)
    }

    @Test func theTryDecides() {
        var breaker = opened()
        _ = breaker.admit(at: start + .seconds(30))
        breaker.failed(at: start + .seconds(31))
        #expect(breaker.state == .open)
        let admitted = admits(&breaker, after: 60, 61)
        #expect(admitted == [false, true])
        breaker.succeeded()
        // The old failures are forgotten.
        breaker.failed(at: start + .seconds(62))
        #expect(breaker.state == .closed)
    }

    @Test func aTryOfWhichNothingIsHeardIsForgotten() {
        var breaker = opened()
        let admitted = admits(&breaker, after: 30, 60)
        #expect(admitted == [true, true])
    }
}
