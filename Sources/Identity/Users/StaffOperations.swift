import Service
import Values

/// Every account, for the platform's staff.
struct StaffOperations {
    let module: IdentityModule

    var all: [Operation] {
        [list, export, create, get, update, delete, setPassword, resetSecondFactor, suspend, reactivate, ban, signOut, activity]
    }

    private static let tag = "Administration of users"

    private var list: Operation {
        Operation.list(
            "/api/v1/admin/users", "listAllUsers", "All accounts", tag: Self.tag, who: .permission("users:read"),
            filter: StaffFilter.self, item: UserView.self, sort: ["-createdAt", "name", "email"]
        ) { [module] call, filter, page in
            try call.caller.requirePlatform("users:read")
            return try await module.views(try await module.users.database.page(filter.condition(module.book), page))
        }
    }

    private var export: Operation {
        Operation.export(
            "/api/v1/admin/users/export", "exportUsers", "All accounts as a file, the newest first", tag: Self.tag,
            who: .permission("users:read"), filter: StaffFilter.self, file: "users", columns: UserView.columns
        ) { [module] call, filter in
            try call.caller.requirePlatform("users:read")
            return try await module.exportUsers(filter, by: AuditActor(call, module.book))
        }
    }

    private var create: Operation {
        Operation.post(
            "/api/v1/admin/users", "createStaff", "Make a member of the platform's staff", tag: Self.tag,
            who: .permission("users:create"),
            problems: [
                UserProblem.emailTaken, UserProblem.phoneTaken, GrantProblem.roleUnknown, GrantProblem.roleNotGrantable,
                GrantProblem.codeUnknown, GrantProblem.rankTooLow,
            ],
            body: NewStaff.self, answer: UserView.self, location: { "/api/v1/admin/users/\($0.id)" }
        ) { [module] call, body in
            try call.caller.requirePlatform("users:create")
            let user = try await module.staff.create(
                body.draft, role: body.role, codes: body.permissions ?? [], password: body.password, by: call.caller,
                AuditActor(call, module.book))
            return try await module.view(user)
        }
    }

    private var get: Operation {
        Operation.get(
            "/api/v1/admin/users/{id}", "getAnyUser", "An account with its grants and sign-ins", tag: Self.tag,
            who: .permission("users:read"), answer: StaffUserView.self
        ) { [module] call in
            try call.caller.requirePlatform("users:read")
            return try await module.staffView(try await module.users.existing(call.id()))
        }
    }

    private var update: Operation {
        Operation.put(
            "/api/v1/admin/users/{id}", "updateUser", "Change what the body names of an account", tag: Self.tag,
            who: .permission("users:update"),
            problems: [
                UserProblem.emailTaken, UserProblem.phoneTaken, UserProblem.userDeleted, GrantProblem.roleUnknown,
                GrantProblem.roleNotGrantable, GrantProblem.codeUnknown, GrantProblem.rankTooLow, GrantProblem.ownGrants,
                GrantProblem.lastSuperAdmin, UserProblem.emailUnconfirmed,
            ],
            body: StaffUpdate.self, answer: StaffUserView.self
        ) { [module] call, body in
            try call.caller.requirePlatform("users:update")
            let user = try await module.staff.update(
                call.id(), body.change, by: call.caller, AuditActor(call, module.book))
            return try await module.staffView(user)
        }
    }

    private var delete: Operation {
        Operation.delete(
            "/api/v1/admin/users/{id}", "deleteUser", "Erase an account", tag: Self.tag, who: .permission("users:delete"),
            problems: [
                UserProblem.ownAccount, UserProblem.userDeleted, GrantProblem.rankTooLow, GrantProblem.lastSuperAdmin,
            ]
        ) { [module] call in
            try call.caller.requirePlatform("users:delete")
            try await module.staff.delete(call.id(), by: call.caller, AuditActor(call, module.book))
        }
    }

    private var setPassword: Operation {
        Operation.command(
            .put, "/api/v1/admin/users/{id}/password", "setPassword", "Set a password that the user has to change",
            tag: Self.tag, who: .permission("users:manage"),
            problems: [UserProblem.ownAccount, UserProblem.userDeleted, GrantProblem.rankTooLow], body: PasswordSetting.self
        ) { [module] call, body in
            try call.caller.requirePlatform("users:manage")
            try await module.staff.setPassword(
                of: call.id(), to: body.password, by: call.caller, AuditActor(call, module.book))
        }
    }

