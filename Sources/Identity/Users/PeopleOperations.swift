import JSON
import Service
import Values

/// People with grants in the caller's scopes, and those grants.
struct PeopleOperations {
    let module: IdentityModule

    var all: [Operation] {
        [list, create, get, change, remove, listGrants, give, getGrant, changeGrant, withdraw]
    }

    private static let tag = "People"
    private static let giving: [any ProblemKind] = [
        GrantProblem.roleUnknown, GrantProblem.roleNotGrantable, GrantProblem.scopeUnknown, GrantProblem.codeUnknown,
        GrantProblem.rankTooLow, GrantProblem.ownGrants, GrantProblem.grantExists,
    ]

    private var list: Operation {
        Operation.list(
            "/api/v1/users", "listUsers", "People with grants in the caller's scopes", tag: Self.tag,
            who: .permission("users:read"), filter: PeopleFilter.self, item: PersonView.self,
            sort: ["-createdAt", "name", "email"]
        ) { [module] call, filter, page in
            let people = try await module.people.list(filter.condition, page, for: call.caller)
            return try await module.personViews(people, within: try module.people.sight(of: call.caller))
        }
    }

    private var create: Operation {
        Operation.post(
            "/api/v1/users", "createUser", "Give somebody grants, by e-mail or phone; a new account if there is none",
            tag: Self.tag, who: .permission("users:create"),
            problems: Self.giving + [
                UserProblem.emailTaken, UserProblem.phoneTaken, UserProblem.addressRequired,
                UserProblem.passwordOrInvitation, UserProblem.emailUnconfirmed,
            ],
            body: NewPerson.self, answer: PersonView.self, location: { "/api/v1/users/\($0.id)" }
        ) { [self] call, body in
            _ = try call.caller.reach("users:create")
            let user = try await module.people.create(
                try body.draft(), gifts: body.grants.map(\.draft), password: body.password, by: call.caller,
                AuditActor(call, module.book))
            return try await view(user, for: call.caller)
        }
    }

    private var get: Operation {
        Operation.get(
            "/api/v1/users/{id}", "getUser", "One of the people in the caller's scopes", tag: Self.tag,
            who: .permission("users:read"), answer: PersonView.self
        ) { [self] call in
            try await view(try await module.people.find(call.id(), for: call.caller), for: call.caller)
        }
    }

    private var change: Operation {
        Operation.patch(
            "/api/v1/users/{id}", "changeUser", "Change a person's names and language", tag: Self.tag,
            who: .permission("users:update"), problems: [GrantProblem.rankTooLow], body: PersonChange.self,
            answer: PersonView.self
        ) { [self] call, body in
            let user = try await module.people.find(call.id(), for: call.caller, "users:update")
            try await module.staff.checkRank(over: user.id, by: call.caller)
            let changed = try await module.users.change(user.id, as: "user_updated", by: AuditActor(call, module.book)) {
                try await call.caller.checkMatch()
                body.apply(to: &$0)
            }
            return try await view(changed, for: call.caller)
        }
    }

    private var remove: Operation {
        Operation.delete(
            "/api/v1/users/{id}", "removeUser", "Withdraw a person's grants in the caller's scopes", tag: Self.tag,
            who: .permission("users:update"),
            problems: [GrantProblem.rankTooLow, GrantProblem.ownGrants, GrantProblem.lastSuperAdmin]
        ) { [module] call in
            try await module.people.remove(call.id(), by: call.caller, AuditActor(call, module.book))
        }
    }

    private func view(_ user: User, for caller: Caller) async throws -> PersonView {
        // Whoever may add or change people and see none is told of no role.
        let sight = (try? module.people.sight(of: caller)) ?? "false"
        return try await module.personView(user, within: sight)
    }

    // MARK: Grants

    private var listGrants: Operation {
        Operation.list(
            "/api/v1/users/{id}/grants", "listGrants", "A person's grants in the caller's scopes", tag: Self.tag,
            who: .permission("users:read"), filter: Empty.self, item: GrantView.self, sort: ["createdAt"]
        ) { [module] call, _, page in
            let grants = try await module.people.grants(of: call.id(), for: call.caller)
            return Page(sorted: grants.map { GrantView($0, roles: module.book) }, page) { $0.createdAt < $1.createdAt }
        }
    }

    private var give: Operation {
        Operation.post(
            "/api/v1/users/{id}/grants", "giveGrant", "Give a person a role on a scope", tag: Self.tag,
            who: .permission("users:manage"), problems: Self.giving + [UserProblem.emailUnconfirmed], body: NewGrant.self,
            answer: GrantView.self
        ) { [module] call, body in
            _ = try call.caller.reach("users:manage")
            let grant = try await module.people.give(
                body.draft, to: call.id(), by: call.caller, AuditActor(call, module.book))
            call.setField("Location", "/api/v1/users/\(grant.user)/grants/\(grant.id)")
            return GrantView(grant, roles: module.book)
        }
    }

    private var getGrant: Operation {
        Operation.get(
            "/api/v1/users/{id}/grants/{grantId}", "getGrant", "One grant of a person", tag: Self.tag,
            who: .permission("users:read"), answer: GrantView.self
        ) { [module] call in
            GrantView(
                try await module.people.grant(call.id("grantId"), of: call.id(), for: call.caller, "users:read"),
                roles: module.book)
        }
    }

    private var changeGrant: Operation {
        Operation.patch(
            "/api/v1/users/{id}/grants/{grantId}", "changeGrant", "Change the codes that a grant carries", tag: Self.tag,
            who: .permission("users:manage"), problems: Self.giving, body: GrantChange.self, answer: GrantView.self
        ) { [module] call, body in
            let grant = try await module.people.grant(call.id("grantId"), of: call.id(), for: call.caller, "users:manage")
            let changed = try await module.people.change(
                grant, codes: body.permissions, by: call.caller, AuditActor(call, module.book))
            return GrantView(changed, roles: module.book)
        }
    }

    private var withdraw: Operation {
        Operation.delete(
            "/api/v1/users/{id}/grants/{grantId}", "withdrawGrant", "Take a grant away", tag: Self.tag,
            who: .permission("users:manage"),
            problems: [
                GrantProblem.rankTooLow, GrantProblem.ownGrants, GrantProblem.lastSuperAdmin, GrantProblem.roleNotGrantable,
            ]
        ) { [module] call in
            let grant = try await module.people.grant(call.id("grantId"), of: call.id(), for: call.caller, "users:manage")
            try await module.people.withdraw(grant, by: call.caller, AuditActor(call, module.book))
        }
    }
}
