/// What operators change while the program runs, and every request obeys: quantities, networks, maintenance. A value is
/// never changed, only replaced on its board.
package final class HouseRules: Sendable {
    /// For operations without a limit of their own, and for tokens that prove nothing; nil switches both off.
    package let defaultLimit: RateLimit?
    package let limits: [LimitRule]
    package let addresses: AddressRules
    /// Not nil while only staff, providers and probes are served.
    package let maintenance: Maintenance?

    package init(
        defaultLimit: RateLimit? = nil, limits: [LimitRule] = [], addresses: AddressRules = AddressRules([]),
        maintenance: Maintenance? = nil
    ) {
        self.defaultLimit = defaultLimit
        self.limits = limits
        self.addresses = addresses
        self.maintenance = maintenance
    }
}

/// Users are asked to come back later.
package struct Maintenance: Sendable, Equatable {
    /// A sentence for them; nil for the house's own.
    package let message: String?

    package init(message: String? = nil) { self.message = message }

    var problem: Problem {
        var problem = HouseProblem.maintenance.retry(after: 60)
        if let message { problem.detail = message }
        return problem
    }
}
