import JSON
import Postgres
import Values

/// What a product offers, and for how much.
package struct Plan: Sendable {
    package let id: ID<Plan>
    let createdAt: Instant
    let updatedAt: Instant
    package let product: String
    let subscriberType: String
    var slug: String
    var name: String
    var description: String?
    let type: PlanType
    /// By name; −1 is no limit.
    var limits: [String: Int]
    package internal(set) var features: [String]
    var permissions: [String]
    var discountPercent: Percent
    var trialDays: Int
    var isActive: Bool
    var isPopular: Bool
    var displayOrder: Int
    var prices: [PlanPrice]

    /// As it is named, or made of the monthly price; nil where there is neither.
    func price(_ cycle: BillingCycle, in currency: Currency) throws -> Money? {
        if let named = prices.first(where: { $0.cycle == cycle && $0.currency == currency }) { return named.money }
        guard let monthly = prices.first(where: { $0.cycle == .monthly && $0.currency == currency }) else {
            // What costs nothing costs nothing for any time.
            return type == .free ? .zero(currency) : nil
        }
        return try cycle.price(from: monthly.money)
    }

    /// Whether so much fits into the plan.
    func holds(_ usage: [String: Int]) -> Bool {
        usage.allSatisfy { name, used in limits[name].map { $0 < 0 || used <= $0 } ?? true }
    }
}

package enum PlanType: String, WireEnum {
    case free, trial, starter, basic, professional, pro, enterprise, custom
}

struct PlanPrice: Sendable, Equatable {
    let cycle: BillingCycle
    let money: Money
    var currency: Currency { money.currency }
}

extension Plan: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        product = try row.next()
        subscriberType = try row.next()
        slug = try row.next()
        name = try row.next()
        description = try row.next()
        type = try row.next()
        limits = try row.document([:])
        features = try row.next()
        permissions = try row.next()
        discountPercent = try row.next()
        trialDays = try row.next()
        isActive = try row.next()
        isPopular = try row.next()
        displayOrder = try row.next()
        let cycles: [String] = try row.next() ?? []
        let currencies: [String] = try row.next() ?? []
        let amounts: [Int] = try row.next() ?? []
        prices = cycles.indices.compactMap { index in
            guard let cycle = BillingCycle(rawValue: cycles[index]), let currency = Currency(currencies[index]) else {
                return nil
            }
            return PlanPrice(cycle: cycle, money: Money(minor: Int64(amounts[index]), currency: currency))
        }
    }
}
