import Identity
import JSON
import Payments
import Postgres
import Service
import Support
import Testing
import Values

@testable import PlatformSettings

@Suite struct ConfigTests {
    private static let platform = "/admin/settings/platform"
    private static let email = "/admin/settings/email"

    private func value(_ key: String, in answer: TestAnswer) -> JSONValue? {
        answer.data["values"]?.array?.first { $0["key"]?.string == key }
    }

    @Test func whatOperatorsSetWinsOverTheEnvironment() async throws {
        try await withSettings(environment: ["SUPPORT_EMAIL": "old@example.com", "REGISTRATION": "false"]) { world in
            let (neighbour, board) = try await world.neighbour()
            let before = try await world.send("GET", Self.platform, as: world.admin)
            #expect(value("SUPPORT_EMAIL", in: before)?["value"] == "old@example.com")
            #expect(value("SUPPORT_EMAIL", in: before)?["origin"] == "environment")
            let registration: JSONValue = [
                "email": "new@example.com", "password": "Correct7Horse", "firstName": "Ann", "lastName": "Lee",
                "acceptTerms": true,
            ]
            #expect(try await world.send("POST", "/auth/register", as: nil, registration).code == "registration_closed")
            let changed = try await world.send(
                "PATCH", Self.platform, as: world.owner,
                ["values": ["SUPPORT_EMAIL": "new@example.com", "REGISTRATION": "true", "RATE_LIMIT_PER_MINUTE": "7"]])
            #expect(changed.status == 200, "\(changed.text)")
            #expect(value("SUPPORT_EMAIL", in: changed)?["origin"] == "settings")
            #expect(world.live[ContactSettings.email] == "new@example.com")
            #expect(world.board.rules.defaultLimit?.quantity == 7)
            #expect(try await world.send("POST", "/auth/register", as: nil, registration).status == 201)
            #expect(try await world.eventually { neighbour.live[ContactSettings.email] == "new@example.com" })
            #expect(board.rules.defaultLimit?.quantity == 7)
            let config = try await world.send("GET", "/config?product=bazaar", as: nil)
            #expect(config.data["contacts"]?["email"] == "new@example.com" && config.data["locales"] == ["en", "ru"])
            #expect(config.data["values"]?["REGISTRATION"] == "true" && config.data["products"] == ["bazaar", "school"])
            #expect(try await world.send("GET", "/config?product=moon", as: nil).code == "product_unknown")
            let back = try await world.send("PATCH", Self.platform, as: world.owner, ["values": ["SUPPORT_EMAIL": nil]])
            #expect(value("SUPPORT_EMAIL", in: back)?["value"] == "old@example.com")
            let trail = try await world.send("GET", "/audit-logs?action=settings_changed", as: world.owner)
            #expect(trail.data[0]?["oldValues"] == ["SUPPORT_EMAIL": "new@example.com"])
        }
    }

