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

    /// 0-platform, 4.6: five failures in 60 s open it for 60 s.
    @Test func fiveFailuresWithinAMinuteOpenIt() {
        var breaker = CircuitBreaker()
        for second in 0..<4 {
            breaker.failed(at: start + .seconds(second * 10))
            // What goes well in between takes none of them back.
            breaker.succeeded()
        }
        #expect(breaker.state == .closed)
        breaker.failed(at: start + .seconds(40))
        #expect(breaker.state == .open)
        let admitted = admits(&breaker, after: 41, 99, 100)
        #expect(admitted == [false, false, true])
    }

    @Test func failuresSpreadOverMoreThanAMinuteAreBorne() {
        var breaker = CircuitBreaker()
        for second in 0..<100 { breaker.failed(at: start + .seconds(second * 16)) }
        #expect(breaker.state == .closed)
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

    /// Many calls were on their way when it opened: how they end neither closes it nor keeps it open for longer.
    @Test func whatWasLetThroughBeforeSaysNothing() {
        var breaker = opened()
        breaker.succeeded()
        breaker.failed(at: start + .seconds(20))
        #expect(breaker.state == .open)
        let admitted = admits(&breaker, after: 30)
        #expect(admitted == [true])
    }

    @Test func aTryOfWhichNothingIsHeardIsForgotten() {
        var breaker = opened()
        let admitted = admits(&breaker, after: 30, 60)
        #expect(admitted == [true, true])
    }
}
