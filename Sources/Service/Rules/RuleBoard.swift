import Runtime
import Synchronization

/// Where the rules of the house hang. Each loop keeps a copy, and looks with one atomic load whether another hangs there, so
/// that whatever begins after `publish` has returned obeys it.
package final class RuleBoard: Sendable {
    /// Confined to its loop.
    private final class Copy: @unchecked Sendable {
        var version = 0
        var rules: HouseRules
        /// The rules of limits that cover an operation, in the order in which they are asked.
        var limits: [String: [LimitRule]] = [:]

        init(_ rules: HouseRules) { self.rules = rules }
    }

    private let latest: Mutex<HouseRules>
    private let version = Atomic<Int>(0)
    private let copies: [Copy]
    private let offered = Mutex<@Sendable () -> [Operation]>({ [] })

    /// - Parameter loops: how many loops the process serves with.
    package init(_ rules: HouseRules = HouseRules(), loops: Int) {
        latest = Mutex(rules)
        copies = (0..<max(1, loops)).map { _ in Copy(rules) }
    }

    package var rules: HouseRules { latest.withLock { $0 } }

    package func publish(_ rules: HouseRules) {
        latest.withLock {
            $0 = rules
            version.add(1, ordering: .releasing)
        }
    }

    /// What the program offers, once it is known.
    package var operations: [Operation] { offered.withLock { $0 }() }

    func bind(_ operations: @escaping @Sendable () -> [Operation]) { offered.withLock { $0 = operations } }

    /// On the loop itself.
    func rules(on loop: EventLoop) -> HouseRules { copy(of: loop).rules }

    /// The limit of a call: by the operators' rules, else the operation's own, else the house's.
    ///
    /// A rule for everything stands in for the house's quantity; one that names a path overrides what its operations have
    /// of their own, too.
    ///
    /// - Parameter hasHouses: false for operations of another contract, which says itself what holds where nothing else does.
    func limit(
        of operation: LimitTarget, own: RateLimit?, for principal: Principal?, on loop: EventLoop, hasHouses: Bool = true
    ) -> RateLimit? {
        let copy = copy(of: loop)
        let fallback = hasHouses ? copy.rules.defaultLimit : nil
        if copy.rules.limits.isEmpty { return own ?? fallback }
        let rules = copy.limits[operation.id] ?? Self.rules(copy, of: operation)
        let rule = rules.first { rule in
            (own == nil || rule.operation != LimitRule.everything) && rule.applies(to: principal)
        }
        return rule?.limit ?? own ?? fallback
    }

    private static func rules(_ copy: Copy, of operation: LimitTarget) -> [LimitRule] {
        let rules = copy.rules.limits.filter { $0.covers(operation) }.sorted(by: LimitRule.precedes)
        copy.limits[operation.id] = rules
        return rules
    }

    private func copy(of loop: EventLoop) -> Copy {
        let copy = copies[loop.index]
        if copy.version != version.load(ordering: .acquiring) {
            latest.withLock {
                copy.rules = $0
                copy.version = version.load(ordering: .relaxed)
            }
            copy.limits = [:]
        }
        return copy
    }
}