    @Test func whoMayChangeWhat() async throws {
        try await withSettings { world in
            let rows: [(String, String, String?, JSONValue?, Int, String?)] = [
                ("GET", Self.platform, nil, nil, 401, "unauthorized"), ("GET", Self.platform, world.user, nil, 403, "forbidden"),
                ("GET", Self.platform, world.admin, nil, 200, nil),
                ("GET", Self.email, nil, nil, 401, "unauthorized"), ("GET", Self.email, world.user, nil, 403, "forbidden"),
                ("GET", Self.email, world.admin, nil, 200, nil),
                ("PATCH", Self.platform, world.admin, ["values": ["REGISTRATION": "true"]], 403, "forbidden"),
                ("PATCH", Self.platform, world.owner, ["values": ["PORT": "1"]], 422, "unknown_field"),
                ("PATCH", Self.platform, world.owner, ["values": ["TEST_API_KEY": "longenough"]], 422, "unknown_field"),
                ("PATCH", Self.platform, world.owner, ["values": [:]], 422, "invalid_input"),
                ("PATCH", Self.platform, world.owner, ["values": ["REGISTRATION": "perhaps"]], 422, "invalid_input"),
                ("PATCH", Self.platform, world.owner, ["values": ["SUPPORT_EMAIL": "nobody"]], 422, "invalid_input"),
                ("PATCH", Self.platform, world.owner, ["values": ["RATE_LIMIT_PER_MINUTE": "-1"]], 422, "invalid_input"),
                ("PATCH", Self.platform, world.owner, ["values": ["REGISTRATION": true]], 422, "invalid_input"),
            ]
            for (method, path, token, body, status, code) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status && answer.code == code, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
            let refused = try await world.send(
                "PATCH", Self.platform, as: world.owner, ["values": ["REGISTRATION": "perhaps", "SUPPORT_PHONE": "+79161234567"]])
            #expect(refused.refusedFields == ["values.REGISTRATION"], "one refused, none set")
            #expect(world.live[ContactSettings.phone] == nil)
            try await world.server.checkMatching(
                MatchedChange(
                    "/api/v1" + Self.platform, as: world.owner, ["values": ["SUPPORT_PHONE": "+79161234567"]],
                    ["values": ["SUPPORT_PHONE": "+79161234568"]]))
        }
    }

    @Test func aSecretIsSealedAndShownByItsEnd() async throws {
        try await withSettings { world in
            let secret = "SG.very-secret-key-1234"
            let set = try await world.send("PATCH", Self.email, as: world.owner, ["values": ["TEST_API_KEY": .string(secret)]])
            #expect(value("TEST_API_KEY", in: set)?["value"] == "••••1234")
            #expect(!set.text.contains("very-secret"))
            #expect(world.live[SettingsWorld.secret] == secret)
            let stored = try await world.server.database.one(
                Statement<String>("select value::text from settings.platform_configs where key = 'TEST_API_KEY'"))
            #expect(!stored.contains("secret"))
            // What a form sends back that it was shown.
            let same = try await world.send("PATCH", Self.email, as: world.owner, ["values": ["TEST_API_KEY": "••••1234"]])
            #expect(same.status == 200 && world.live[SettingsWorld.secret] == secret)
            let trail = try await world.send("GET", "/audit-logs?action=settings_changed", as: world.owner)
            #expect(trail.data.array?.count == 1 && trail.data[0]?["newValues"] == ["TEST_API_KEY": "***"])
            let short = try await world.send("PATCH", Self.email, as: world.owner, ["values": ["TEST_API_KEY": "12345678"]])
            #expect(value("TEST_API_KEY", in: short)?["value"] == "••••")
        }
    }

    /// A value of another version must not keep this one from starting.
    @Test func whatIsRefusedByNowIsLeftOut() async throws {
        try await withSettings { world in
            try await world.server.database.execute(
                Command(
                    """
                    insert into settings.platform_configs (key, value, category, is_secret, is_public, is_editable)
                    values ('REGISTRATION', '"perhaps"', 'platform', false, true, true),
                        ('SUPPORT_EMAIL', '"kept@example.com"', 'platform', false, true, true),
                        ('GONE', '1', 'platform', false, true, true)
                    """))
            let (state, _) = try await world.neighbour()
            #expect(state.live[IdentitySettings.registration] && state.live[ContactSettings.email] == "kept@example.com")
        }
    }

    @Test func theProviderOfMailIsTried() async throws {
        try await withSettings { world in
            let path = Self.email + "/test"
            for (token, status) in [(nil, 401), (world.user, 403), (world.admin, 403)] as [(String?, Int)] {
                #expect(try await world.send("POST", path, as: token, ["to": "a@example.com"]).status == status)
            }
            #expect(try await world.send("POST", path, as: world.owner, ["to": "nobody"]).status == 422)
            let tried = try await world.send("POST", path, as: world.owner, ["to": "a@example.com"])
            #expect(tried.status == 200 && tried.data["success"] == true, "\(tried.text)")
        }
    }
}
