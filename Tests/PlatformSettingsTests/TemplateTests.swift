import JSON
import Notifications
import Postgres
import Service
import Support
import Testing
import Values

@testable import PlatformSettings

@Suite struct TemplateTests {
    private static let path = "/admin/settings/notification-templates"
    private static let welcome: JSONValue = [
        "key": "welcome", "type": "email", "locale": "en", "subject": "Hi {{name}}", "bodyText": "Come in, {{name}}.",
        "bodyHtml": "<p onclick=x()>Come in, <b>{{name}}</b>.</p><script>x</script>",
    ]

    @Test func operatorsWriteTemplates() async throws {
        try await withSettings { world in
            let made = try await world.send("POST", Self.path, as: world.owner, Self.welcome)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.data["bodyHtml"] == "<p>Come in, <b>{{name}}</b>.</p>" && made.data["version"] == 1)
            #expect(made.data["variables"] == ["name"] && made.data["category"] == "system" && made.data["name"] == "welcome")
            let id = try #require(made.data["id"]?.string)
            let one = "\(Self.path)/\(id)"
            #expect(made.field("location") == "/api/v1" + one)
            #expect(try await world.send("GET", one, as: world.owner).data == made.data)
            #expect(try await world.send("POST", Self.path, as: world.owner, Self.welcome).code == "template_taken")
            let named = try await world.send("PATCH", one, as: world.owner, ["name": "First mail"])
            #expect(named.data["name"] == "First mail" && named.data["version"] == 1)
            let changed = try await world.send("PATCH", one, as: world.owner, ["bodyText": "Welcome.", "bodyHtml": nil])
            #expect(changed.data["version"] == 2 && changed.data["bodyHtml"]?.isNull == true)
            let designed = try await world.send("PATCH", one, as: world.owner, ["providerTemplateId": "d-77"])
            #expect(designed.data["version"] == 3 && designed.data["providerTemplateId"] == "d-77")
            #expect(try await world.send("PATCH", one, as: world.owner, ["providerTemplateId": ""]).refusedFields == ["providerTemplateId"])
            let unknown = try await world.send("PATCH", one, as: world.owner, ["bodyText": "{{nome}}"])
            #expect(unknown.status == 422 && unknown.refusedFields == ["bodyText"])
            let list = try await world.send("GET", Self.path + "?key=welcome&type=email&locale=en&sort=-key", as: world.owner)
            #expect(list.data.array?.count == 1 && list.meta["total"] == 1)
            #expect(try await world.send("GET", Self.path + "?locale=ru", as: world.owner).data.array?.isEmpty == true)
            let trial = try await world.send("POST", one + "/test", as: world.owner, ["to": "root@example.com"])
            #expect(trial.status == 200 && trial.data["success"] == true)
            let sent = Statement<String>("select subject || '|' || body from notifications.notifications where recipient = 'root@example.com'")
            #expect(try await world.server.database.all(sent) == ["Hi [name]|Welcome."])
            #expect(try await world.send("POST", one + "/test", as: world.owner, ["to": "nobody"]).refusedFields == ["to"])
            #expect(try await world.send("DELETE", one, as: world.owner).status == 204)
            #expect(try await world.send("DELETE", one, as: world.owner).status == 404)
            let trail = try await world.send("GET", "/audit-logs?objectType=notification_template", as: world.owner)
            #expect(trail.data.array?.compactMap { $0["action"]?.string } == ["template_deleted", "template_changed", "template_changed", "template_changed", "template_created"])
        }
    }

    @Test func whoMayWriteThem() async throws {
        try await withSettings { world in
            let missing = "\(Self.path)/\(UUID.v7())"
            let rows: [(String, String, String?, JSONValue?, Int)] = [
                ("GET", Self.path, nil, nil, 401), ("GET", Self.path, world.user, nil, 403), ("GET", Self.path, world.admin, nil, 200),
                ("POST", Self.path, nil, Self.welcome, 401), ("POST", Self.path, world.user, Self.welcome, 403),
                ("GET", missing, nil, nil, 401), ("GET", missing, world.user, nil, 403), ("GET", missing, world.owner, nil, 404),
                ("PATCH", missing, world.user, [:], 403), ("PATCH", missing, world.owner, [:], 404),
                ("DELETE", missing, world.user, nil, 403), ("DELETE", missing, nil, nil, 401),
                ("POST", missing + "/test", world.user, [:], 403), ("POST", missing + "/test", world.owner, [:], 404),
                ("POST", Self.path, world.owner, ["key": "nothing", "type": "email", "locale": "en", "bodyText": "a"], 422),
                ("POST", Self.path, world.owner, ["key": "welcome", "type": "whatsapp", "locale": "en", "bodyText": "a"], 422),
                ("POST", Self.path, world.owner, ["key": "welcome", "type": "email", "locale": "xx", "subject": "s", "bodyText": "a"], 422),
                ("POST", Self.path, world.owner, ["key": "welcome", "type": "push", "locale": "en", "bodyText": "a", "providerTemplateId": "d"], 422),
                ("POST", Self.path, world.owner, ["key": "welcome", "type": "email", "locale": "en", "bodyText": "a"], 422),
            ]
            for (method, path, token, body, status) in rows {
                let answer = try await world.send(method, path, as: token, body)
                #expect(answer.status == status, "\(method) \(path) \(body ?? .null): \(answer.text)")
            }
        }
    }

    @Test func aTrialGoesWhereItsChannelLeads() async throws {
        try await withSettings { world in
            func make(_ type: String) async throws -> String {
                let body: JSONValue = ["key": "welcome", "type": .string(type), "locale": "en", "bodyText": "Hi {{name}}"]
                return "\(Self.path)/\(try await world.send("POST", Self.path, as: world.owner, body).data["id"]?.string ?? "")/test"
            }
            let (list, push, chat, sms) = (try await make("in_app"), try await make("push"), try await make("telegram"), try await make("sms"))
            #expect(try await world.send("POST", list, as: world.owner, [:]).status == 200)
            #expect(try await world.send("POST", list, as: world.owner, ["to": "a@example.com"]).status == 422)
            #expect(try await world.send("POST", push, as: world.owner, [:]).code == "address_missing")
            #expect(try await world.send("POST", chat, as: world.owner, [:]).code == "address_missing")
            #expect(try await world.send("POST", sms, as: world.owner, ["to": "+79161234567"]).status == 200)
            let types = Statement<String>("select type from notifications.notifications where body = 'Hi [name]' order by id")
            #expect(try await world.server.database.all(types) == ["in_app", "sms"])
        }
    }
}
