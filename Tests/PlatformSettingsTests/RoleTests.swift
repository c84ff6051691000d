import Identity
import JSON
import Postgres
import Service
import Support
import Testing

@testable import PlatformSettings

@Suite struct RoleTests {
    private static let path = "/admin/settings/roles"
    private static let guardRole: JSONValue = [
        "name": "night_shift", "title": "Night shift", "scopeTypes": ["platform"], "level": 30,
        "permissions": ["settings:read"],
    ]

    @Test func aRoleActsAsSoonAsItIsMadeAndChanged() async throws {
        try await withSettings { world in
            let made = try await world.send("POST", Self.path, as: world.owner, Self.guardRole)
            #expect(made.status == 201 && made.field("location") == "/api/v1/admin/settings/roles/night_shift", "\(made.text)")
            let (user, token) = try await world.person("guard@example.com", role: "night_shift")
            #expect(try await world.send("GET", Self.path, as: token).status == 200)
            #expect(try await world.send("GET", "/audit-logs", as: token).status == 403)
            let changed = try await world.send(
                "PATCH", Self.path + "/night_shift", as: world.owner, ["permissions": ["audit:read"]])
            #expect(changed.status == 200 && changed.data["holders"] == 1, "\(changed.text)")
            #expect(try await world.send("GET", Self.path, as: token).status == 403)
            #expect(try await world.send("GET", "/audit-logs", as: token).status == 200)
            let used = try await world.send("DELETE", Self.path + "/night_shift", as: world.owner)
            #expect(used.status == 409 && used.code == "role_in_use")
            #expect(try await world.identity.grants.withdraw("night_shift", on: .platform, from: user.id, by: .system))
            #expect(try await world.send("DELETE", Self.path + "/night_shift", as: world.owner).status == 204)
            #expect(try await world.send("GET", Self.path + "/night_shift", as: world.owner).status == 404)
            #expect(world.identity.book["night_shift"] == nil)
        }
    }

    /// Another process has made it.
    @Test func aRoleMadeElsewhereIsKnownWithinASecond() async throws {
        try await withSettings { world in
            try await world.server.database.execute(
                Command(
                    """
                    insert into identity.roles (name, title, scope_types, level, permissions, is_system)
                    values ('elsewhere', 'Elsewhere', '{platform}', 10, '{settings:read}', false)
                    """))
            #expect(try await world.eventually { world.identity.book["elsewhere"]?.level == 10 })
        }
    }

    @Test func whoMayMakeWhat() async throws {
        try await withSettings { world in
            func role(_ name: String, _ value: JSONValue) -> JSONValue {
                .object((Self.guardRole.object ?? []).filter { $0.name != name } + [(name, value)])
            }
            _ = try await world.send("POST", Self.path, as: world.owner, Self.guardRole)
            // Somebody who may manage settings, and little else.
            let keeper: JSONValue = [
                "name": "keeper", "title": "Keeper", "scopeTypes": ["platform"], "level": 40,
                "permissions": ["settings:read", "settings:manage"],
            ]
            #expect(try await world.send("POST", Self.path, as: world.owner, keeper).status == 201)
            let (_, token) = try await world.person("keeper@example.com", role: "keeper")
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", Self.path, nil, nil, 401, "unauthorized"), ("GET", Self.path, world.user, nil, 403, "forbidden"),
                ("GET", Self.path + "?q=night&sort=-level", world.admin, nil, 200, nil),
                ("GET", Self.path + "/super_admin", world.admin, nil, 200, nil),
                ("POST", Self.path, world.admin, role("name", "other"), 403, "forbidden"),
                ("POST", Self.path, world.owner, Self.guardRole, 409, "role_taken"),
                ("POST", Self.path, world.owner, role("name", "admin"), 409, "role_taken"),
                ("POST", Self.path, world.owner, role("name", "guest"), 422, "invalid_input"),
                ("POST", Self.path, world.owner, role("name", "Bad Name"), 422, "invalid_input"),
                ("POST", Self.path, world.owner, .object((role("name", "other").object ?? []).filter { $0.name != "permissions" } + [("permissions", ["moon:walk"])]), 422, "permission_unknown"),
                ("POST", Self.path, world.owner, .object((role("name", "other").object ?? []).filter { $0.name != "scopeTypes" } + [("scopeTypes", ["castle"])]), 422, "scope_type_unknown"),
                ("POST", Self.path, token, .object((role("name", "other").object ?? []).filter { $0.name != "level" } + [("level", 41)]), 403, "rank_too_low"),
                ("POST", Self.path, token, .object((role("name", "other").object ?? []).filter { $0.name != "permissions" } + [("permissions", ["users:manage"])]), 403, "rank_too_low"),
                ("PATCH", Self.path + "/night_shift", token, ["level": 41], 403, "rank_too_low"),
                ("PATCH", Self.path + "/night_shift", token, ["title": "Night"], 200, nil),
                ("PATCH", Self.path + "/admin", world.owner, ["title": "Boss"], 409, "role_of_system"),
                ("DELETE", Self.path + "/admin", world.owner, nil, 409, "role_of_system"),
                ("PATCH", Self.path + "/moon", world.owner, ["title": "Boss"], 404, "not_found"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
            try await world.server.checkMatching(
                MatchedChange("/api/v1" + Self.path + "/night_shift", as: world.owner, ["title": "A"], ["title": "B"]))
            try await world.server.checkDeletion(of: "/api/v1" + Self.path + "/night_shift", as: world.owner) {
                _ = try await world.send("PATCH", Self.path + "/night_shift", as: world.owner, ["level": 5])
            }
        }
    }

    @Test func everyPermissionIsListedWithWhatItIsFor() async throws {
        try await withSettings { world in
            let path = "/admin/settings/permissions"
            #expect(try await world.send("GET", path, as: world.user).status == 403)
            let list = try await world.send("GET", path, as: world.admin)
            let manage = list.data.array?.first { $0["code"] == "settings:manage" }
            #expect(manage?["operations"]?.array?.contains("createRole") == true, "\(list.text)")
            let read = list.data.array?.first { $0["code"] == "settings:read" }
            #expect(read?["roles"] == ["admin"])
        }
    }
}
