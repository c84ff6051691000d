import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// Browsers that take push messages (spec 3.5, rows 36 to 38).
@Suite struct SubscriptionTests {
    private typealias Person = Board.Person
    private static let path = "/push/subscriptions"
    private static let endpoint = "https://fcm.googleapis.com/fcm/send/abc"
    /// RFC 8291, 5.
    private static let keys: JSONValue = [
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    ]

    private static func body(_ endpoint: String = endpoint, _ keys: JSONValue = keys) -> JSONValue {
        ["endpoint": .string(endpoint), "keys": keys, "expirationTime": .null]
    }

    @Test func whereNobodyReachesBrowsersItIsSaid() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            #expect(try await board.get("/push/vapid-public-key").status == 503)
            #expect(try await board.post(Self.path, as: Person.e1, Self.body()).json["code"] == "push_not_configured")
            #expect(try await board.send("DELETE", Self.path, as: Person.e1, ["endpoint": "x"]).status == 503)
        }
    }

    @Test func guestsHaveNoBrowsers() async throws {
        try await withBoard(push: Neighbours.push) { board in
            try await board.come(Person.e1)
            #expect(try await board.get("/push/vapid-public-key").json == ["public_key": "BAbc"])
            #expect(try await board.post(Self.path, Self.body()).status == 401)
            #expect(try await board.send("DELETE", Self.path, ["endpoint": .string(Self.endpoint)]).status == 401)
        }
    }

    @Test func aSubscriptionIsItsLastUsers() async throws {
        try await withBoard(push: Neighbours.push) { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let first = try await board.post(Self.path, as: Person.e1, Self.body())
            #expect(first.status == 201 && first.json == ["success": true], "\(first.text)")
            #expect(try await board.post(Self.path, as: Person.e1, Self.body()).status == 200)
            #expect(try await board.post(Self.path, as: Person.e2, Self.body()).status == 200)
            let devices: SQL = "select count(*) from notifications.devices"
            let drop: JSONValue = ["endpoint": .string(Self.endpoint)]
            #expect(try await board.send("DELETE", Self.path, as: Person.e1, drop).status == 204)
            #expect(try await board.count(devices) == 1, "it is the other's by now")
            #expect(try await board.send("DELETE", Self.path, as: Person.e2, drop).status == 204)
            #expect(try await board.send("DELETE", Self.path, as: Person.e2, drop).status == 204)
            #expect(try await board.count(devices) == 0)
        }
    }

    @Test(arguments: [
        ("http://fcm.googleapis.com/fcm/send/abc", "endpoint"), ("https://127.0.0.1/x", "endpoint"),
        ("https://10.0.0.1/push", "endpoint"), ("https://evil.example/fcm.googleapis.com", "endpoint"), ("short", "endpoint"),
    ])
    func strangeAddressesAreRefused(_ endpoint: String, _ field: String) async throws {
        try await withBoard(push: Neighbours.push) { board in
            let answer = try await board.post(Self.path, as: Person.e1, Self.body(endpoint))
            #expect(answer.status == 422 && answer.json["detail"]?.string != nil, "\(answer.text)")
            let location = answer.json["errors"]?.array?.first?["loc"]?.array?.last?.string
            #expect(location == field)
        }
    }

    @Test(arguments: [
        #"{"p256dh":"abc","auth":"BTBZMqHH6r4Tts7J_aSIgg"}"#, #"{"auth":"BTBZMqHH6r4Tts7J_aSIgg"}"#, "{}", #""x""#,
    ])
    func strangeKeysAreRefused(_ keys: String) async throws {
        try await withBoard(push: Neighbours.push) { board in
            let json = try JSONValue.decode(json: Array(keys.utf8))
            #expect(try await board.post(Self.path, as: Person.e1, Self.body(Self.endpoint, json)).status == 422)
            #expect(try await board.count("select count(*) from notifications.devices") == 0)
        }
    }

    /// Whoever has no chat with the bot is reached in his browser, and told of orders too.
    @Test func noticesGoToBrowsers() async throws {
        try await withBoard(push: Neighbours.push) { board in
            try await board.come(Person.customer)
            try await board.come(Person.e1)
            _ = try await board.send("PUT", "/users/me/notification-settings", as: Person.e1, ["enabled": true])
            _ = try await board.send(
                "PUT", "/users/me/preferences", as: Person.e1, ["categories": ["Электрика"], "cities": ["Москва"]])
            #expect(try await board.post(Self.path, as: Person.e1, Self.body()).status == 201)
            let order = try await board.newOrder(category: "Электрика")
            try await board.work()
            let sent = try await board.database.all(
                Statement<String>(
                    """
                    select body || ' ' || (content->'data'->>'url') from notifications.notifications
                     where type = 'push' and status = 'sent'
                    """))
            #expect(sent.count == 1 && sent[0].hasSuffix("startapp=order_\(order)"), "\(sent)")
            // In the contract's own form, and of no use ten minutes later (5.8).
            let browser = try await board.database.one(
                Statement<JSONText>("select content->'browser' from notifications.notifications where type = 'push'"))
            #expect(
                try JSONValue.decode(json: browser.bytes)
                    == ["life": 600, "members": ["url": .string("https://t.me/urgent_bot?startapp=order_\(order)"), "order_id": .string(order)]])
        }
    }
}
