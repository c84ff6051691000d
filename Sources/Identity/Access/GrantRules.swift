import Service
import Values

/// Who may give whom what (0-platform, 1.2): nobody above his own level, nobody a code he lacks there, nobody his own
/// platform grants.
struct GrantRules: Sendable {
    let roles: RoleBook

    /// Checks a gift by hand; the role it names.
    func checkGift(of draft: GrantDraft, on path: ScopePath, to receiver: ID<User>, by giver: Caller) throws -> Role {
        guard let role = roles[draft.role] else { throw GrantProblem.roleUnknown.on("role") }
        guard role.isGrantedByHand, role.scopeTypes.contains(draft.scope.type) else {
            throw GrantProblem.roleNotGrantable.on("role")
        }
        try checkOwn(draft.scope, of: receiver, by: giver)
        guard rank(of: giver, on: path) >= role.level else { throw GrantProblem.rankTooLow.problem }
        for code in draft.codes {
            let permission = Permission(code.hasPrefix("-") ? String(code.dropFirst()) : code)
            guard permission.isWellFormed else { throw GrantProblem.codeUnknown.on("permissions") }
        }
        let gift = role.permissions + draft.codes.filter { !StoredGrant.isDenial($0) }.map { Permission($0) }
        guard gift.allSatisfy({ giver.can($0, on: path) }) else { throw GrantProblem.rankTooLow.problem }
        return role
    }

    /// Checks that a grant may be taken away by hand.
    func checkTaking(of stored: StoredGrant, on path: ScopePath, from holder: ID<User>, by taker: Caller) throws {
        try checkOwn(stored.scope, of: holder, by: taker)
        guard roles[stored.role]?.isGrantedByHand ?? true else { throw GrantProblem.roleNotGrantable.problem }
        // A role whose module is switched off has no level that we know.
        let level = roles[stored.role]?.level ?? 100
        guard rank(of: taker, on: path) >= level else { throw GrantProblem.rankTooLow.problem }
    }

    /// Checks that an account may be changed: nobody acts on those above him on the platform.
    func checkRank(over grants: [StoredGrant], by actor: Caller) throws {
        if isAbove(grants, actor) { throw GrantProblem.rankTooLow.problem }
    }

    /// Whether an account with these grants is above the actor on the platform.
    func isAbove(_ grants: [StoredGrant], _ actor: Caller) -> Bool {
        let levels = grants.filter { $0.scope == .platform }.compactMap { roles[$0.role]?.level }
        return levels.max().map { $0 > rank(of: actor, on: []) } ?? false
    }

    /// The roles that put an account above the actor on the platform.
    func roles(above actor: Caller) -> [String] {
        let rank = rank(of: actor, on: [])
        return roles.all.filter { $0.level > rank }.map(\.name)
    }

    private func checkOwn(_ scope: Scope, of holder: ID<User>, by actor: Caller) throws {
        if scope == .platform, actor.userID == holder.uuid { throw GrantProblem.ownGrants.problem }
    }

    private func rank(of caller: Caller, on path: ScopePath) -> Int { caller.principal?.level(on: path) ?? -1 }
}