    private var resetSecondFactor: Operation {
        Operation.delete(
            "/api/v1/admin/users/{id}/two-factor", "resetTwoFactor", "Have an account ask for no second proof any more",
            tag: Self.tag, who: .permission("users:manage"),
            problems: [UserProblem.ownAccount, TwoFactorProblem.twoFactorOff, GrantProblem.rankTooLow]
        ) { [module] call in
            try call.caller.requirePlatform("users:manage")
            try await module.staff.resetSecondFactor(of: call.id(), by: call.caller, AuditActor(call, module.book))
        }.described("For somebody who has lost it, and has proved by other means who he is. His recovery codes are void, too.")
    }

    // MARK: Transitions

    private static let refusals: [any ProblemKind] = [
        UserProblem.ownAccount, UserProblem.userDeleted, UserProblem.alreadyBanned, GrantProblem.rankTooLow,
        GrantProblem.lastSuperAdmin,
    ]

    private var suspend: Operation {
        Operation.post(
            "/api/v1/admin/users/{id}/suspend", "suspendUser", "Suspend an account, for a while or until further notice",
            tag: Self.tag, who: .permission("users:update"), problems: Self.refusals + [UserProblem.alreadySuspended],
            body: SuspensionBody.self, answer: UserView.self, status: 200
        ) { [module] call, body in
            try call.caller.requirePlatform("users:update")
            if let until = body.until, until <= call.now {
                throw InvalidInput(field: "until", code: "past", message: "A suspension ends in the future.")
            }
            return try await module.view(
                try await module.staff.suspend(
                    call.id(), until: body.until, reason: body.reason, notify: body.notify, by: call.caller,
                    AuditActor(call, module.book)))
        }
    }

    private var reactivate: Operation {
        Operation.post(
            "/api/v1/admin/users/{id}/reactivate", "reactivateUser", "End a suspension or, with users:delete, a ban",
            tag: Self.tag, who: .permission("users:update"),
            problems: [UserProblem.notSuspended, GrantProblem.rankTooLow], body: ReactivationBody.self,
            answer: UserView.self, status: 200
        ) { [module] call, body in
            try call.caller.requirePlatform("users:update")
            return try await module.view(
                try await module.staff.reactivate(
                    call.id(), notify: body.notify, by: call.caller, AuditActor(call, module.book)))
        }
    }

    private var ban: Operation {
        Operation.post(
            "/api/v1/admin/users/{id}/ban", "banUser", "Ban an account", tag: Self.tag, who: .permission("users:delete"),
            problems: Self.refusals, body: BanBody.self, answer: UserView.self, status: 200
        ) { [module] call, body in
            try call.caller.requirePlatform("users:delete")
            return try await module.view(
                try await module.staff.ban(
                    call.id(), reason: body.reason, notify: body.notify, by: call.caller, AuditActor(call, module.book)))
        }
    }

    private var signOut: Operation {
        Operation.action(
            "/api/v1/admin/users/{id}/sign-out", "signOutUser", "End every sign-in of an account", tag: Self.tag,
            who: .permission("users:update"), problems: [GrantProblem.rankTooLow], answer: UserView.self
        ) { [module] call in
            try call.caller.requirePlatform("users:update")
            return try await module.view(
                try await module.staff.signOut(call.id(), by: call.caller, AuditActor(call, module.book)))
        }
    }

    private var activity: Operation {
        Operation.feed(
            "/api/v1/admin/users/{id}/activity", "listUserActivity", "What an account did and what was done to it",
            tag: Self.tag, who: .permission("users:read"), filter: RangeFilter.self, item: AuditView.self
        ) { [module] call, filter, request in
            try call.caller.requirePlatform("users:read")
            let user = try await module.users.existing(call.id())
            let condition = AuditCondition(about: user.id.uuid, from: filter.from, to: filter.to)
            return try await module.audit.feed(condition, request)
        }
    }
}
