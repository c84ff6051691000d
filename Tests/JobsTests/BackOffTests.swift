import Testing

@testable import Jobs

@Suite struct BackOffTests {
    @Test(arguments: [(1, 2), (2, 4), (3, 8), (4, 16), (10, 1024), (11, 2048), (12, 3600), (40, 3600), (0, 2)])
    func doublesUpToAnHour(attempts: Int, seconds: Int) {
        #expect(BackOff(first: .seconds(2)).delay(after: attempts, spread: 0) == .seconds(seconds))
    }

    @Test func spreadsByATenth() {
        let backOff = BackOff(first: .seconds(10))
        let delays = (0..<1000).map { _ in backOff.delay(after: 1) }
        #expect(delays.allSatisfy { $0 >= .seconds(9) && $0 <= .seconds(11) })
        #expect(delays.contains { $0 < .milliseconds(9_500) } && delays.contains { $0 > .milliseconds(10_500) })
    }
}
