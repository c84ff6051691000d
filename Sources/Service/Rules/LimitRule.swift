/// A limit that an operator has set for some operations and some callers.
package struct LimitRule: Sendable, Hashable {
    /// `*`, or the beginning of a path, whole segments of it, with a method before it or without:
    /// `/api/v1/payments`, `POST /api/v1/payments`.
    package let operation: String
    /// A role that the caller holds anywhere, `guest` for whoever is not signed in, `*` for everybody.
    package let role: String
    package let limit: RateLimit

    package static let everything = "*"
    package static let guest = "guest"

    package init(operation: String, role: String, quantity: Int, windowSeconds: Int) {
        self.operation = operation
        self.role = role
        // Operations under one rule share its count.
        limit = RateLimit(role == Self.everything ? operation : "\(operation) \(role)", quantity, perSeconds: windowSeconds)
    }

    package func covers(_ operation: LimitTarget) -> Bool {
        if self.operation == Self.everything { return true }
        let words = self.operation.split(separator: " ", maxSplits: 1)
        if words.count == 2, words[0] != "\(operation.method.name)" { return false }
        guard let beginning = words.last else { return false }
        return operation.path == beginning || operation.path.hasPrefix("\(beginning)/")
    }

    func applies(to principal: Principal?) -> Bool {
        switch role {
        case Self.everything: true
        case Self.guest: principal == nil
        default: principal?.grants.contains { $0.role == role } ?? false
        }
    }

    /// The longest beginning comes first, with a method before without; then a role before everybody, then the most
    /// generous: who holds several roles has the best of them.
    static func precedes(_ a: LimitRule, _ b: LimitRule) -> Bool {
        if a.operation.utf8.count != b.operation.utf8.count { return a.operation.utf8.count > b.operation.utf8.count }
        if (a.role == everything) != (b.role == everything) { return b.role == everything }
        return a.limit.quantity * b.limit.windowSeconds > b.limit.quantity * a.limit.windowSeconds
    }
}
