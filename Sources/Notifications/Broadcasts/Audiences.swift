import JSON
import Service
import Values

/// Who of those who belong to a scope is meant.
package struct Audience: Shaped, Equatable {
    /// Those who have one of these roles there or below; everybody when there are none.
    package let roles: [String]

    package init(roles: [String] = []) { self.roles = roles }

    package static let shape = Shape<Self>(
        "Audience", Self.init,
        Field(
            "roles", { $0.roles }, .count(0...20), .each(.length(1...50)), default: { [] },
            doc: "Those who have one of these roles in the scope or below it; left out, everybody who has one."))
}

/// Who belongs to a scope: what Identity knows of it.
package protocol Audiences: Sendable {
    /// A scope with its parents, innermost first; empty for one that does not exist.
    func path(of scope: Scope) async throws -> ScopePath
    /// People of an audience who can be told anything, in the order of their ids.
    func people(_ audience: Audience, within reach: Reach, limit: Int) async throws -> [UUID]
}

/// Nobody: for commands that run without Identity.
package struct NoAudiences: Audiences {
    package init() {}

    package func path(of scope: Scope) async throws -> ScopePath { [] }
    package func people(_ audience: Audience, within reach: Reach, limit: Int) async throws -> [UUID] { [] }
}
