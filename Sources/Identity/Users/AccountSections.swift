import JSON
import Service
import Synchronization
import Values

/// What the modules show staff of one account, besides what Identity knows of it: sections on the scope type `user`. Bound once,
/// when every module is there.
package final class AccountSections: Sendable {
    private let bound = Mutex<[DashboardSection]>([])

    package func bind(_ sections: [DashboardSection]) {
        bound.withLock { $0 = sections.filter { $0.scopeTypes.contains("user") } }
    }

    /// By the modules that show something.
    func shown(of user: ID<User>) async throws -> [String: JSONText] {
        var shown: [String: JSONText] = [:]
        for section in bound.withLock({ $0 }) { shown[section.product] = try await section.show(Scope("user", user.uuid)) }
        return shown
    }
}
