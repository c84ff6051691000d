import Service
import Values

/// How tickets of a type of scope are handled, as a product registers it.
package struct TicketProfile: Sendable {
    /// What the deadline is for.
    package enum Measure: Sendable { case firstResponse, resolution }
    /// Staff with the category among their specialities, in any order.
    package typealias Candidates = nonisolated(nonsending) @Sendable (_ scope: UUID?, _ category: String) async throws -> [UUID]

    package let scopeType: ScopeType
    package let product: String
    /// What numbers begin with: `TKT`, as in `TKT-2026-00001`.
    package let series: String
    package let digits: Int
    /// Whether the number has the year, and begins anew with it.
    package let isYearly: Bool
    package let policy: TicketPolicy
    package let measure: Measure
    /// Hours until it is due, by priority; none: no deadline. A category with hours of its own goes before.
    package internal(set) var hours: [TicketPriority: Int]
    package internal(set) var autoCloseHours: Int
    package internal(set) var reopenHours: Int
    /// Days of waiting for the requester after which it counts as resolved.
    package internal(set) var waitingDays: Int?
    /// The code of the category of a ticket that names none.
    package let defaultCategory: String
    /// What lies in the scope and may be what a ticket is about: a unit. Whoever has a right there opens tickets about it.
    package let placeType: ScopeType?
    /// Who hears of a breached deadline besides the assignee: holders of these roles on the scope.
    package let managerRoles: [String]
    package let candidates: Candidates

    package init(
        scopeType: ScopeType, product: String, series: String = "TKT", digits: Int = 5, isYearly: Bool = true,
        policy: TicketPolicy, measure: Measure, hours: [TicketPriority: Int] = [:], autoCloseHours: Int, reopenHours: Int,
        waitingDays: Int?, defaultCategory: String, placeType: ScopeType? = nil, managerRoles: [String],
        candidates: @escaping Candidates
    ) {
        self.scopeType = scopeType
        self.product = product
        self.series = series
        self.digits = digits
        self.isYearly = isYearly
        self.policy = policy
        self.measure = measure
        self.hours = hours
        self.autoCloseHours = autoCloseHours
        self.reopenHours = reopenHours
        self.waitingDays = waitingDays
        self.defaultCategory = defaultCategory
        self.placeType = placeType
        self.managerRoles = managerRoles
        self.candidates = candidates
    }

    /// When a ticket is due; nil without a deadline.
    func due(_ priority: TicketPriority, openedAt: Instant, categoryHours: Int?) -> Instant? {
        (categoryHours ?? hours[priority]).map { openedAt + .hours($0) }
    }

    func number(_ value: Int, year: Int) -> String {
        let digits = String(repeating: "0", count: max(0, digits - String(value).count)) + String(value)
        return isYearly ? "\(series)-\(year)-\(digits)" : "\(series)-\(digits)"
    }
}

extension TicketProfile {
    /// Tickets to the platform itself (0-platform, 4.10).
    ///
    /// - Parameter candidates: the support staff.
    package static func platform(candidates: @escaping Candidates) -> TicketProfile {
        TicketProfile(
            scopeType: .platform, product: "platform", policy: .platform, measure: .firstResponse,
            hours: [.critical: 4, .high: 8, .medium: 24], autoCloseHours: 72, reopenHours: 7 * 24, waitingDays: 14,
            defaultCategory: "support", managerRoles: ["admin", "super_admin"], candidates: candidates)
    }
}
