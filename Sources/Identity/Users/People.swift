import Postgres
import Service
import Values

/// The door for the staff of scopes: the people who have grants where the caller reaches.
package final class People: Sendable {
    let staff: Staff
    private var users: Users { staff.users }
    private var grants: Grants { staff.grants }
    private var database: Database { users.database }

    init(staff: Staff) {
        self.staff = staff
    }

    /// Where the caller may look, as a condition on the grants `g`.
    func sight(of caller: Caller) throws -> SQL {
        grants.scopes.condition(within: try caller.reach("users:read"))
    }

    func list(_ filter: UserCondition, _ page: PageRequest, for caller: Caller) async throws -> Page<User> {
        var filter = filter
        filter.within = try sight(of: caller)
        return try await database.page(filter, page)
    }

    /// The person, when a grant of his lies where the caller holds the permission: else 404, or 403 for one whom the
    /// caller may see.
    func find(_ id: ID<User>, for caller: Caller, _ permission: Permission = "users:read") async throws -> User {
        if !(try await isReached(id, try caller.reach(permission))) {
            let sees = permission == "users:read" ? false : try await isReached(id, try caller.reach("users:read"))
            throw (sees ? HouseProblem.forbidden : .notFound).problem
        }
        guard let user = try await users.find(id) else { throw HouseProblem.notFound.problem }
        return user
    }

    private func isReached(_ id: ID<User>, _ reach: Reach) async throws -> Bool {
        if reach.isEverything, !reach.holdsDenials { return true }
        let condition = grants.scopes.condition(within: reach)
        return try await database.first(GrantQueries.live(of: id, where: condition)) != nil
    }

    /// Somebody with grants in the caller's scopes. An address that has an account already gets the grants alone, once it
    /// is sure that they reach its owner.
    func create(_ draft: NewUser, gifts: [GrantDraft], password: String?, by caller: Caller, _ actor: AuditActor)
        async throws -> User
    {
        let known = if let email = draft.email { try await users.find(email: email) } else { User?.none }
        for gift in gifts { try await check(gift, to: known?.id ?? .new(), by: caller, "users:create") }
        if known != nil, password != nil { throw UserProblem.emailTaken.on("email") }
        let user = if let known { known } else { try await staff.make(draft, password: password) }
        return try await database.transaction { _ in
            if known == nil {
                try await users.insert(user)
                try await users.invite(user, by: actor)
                await users.audit.record(AuditEntry("user_created", "user", user.id.description), by: actor)
            } else {
                _ = try await users.handOver(user, by: caller)
            }
            for gift in gifts { try await staff.give(gift, to: user.id, actor: actor) }
            return user
        }
    }

    /// Takes away what the person has in the caller's scopes; the account stays.
    func remove(_ id: ID<User>, by caller: Caller, _ actor: AuditActor) async throws {
        _ = try await find(id, for: caller, "users:update")
        let condition = grants.scopes.condition(within: try caller.reach("users:update"))
        try await database.transaction { _ in
            // What a product gives by its own rules, it takes by them.
            let held = try await database.all(GrantQueries.live(of: id, where: condition))
                .filter { grants.roles[$0.role]?.isGrantedByHand ?? true }
            for grant in held {
                let path = try await grants.scopes.path(of: grant.scope)
                try staff.rules.checkTaking(of: grant.stored, on: path, from: id, by: caller)
            }
            try await grants.hold(held, of: id)
            try await caller.checkMatch()
            try await grants.withdraw(held, from: id, by: actor)
        }
    }

    // MARK: Grants

    func grants(of id: ID<User>, for caller: Caller) async throws -> [GrantRecord] {
        _ = try await find(id, for: caller)
        return try await grants.live(of: id, within: try sight(of: caller))
    }

    /// A role for an account that is there, once it is sure that it reaches the owner of its address.
    func give(_ gift: GrantDraft, to id: ID<User>, by caller: Caller, _ actor: AuditActor) async throws -> GrantRecord {
        try await check(gift, to: id, by: caller, "users:manage")
        return try await database.transaction { _ in
            guard try await users.findOwned(id, by: caller) != nil else { throw HouseProblem.notFound.problem }
            guard let grant = try await grants.give(gift, to: id, by: actor) else { throw GrantProblem.grantExists.problem }
            return grant
        }
    }

    /// A grant of a person, on whose scope the caller holds the permission.
    func grant(_ id: ID<GrantRecord>, of user: ID<User>, for caller: Caller, _ permission: Permission) async throws
        -> GrantRecord
    {
        // Whoever holds the permission nowhere learns nothing of ids: 403 for known and unknown ones alike.
        _ = try caller.reach(permission)
        guard let grant = try await database.first(GrantQueries.find(id, of: user)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(permission, seeing: "users:read", on: try await grants.scopes.path(of: grant.scope))
        return grant
    }

    func change(_ grant: GrantRecord, codes: [String], by caller: Caller, _ actor: AuditActor) async throws -> GrantRecord {
        let draft = GrantDraft(role: grant.role, on: grant.scope, codes: codes)
        try await check(draft, to: grant.user, by: caller, "users:manage")
        return try await database.transaction { _ in
            guard let held = try await database.first(GrantQueries.lock([grant.id])) else {
                throw HouseProblem.notFound.problem
            }
            try await caller.checkMatch()
            try await grants.change(held, codes: codes, by: actor)
            return held.with(codes: codes)
        }
    }

    func withdraw(_ grant: GrantRecord, by caller: Caller, _ actor: AuditActor) async throws {
        let path = try await grants.scopes.path(of: grant.scope)
        try staff.rules.checkTaking(of: grant.stored, on: path, from: grant.user, by: caller)
        try await database.transaction { _ in
            guard try await !grants.hold([grant], of: grant.user).isEmpty else { throw HouseProblem.notFound.problem }
            try await caller.checkMatch()
            try await grants.withdraw([grant], from: grant.user, by: actor)
        }
    }

    private func check(_ gift: GrantDraft, to id: ID<User>, by caller: Caller, _ permission: Permission) async throws {
        guard grants.scopes.knows(gift.scope.type), (gift.scope.type == .platform) == (gift.scope.id == nil),
            try await grants.scopes.exists(gift.scope)
        else { throw GrantProblem.scopeUnknown.on("scopeId") }
        let path = try await grants.scopes.path(of: gift.scope)
        // A scope that the caller cannot see does not exist for him.
        guard caller.can("users:read", on: path) || caller.can(permission, on: path) else {
            throw GrantProblem.scopeUnknown.on("scopeId")
        }
        try caller.require(permission, seeing: "users:read", on: path)
        _ = try staff.rules.checkGift(of: gift, on: path, to: id, by: caller)
    }
}
