import Payments
import Postgres
import Service
import Values

/// What somebody may use of a product, until when, and for how much.
package struct Subscription: Sendable {
    package let id: ID<Subscription>
    package let createdAt: Instant
    package internal(set) var updatedAt: Instant
    package let product: String
    package let subscriber: Scope
    package internal(set) var planID: ID<Plan>
    package internal(set) var cycle: BillingCycle
    /// Of a whole period.
    package internal(set) var amount: Money
    package internal(set) var status: SubscriptionStatus
    package internal(set) var periodStartAt: Instant
    package internal(set) var periodEndAt: Instant
    let anchorDay: Int
    let hadTrial: Bool
    package internal(set) var autoRenew: Bool
    package internal(set) var cancelAtPeriodEnd: Bool
    package internal(set) var cancelledAt: Instant?
    package internal(set) var cancelReason: String?
    /// By what renewals are paid; nil where the subscriber pays each himself.
    var savedMethodID: ID<SavedMethod>?
    var nextPlanID: ID<Plan>?
    var nextCycle: BillingCycle?
    /// How often a renewal that was not paid in time has been asked for.
    var attempts: Int
    var graceUntil: Instant?
    var nextStepAt: Instant?

    /// Days after the end on which an unpaid renewal is asked for (0-platform, 4.7).
    static let attemptDays = [0, 1, 3, 5]
    static let reminderDays = [7, 3, 1]

    /// What it brings in a month: of what is paid, or should be.
    var monthlyRevenue: Int64 { status == .active || status == .pastDue ? cycle.monthly(amount.minor) : 0 }

    /// When the job has to look at it after `now`; nil when nothing will happen by itself.
    func nextStep(after now: Instant) -> Instant? {
        switch status {
        case .cancelled, .expired: nil
        case .pending: createdAt + .days(1)
        case .trialing, .active:
            (Self.reminderDays.map { periodEndAt - .days($0) } + [periodEndAt]).filter { $0 > now }.min() ?? periodEndAt
        case .pastDue:
            (Self.attemptDays.dropFirst().map { periodEndAt + .days($0) } + [graceUntil ?? periodEndAt])
                .filter { $0 > now }.min() ?? graceUntil
        }
    }

    // MARK: Transitions

    /// A new period begins: paid, given, or free.
    mutating func begin(_ start: Instant, until end: Instant) {
        status = .active
        (periodStartAt, periodEndAt) = (start, end)
        (attempts, graceUntil) = (0, nil)
    }

    mutating func take(_ plan: ID<Plan>, _ cycle: BillingCycle, _ amount: Money) {
        (planID, self.cycle, self.amount) = (plan, cycle, amount)
        (nextPlanID, nextCycle) = (nil, nil)
    }

    mutating func fallDue(grace: Duration) {
        status = .pastDue
        graceUntil = periodEndAt + grace
        attempts = 1
    }

    mutating func expire() {
        status = .expired
        graceUntil = nil
        (cancelAtPeriodEnd, cancelledAt) = (false, nil)
    }

    mutating func cancel(at now: Instant, reason: String?, immediately: Bool) throws(SubscriptionProblem) {
        guard status.isLive, !cancelAtPeriodEnd || immediately else { throw .invalidState }
        cancelledAt = now
        cancelReason = reason
        if immediately || status == .pending || status == .pastDue {
            status = .cancelled
            graceUntil = nil
            cancelAtPeriodEnd = false
        } else {
            cancelAtPeriodEnd = true
        }
    }

    mutating func resume() throws(SubscriptionProblem) {
        guard cancelAtPeriodEnd, status == .active || status == .trialing else { throw .invalidState }
        (cancelAtPeriodEnd, cancelledAt, cancelReason) = (false, nil, nil)
    }

    /// What a dearer plan costs for the rest of the period: (new − old) × rest ÷ whole, one unit of the currency at least.
    func proration(to price: Money, at now: Instant) throws -> Money {
        let whole = (periodEndAt - periodStartAt).wholeSeconds
        let rest = max(0, (periodEndAt - now).wholeSeconds)
        let difference = try (price - amount).scaled(by: rest, over: max(1, whole))
        return Money(minor: max(difference.minor, Money.unit(of: price.currency)), currency: price.currency)
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int64 { components.seconds }
}

extension Subscription: Row {
    /// The columns of `SubscriptionQueries.columns`, in that order.
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        subscriber = Scope(ScopeType(try row.next()), try row.next() as UUID)
        planID = try row.next()
        cycle = try row.next()
        amount = Money(minor: try row.next(), currency: try row.next())
        status = try row.next()
        periodStartAt = try row.next()
        periodEndAt = try row.next()
        anchorDay = try row.next()
        hadTrial = try row.next()
        autoRenew = try row.next()
        cancelAtPeriodEnd = try row.next()
        cancelledAt = try row.next()
        cancelReason = try row.next()
        savedMethodID = try row.next()
        nextPlanID = try row.next()
        nextCycle = try row.next()
        attempts = try row.next()
        graceUntil = try row.next()
        nextStepAt = try row.next()
    }
}
