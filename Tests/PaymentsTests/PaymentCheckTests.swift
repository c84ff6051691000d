import Testing
import Values

@testable import Payments

@Suite struct PaymentCheckTests {
    static let start = Instant(secondsSince1970: 1_800_000_000)
    static let end = start + .minutes(15)

    @Test func afterOneTwoFourEightMinutesAndAtTheEnd() {
        var now = Self.start + PaymentCheck.first
        var waits: [Int64] = []
        for check in 1...6 {
            guard let next = PaymentCheck.next(after: check, status: .pending, expiresAt: Self.end, now: now) else { break }
            waits.append((next - now).components.seconds)
            now = next
            if now == Self.end { break }
        }
        #expect(waits == [60, 120, 240, 450])
        #expect(now == Self.end)
    }

    @Test func hourlyForADayThenNoMore() {
        #expect(
            PaymentCheck.next(after: 9, status: .unknown, expiresAt: Self.end, now: Self.end) == Self.end + .hours(1))
        #expect(PaymentCheck.next(after: 40, status: .unknown, expiresAt: Self.end, now: Self.end + .days(1)) == nil)
    }

    @Test func withoutAnAnswerNotForEverEither() {
        #expect(PaymentCheck.nextWithoutAnswer(expiresAt: Self.end, now: Self.start) == Self.start + .minutes(5))
        #expect(PaymentCheck.nextWithoutAnswer(expiresAt: Self.end, now: Self.end + .hours(24)) == nil)
    }

    @Test(arguments: PaymentStatus.allCases.filter { !$0.isOpen }) func neverAfterTheEnd(_ status: PaymentStatus) {
        #expect(PaymentCheck.next(after: 1, status: status, expiresAt: Self.end, now: Self.start) == nil)
    }
}
