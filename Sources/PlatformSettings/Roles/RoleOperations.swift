import Identity
import JSON
import Service
import Values

/// Roles and permissions, for operators.
struct RoleOperations {
    let identity: IdentityModule
    let board: RuleBoard

    private static let path = "/api/v1/admin/settings/roles"
    private static let refusals: [any ProblemKind] = [
        RoleProblem.permissionUnknown, RoleProblem.scopeTypeUnknown, GrantProblem.rankTooLow,
    ]

    /// Every code that the program asks for, or that a role of the modules has.
    private var known: [Permission: [String]] {
        var codes: [Permission: [String]] = [:]
        for role in identity.book.all { for code in role.permissions { codes[code] = codes[code] ?? [] } }
        for operation in board.operations {
            if case .permission(let code) = operation.access { codes[code, default: []].append(operation.id) }
        }
        return codes
    }

    var all: [Operation] { [list, create, get, change, delete, permissions] }

    private var list: Operation {
        Operation.list(
            Self.path, "listRoles", "Roles: those of the program, and those made here", tag: SettingsTag.name,
            who: .permission("settings:read"), filter: SearchFilter.self, item: RoleRecord.self, sort: ["name", "level"]
        ) { [identity] call, filter, page in
            try call.caller.requirePlatform("settings:read")
            return try await identity.roleMaking.list(filter.q, page)
        }
    }

    private var create: Operation {
        Operation.post(
            Self.path, "createRole", "Make a role of permissions that one has oneself", tag: SettingsTag.name,
            who: .permission("settings:manage"), problems: Self.refusals + [RoleProblem.roleTaken], body: NewRole.self,
            answer: RoleRecord.self, location: { "\(Self.path)/\($0.name)" }
        ) { [self] call, body in
            try call.caller.requirePlatform("settings:manage")
            return try await identity.roleMaking.create(
                body.draft, known: Set(known.keys), by: call.caller, AuditActor(call, identity.book))
        }
    }

    private var get: Operation {
        Operation.get(
            "\(Self.path)/{name}", "getRole", "One role", tag: SettingsTag.name, who: .permission("settings:read"),
            answer: RoleRecord.self
        ) { [identity] call in
            try call.caller.requirePlatform("settings:read")
            return try await identity.roleMaking.find(call.text("name"))
        }
    }

    private var change: Operation {
        Operation.patch(
            "\(Self.path)/{name}", "changeRole", "Change a role made here, for all who have it", tag: SettingsTag.name,
            who: .permission("settings:manage"), problems: Self.refusals + [RoleProblem.roleOfSystem],
            body: RoleChange.self, answer: RoleRecord.self
        ) { [self] call, body in
            try call.caller.requirePlatform("settings:manage")
            return try await identity.roleMaking.change(
                call.text("name"), known: Set(known.keys), by: call.caller, AuditActor(call, identity.book), body.apply)
        }
    }

    private var delete: Operation {
        Operation.delete(
            "\(Self.path)/{name}", "deleteRole", "Remove a role made here that nobody has", tag: SettingsTag.name,
            who: .permission("settings:manage"),
            problems: [RoleProblem.roleOfSystem, RoleProblem.roleInUse, GrantProblem.rankTooLow]
        ) { [identity] call in
            try call.caller.requirePlatform("settings:manage")
            try await identity.roleMaking.delete(
                call.text("name"), by: call.caller, AuditActor(call, identity.book))
        }
    }

    private var permissions: Operation {
        Operation.get(
            "/api/v1/admin/settings/permissions", "listPermissions", "Every permission code, and what it is for",
            tag: SettingsTag.name, who: .permission("settings:read"), answer: [PermissionView].self
        ) { [self] call in
            try call.caller.requirePlatform("settings:read")
            let roles = identity.book.all
            return known.sorted { $0.key.code < $1.key.code }.map { code, operations in
                PermissionView(
                    code: code.code, roles: roles.filter { $0.permissions.contains(code) }.map(\.name),
                    operations: operations.sorted())
            }
        }
    }
}
