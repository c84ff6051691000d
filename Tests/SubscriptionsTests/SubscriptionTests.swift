import JSON
import Testing
import Values

@testable import Realtime

@testable import Subscriptions

@Suite struct BillingCycleTests {
    /// 0-platform, 4.7: the anchor's day, of a shorter month the last, and back again.
    @Test(arguments: [
        ("2026-01-31T10:00:00Z", BillingCycle.monthly, 31, "2026-02-28T10:00:00.000Z"),
        ("2026-02-28T10:00:00Z", .monthly, 31, "2026-03-31T10:00:00.000Z"),
        ("2028-01-31T00:00:00Z", .monthly, 31, "2028-02-29T00:00:00.000Z"),
        ("2026-11-30T00:00:00Z", .quarterly, 30, "2027-02-28T00:00:00.000Z"),
        ("2026-08-31T00:00:00Z", .halfYearly, 31, "2027-02-28T00:00:00.000Z"),
        ("2026-05-15T23:59:59Z", .annual, 15, "2027-05-15T23:59:59.000Z"),
        ("2026-01-31T00:00:00Z", .days30, 31, "2026-03-02T00:00:00.000Z"),
    ] as [(String, BillingCycle, Int, String)])
    func periodsEndOnTheAnchor(start: String, cycle: BillingCycle, anchor: Int, end: String) {
        #expect("\(cycle.end(of: Instant(start)!, anchor: anchor))" == end)
    }

    /// The seed's tenant plans: 999 → 2,697, 4,995, 8,991 (8,990 in the seed's list is a price of its own).
    @Test(arguments: [(BillingCycle.quarterly, 2_697), (.halfYearly, 4_995), (.annual, 8_991), (.monthly, 999)] as [(BillingCycle, Int64)])
    func missingPricesAreWholeUnits(cycle: BillingCycle, rupees: Int64) throws {
        let inr = Currency("INR")!
        #expect(try cycle.price(from: Money(minor: 999_00, currency: inr))?.minor == rupees * 100)
    }

    @Test func nothingStandsForThirtyDays() throws {
        #expect(try BillingCycle.days30.price(from: Money(minor: 100, currency: .eur)) == nil)
        #expect(BillingCycle.quarterly.monthly(1000) == 333 && BillingCycle.annual.monthly(6) == 1)
    }
}

@Suite struct SubscriptionRoomTests {
    /// A user hears of his own; of a scope's nobody does here.
    @Test func usersHearOfTheirOwn() throws {
        let forward = try #require(SubscriptionsModule.forwards.first)
        let user = Subscription.specimen
        let news = try JSONValue.decode(json: SubscriptionNews(subscription: user).jsonBytes)
        #expect(forward.room(news) == "user:\(UUID.zero)")
        #expect(forward.room(["subscriberType": "shop", "subscriberId": .string("\(UUID.zero)")]) == nil)
    }
}

@Suite struct SubscriptionStateTests {
    private static let start = Instant("2026-11-01T00:00:00Z")!
    private static let end = Instant("2026-12-01T00:00:00Z")!

    private static func active(_ minor: Int64 = 3000) -> Subscription {
        var subscription = Subscription.specimen
        subscription.amount = Money(minor: minor, currency: .eur)
        subscription.begin(start, until: end)
        return subscription
    }

    @Test func theJobLooksAgainWhenSomethingIsToHappen() {
        var subscription = Self.active()
        for (now, next) in [(Self.start, 7), (Self.end - .days(7), 3), (Self.end - .days(2), 1)] {
            #expect(subscription.nextStep(after: now) == Self.end - .days(next))
        }
        #expect(subscription.nextStep(after: Self.end - .hours(5)) == Self.end)
        subscription.fallDue(grace: .days(7))
        for (now, next) in [(0, 1), (1, 3), (3, 5), (5, 7)] {
            #expect(subscription.nextStep(after: Self.end + .days(now)) == Self.end + .days(next))
        }
        subscription.expire()
        #expect(subscription.nextStep(after: Self.end) == nil && subscription.graceUntil == nil)
    }

    @Test func cancellingKeepsThePeriod() throws {
        var subscription = Self.active()
        try subscription.cancel(at: Self.start, reason: "dear", immediately: false)
        #expect(subscription.status == .active && subscription.cancelAtPeriodEnd)
        #expect(throws: SubscriptionProblem.invalidState) { try subscription.cancel(at: Self.start, reason: nil, immediately: false) }
        try subscription.resume()
        #expect(subscription.cancelledAt == nil)
        #expect(throws: SubscriptionProblem.invalidState) { try subscription.resume() }
        try subscription.cancel(at: Self.start, reason: nil, immediately: true)
        #expect(subscription.status == .cancelled)
    }

    /// (new − old) × rest ÷ whole, one unit of the currency at least.
    @Test(arguments: [(0, 6000), (15, 3000), (29, 200), (30, 100)] as [(Int, Int64)])
    func aDearerPlanCostsTheRest(day: Int, cents: Int64) throws {
        let price = Money(minor: 9000, currency: .eur)
        #expect(try Self.active().proration(to: price, at: Self.start + .days(day)).minor == cents)
    }
}
