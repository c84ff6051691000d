import Crypto
import JSON
import Postgres
@testable import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct DeviceOperationsTests {
    private static let phone: JSONValue = ["kind": "fcm", "token": "phone-token-1", "platform": "android", "name": "Pixel"]

    private func withDesk(
        _ push: PushProviders = .sandbox, _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await withServer(compose: { platform in
            TestComposition(
                authenticator: Desk.people,
                modules: [NotificationsModule(.test(platform.database, push: push), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server)
        }
    }

    @Test func aDeviceIsItsLastUsers() async throws {
        try await withDesk { server in
            #expect(try await server.send("POST", "/api/v1/devices", body: Self.phone).status == 401)
            let first = try await server.send("POST", "/api/v1/devices", token: "reader", body: Self.phone)
            #expect(first.status == 201 && first.data["name"] == "Pixel" && !first.text.contains("phone-token-1"))
            #expect(try await server.send("POST", "/api/v1/devices", token: "reader", body: Self.phone).status == 200)
            let moved = try await server.send("POST", "/api/v1/devices", token: "other", body: Self.phone)
            #expect(moved.status == 200 && moved.data["id"] == first.data["id"])
            #expect(try await server.send("GET", "/api/v1/devices", token: "reader").data.array?.isEmpty == true)
            #expect(try await server.send("GET", "/api/v1/devices", token: "other").data.array?.count == 1)
            #expect(try await server.send("GET", "/api/v1/devices").status == 401)
            let id = try #require(first.data["id"]?.string)
            #expect(try await server.send("DELETE", "/api/v1/devices/\(id)", token: "reader").status == 404)
            #expect(try await server.send("DELETE", "/api/v1/devices/\(id)", token: "other").status == 204)
            #expect(try await server.send("DELETE", "/api/v1/devices/\(id)", token: "other").status == 404)
        }
    }

    @Test func tenDevicesAreKept() async throws {
        try await withDesk { server in
            for number in 1...12 {
                let body: JSONValue = ["kind": "expo", "token": .string("expo-token-\(number)"), "platform": "ios"]
                #expect(try await server.send("POST", "/api/v1/devices", token: "reader", body: body).status == 201)
            }
            let tokens = try await server.database.all(
                Statement<String>("select token from notifications.devices order by last_seen_at, id"))
            #expect(tokens == (3...12).map { "expo-token-\($0)" })
        }
    }

    @Test func whoeverIsErasedHasNoDevices() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            for (number, user) in [Desk.reader, Desk.other].enumerated() {
                let device = NewDevice(kind: .fcm, token: "phone-token-\(number)", platform: .ios, keys: nil, name: nil)
                _ = try await door.keep(device, of: user)
            }
            let handlers = NotificationsModule(door, ranks: Desk(), perMinute: 100).eventHandlers
            let farewell = try #require(handlers.first { $0.events == ["user.deleted"] })
            for _ in 0..<2 { try await farewell.run([Event("user.deleted", "user", Desk.reader)]) }
            #expect(try await door.devices(of: Desk.reader).isEmpty)
            #expect(try await door.devices(of: Desk.other).count == 1)
        }
    }

    private static let key = Base64.encodeURL(ES256PrivateKey().publicKey.point)
    private static let secret = Base64.encodeURL(SecureRandom.bytes(16))

    @Test func nobodyMakesUsCallElsewhere() async throws {
        try await withDesk { server in
            let keys: JSONValue = ["p256dh": .string(Self.key), "auth": .string(Self.secret)]
            func keep(_ address: String) async throws -> TestAnswer {
                try await server.send(
                    "POST", "/api/v1/devices", token: "reader",
                    body: ["kind": "webpush", "token": .string(address), "platform": "web", "keys": keys])
            }
            for address in [
                "https://127.0.0.1/x", "http://fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
                "https://evilpush.apple.com/x", "https://internal/latest", "nonsense",
            ] {
                let refused = try await keep(address)
                #expect(refused.code == "push_service_unknown", "\(address)")
            }
            for address in ["https://fcm.googleapis.com/fcm/send/x", "https://web.push.apple.com/x"] {
                let kept = try await keep(address)
                #expect(kept.status == 201, "\(address)")
            }
        }
    }

    @Test(arguments: [
        (#"{"kind":"pager","token":"12345678","platform":"ios"}"#, "kind"), (#"{"kind":"fcm","token":"1","platform":"ios"}"#, "token"),
        (#"{"kind":"fcm","token":"1234 5678","platform":"ios"}"#, "token"), (#"{"kind":"webpush","token":"12345678","platform":"web"}"#, "keys"),
        (#"{"kind":"fcm","token":"12345678","platform":"ios","userId":"x"}"#, "userId"),
    ])
    func whatIsNoDeviceIsRefused(_ body: String, _ field: String) async throws {
        try await withDesk { server in
            let answer = try await server.send("POST", "/api/v1/devices", token: "reader", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields.contains(field), "\(answer.text)")
        }
    }

    @Test func browsersSubscribeWithOurKey() async throws {
        try await withDesk { server in
            let answer = try await server.send("GET", "/api/v1/devices/web-push-key")
            #expect(answer.status == 503 && answer.code == "push_unavailable")
        }
        try await withDesk(PushProviders([:], webPushKey: Self.key)) { server in
            let answer = try await server.send("GET", "/api/v1/devices/web-push-key")
            #expect(answer.data == ["publicKey": .string(Self.key)])
        }
    }

    @Test func staffPushesToAPersonsDevices() async throws {
        try await withDesk { server in
            let path = "/api/v1/notifications/push"
            let body: JSONValue = [
                "userId": .string(Desk.reader.description), "title": "Hello", "body": "Come in", "data": ["k": "v"], "badge": 2,
                "dedupeKey": "p1",
            ]
            #expect(try await server.send("POST", path, body: body).status == 401)
            #expect(try await server.send("POST", path, token: "clerk", body: body).status == 403)
            let nobody = try await server.send("POST", path, token: "sender", body: body)
            #expect(nobody.status == 422 && nobody.code == "address_missing")
            for number in 1...2 {
                let device: JSONValue = ["kind": "expo", "token": .string("expo-token-\(number)"), "platform": "ios"]
                #expect(try await server.send("POST", "/api/v1/devices", token: "reader", body: device).status == 201)
            }
            let sent = try await server.send("POST", path, token: "sender", body: body)
            #expect(sent.status == 202 && sent.data["status"] == "pending")
            #expect(try await server.send("POST", path, token: "sender", body: body).data["id"] == sent.data["id"])
            try await Notifications.test(server.database).deliverAll()
            let outbox = try await server.send("GET", "/api/v1/notifications/outbox", token: "admin")
            #expect(outbox.data.array?.map { $0["status"] } == ["sent", "sent"])
            let one: JSONValue = ["deviceToken": "expo-token-1", "title": "Hello", "body": "Come in"]
            #expect(try await server.send("POST", path, token: "sender", body: one).status == 202)
        }
    }

    @Test func aNoticeReachesDevicesUnlessThatIsTurnedOff() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            let device = NewDevice(kind: .fcm, token: "phone-token-1", platform: .ios, keys: nil, name: nil)
            _ = try await door.keep(device, of: Desk.reader)
            try await door.send(Notice(.support, subject: "s", body: "b"), to: .user(Desk.reader))
            try await database.execute(
                Command(
                    """
                    insert into notifications.preferences (user_id, category, channel, is_enabled)
                    values (\(Desk.reader), 'support', 'push', false)
                    """))
            try await door.send(Notice(.support, subject: "s", body: "b"), to: .user(Desk.reader))
            // A code is for whoever reads the mail.
            try await door.send(NotificationsTests.mail, to: .user(Desk.reader, email: "reader@example.com"))
            let types = Statement<String>("select type from notifications.notifications order by id")
            #expect(try await database.all(types) == ["in_app", "push", "in_app", "in_app", "email"])
        }
    }
}
