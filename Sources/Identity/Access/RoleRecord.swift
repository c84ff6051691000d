import Postgres
import Service

/// A role as it is stored.
package struct RoleRecord: Sendable {
    package let name: String
    package let product: String?
    package let title: String
    package let description: String?
    package let scopeTypes: [String]
    package let level: Int
    package let permissions: [String]
    /// Registered by a module, and nobody's to change.
    package let isSystem: Bool
    /// Grants of it that hold.
    package let holders: Int

    var role: Role {
        Role(
            name, title: title, product: product ?? "platform", level: level, on: scopeTypes.map { ScopeType($0) },
            permissions: permissions.map { Permission($0) })
    }
}

extension RoleRecord: Row {
    package init(_ row: inout RowReader) throws {
        name = try row.next()
        product = try row.next()
        title = try row.next()
        description = try row.next()
        scopeTypes = try row.next()
        level = try row.next()
        permissions = try row.next()
        isSystem = try row.next()
        holders = try row.next()
    }
}

/// A role that an operator makes or changes.
package struct RoleDraft: Sendable {
    package let name: String
    package var title: String
    package var description: String?
    package var scopeTypes: [String]
    package var level: Int
    package var permissions: [String]

    package init(
        name: String, title: String, description: String?, scopeTypes: [String], level: Int, permissions: [String]
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.scopeTypes = scopeTypes
        self.level = level
        self.permissions = permissions
    }

    init(_ role: RoleRecord) {
        self.init(
            name: role.name, title: role.title, description: role.description, scopeTypes: role.scopeTypes,
            level: role.level, permissions: role.permissions)
    }

    var codes: [Permission] { permissions.map { Permission($0) } }

    func changes(from old: RoleDraft?) -> [AuditChange] {
        [
            AuditChange("title", AuditValue(old?.title), .text(title)),
            AuditChange("description", AuditValue(old?.description), AuditValue(description)),
            AuditChange("scopeTypes", old.map { .list($0.scopeTypes) } ?? .none, .list(scopeTypes)),
            AuditChange("level", old.map { .number(Int64($0.level)) } ?? .none, .number(Int64(level))),
            AuditChange("permissions", old.map { .list($0.permissions) } ?? .none, .list(permissions)),
        ].compactMap { $0 }
    }
}
