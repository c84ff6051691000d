import Identity
import JSON
import Service
import Values

extension RoleRecord: WireOutput {
    package static let shape = Shape<RoleRecord>(
        output: "Role",
        Field("name", { $0.name }), Field("product", { $0.product }), Field("title", { $0.title }),
        Field("description", { $0.description }), Field("scopeTypes", { $0.scopeTypes }), Field("level", { $0.level }),
        Field("permissions", { $0.permissions }), Field("isSystem", { $0.isSystem }),
        Field("holders", { $0.holders }, doc: "Grants of it that hold."))
}

/// A role to be.
struct NewRole: Shaped {
    let name: String
    let title: String
    let description: String?
    let scopeTypes: [String]
    let level: Int
    let permissions: [String]

    static let shape = Shape(
        "NewRole", Self.init,
        Field("name", { $0.name }, .length(2...50), .pattern("role name", example: "night_shift", Self.isName)),
        Field("title", { $0.title }, .length(1...100)),
        Field("description", { $0.description }, .length(0...500)),
        Field("scopeTypes", { $0.scopeTypes }, .count(1...20), .each(.length(1...50), .example("platform")), .distinct(),
            doc: "On what it may be given."),
        Field("level", { $0.level }, .range(0...100), doc: "Not above the caller's own. Nobody gives a role above his level."),
        Field("permissions", { $0.permissions }, .count(0...200), .each(.length(1...100), .example("users:read")), .distinct(),
            doc: "Of the caller's own."))

    private static func isName(_ text: String) -> Bool {
        text != LimitRule.guest && text.first?.isLetter == true
            && text.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == 95 }
    }

    var draft: RoleDraft {
        RoleDraft(
            name: name, title: title, description: description, scopeTypes: scopeTypes, level: level,
            permissions: permissions)
    }
}

/// A change of a role that operators have made.
struct RoleChange: Shaped {
    let title: Patch<String>
    let description: Patch<String?>
    let scopeTypes: Patch<[String]>
    let level: Patch<Int>
    let permissions: Patch<[String]>

    static let shape = Shape(
        "RoleChange", Self.init,
        Field("title", { $0.title }, .length(1...100)), Field("description", { $0.description }, .length(0...500)),
        Field("scopeTypes", { $0.scopeTypes }, .count(1...20), .each(.length(1...50), .example("platform")), .distinct()),
        Field("level", { $0.level }, .range(0...100)),
        Field("permissions", { $0.permissions }, .count(0...200), .each(.length(1...100), .example("users:read")), .distinct()))

    func apply(to role: inout RoleDraft) {
        role.title = title.value(or: role.title)
        role.description = description.value(or: role.description)
        role.scopeTypes = scopeTypes.value(or: role.scopeTypes)
        role.level = level.value(or: role.level)
        role.permissions = permissions.value(or: role.permissions)
    }
}

/// Something that somebody may be allowed to do.
struct PermissionView: WireOutput {
    let code: String
    let roles: [String]
    let operations: [String]

    static let shape = Shape<PermissionView>(
        output: "Permission",
        Field("code", { $0.code }), Field("roles", { $0.roles }, doc: "Roles that have it by name."),
        Field("operations", { $0.operations }, doc: "Operations that ask for it first; others may ask for it by the object."))
}
