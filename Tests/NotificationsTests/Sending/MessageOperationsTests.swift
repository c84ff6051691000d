import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct MessageOperationsTests {
    private static let path = "/api/v1/notifications/email"
    private static let mail: JSONValue = ["to": "Reader@Example.com", "subject": "Hello", "body": "Come in"]

    private func withDesk(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withServer(compose: { platform in
            TestComposition(authenticator: Desk.people, modules: [NotificationsModule(.test(platform.database), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server)
        }
    }

    @Test func onlyWhoMaySendSends() async throws {
        try await withDesk { server in
            #expect(try await server.send("POST", Self.path, body: Self.mail).status == 401)
            #expect(try await server.send("POST", Self.path, token: "clerk", body: Self.mail).status == 403)
            let answer = try await server.send("POST", Self.path, token: "sender", body: Self.mail)
            #expect(answer.status == 202 && answer.data["status"] == "pending" && answer.data["jobId"]?.string != nil)
            let door = Notifications.test(server.database)
            try await door.deliverAll()
            let id = try #require(answer.data["id"]?.string)
            let one = try await server.send("GET", "/api/v1/notifications/\(id)", token: "clerk")
            #expect(one.data["status"] == "sent" && one.data["recipient"] == "reader@example.com")
            #expect(one.data["jobId"] == answer.data["jobId"] && one.data["groupId"]?.string != nil && one.data["metadata"] == [:])
            #expect(try await server.send("GET", "/api/v1/notifications/\(id)", token: "reader").status == 404)
        }
    }

    @Test func theSameKeyIsAnsweredAgain() async throws {
        try await withDesk { server in
            var body = Self.mail.object!
            body.append(("dedupeKey", "k1"))
            let first = try await server.send("POST", Self.path, token: "sender", body: .object(body))
            let second = try await server.send("POST", Self.path, token: "sender", body: .object(body))
            #expect(first.status == 202 && second.status == 202 && first.data["id"] == second.data["id"])
            #expect(try await server.database.one(Statement<Int>("select count(*) from notifications.notifications")) == 1)
        }
    }

    @Test func aTemplateSpeaksTheUsersLanguage() async throws {
        try await withDesk { server in
            try await server.database.execute(Command("update identity.users set locale = 'en' where id = \(Desk.reader)"))
            let body: JSONValue = [
                "userId": .string(Desk.reader.description), "templateKey": "welcome", "templateData": ["name": "<Ann>"],
            ]
            #expect(try await server.send("POST", Self.path, token: "sender", body: body).status == 202)
            let row = try await server.database.one(
                Statement<String>("select recipient || '|' || subject || '|' || html from notifications.notifications"))
            #expect(
                row == "reader@example.com|Welcome, <Ann>|<!doctype html><html><body><p>Hello, &lt;Ann&gt;!</p><p>Your account is ready.</p></body></html>")
        }
    }

    @Test(arguments: [
        (#"{"subject":"s","body":"b"}"#, "to"), (#"{"to":"a@example.com","userId":"00000000-0000-7000-8000-000000000001","subject":"s","body":"b"}"#, "userId"),
        (#"{"to":"nobody","subject":"s","body":"b"}"#, "to"), (#"{"to":"a@example.com","body":"b"}"#, "subject"),
        (#"{"to":"a@example.com","templateKey":"welcome","templateData":{"nam":"x"}}"#, "templateData"),
        (#"{"to":"a@example.com","templateKey":"cats"}"#, "templateKey"),
        (#"{"to":"a@example.com","templateKey":"welcome","body":"b"}"#, "templateKey"),
        (#"{"userId":"00000000-0000-7000-8000-0000000000ff","subject":"s","body":"b"}"#, "userId"),
        (#"{"to":"a@example.com","subject":"s","body":"b","priority":1}"#, "priority"),
        (#"{"to":"a@example.com","subject":"s","body":"b","bcc":"all"}"#, "bcc"),
    ])
    func whatCannotBeSentIsRefused(_ body: String, _ field: String) async throws {
        try await withDesk { server in
            let answer = try await server.send("POST", Self.path, token: "sender", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields.contains(field), "\(answer.text)")
        }
    }

    @Test func shortMessagesGoToNumbersAndToUsers() async throws {
        try await withDesk { server in
            let path = "/api/v1/notifications/sms"
            let body: JSONValue = ["to": "8 916 123-45-67", "message": "Come in"]
            #expect(try await server.send("POST", path, body: body).status == 401)
            #expect(try await server.send("POST", path, token: "clerk", body: body).status == 403)
            #expect(try await server.send("POST", path, token: "sender", body: body).status == 202)
            let reader: JSONValue = .string(Desk.reader.description)
            let none = try await server.send("POST", path, token: "sender", body: ["userId": reader, "message": "Hi"])
            #expect(none.status == 422 && none.code == "address_missing")
            try await server.database.execute(
                Command("update identity.users set phone = '+79160000000' where id = \(Desk.reader)"))
            let named = try await server.send("POST", path, token: "sender", body: ["userId": reader, "message": "Hi"])
            #expect(named.status == 202)
            let long: JSONValue = ["to": "+79161234567", "message": .string(String(repeating: "ж", count: 671))]
            #expect(try await server.send("POST", path, token: "sender", body: long).code == "text_too_long")
            let both: JSONValue = ["to": "+79161234567", "message": "a", "templateKey": "welcome"]
            #expect(try await server.send("POST", path, token: "sender", body: both).refusedFields == ["templateKey"])
            try await Notifications.test(server.database).deliverAll()
            let rows = Statement<String>(
                "select concat_ws(' ', type, status, recipient, segments, priority) from notifications.notifications order by id")
            #expect(try await server.database.all(rows) == ["sms sent +79161234567 1 2", "sms sent +79160000000 1 2"])
        }
    }

    @Test func oneTakesNoticesOutOfOnesList() async throws {
        try await withDesk { server in
            let door = Notifications.test(server.database)
            for number in 1...3 {
                try await door.send(Notice(.system, subject: "\(number)", body: ""), to: .user(Desk.reader))
            }
            func list() async throws -> [String] {
                let answer = try await server.send("GET", "/api/v1/notifications", token: "reader")
                return answer.data.array?.compactMap { $0["id"]?.string } ?? []
            }
            let ids = try await list()
            let path = "/api/v1/notifications/\(ids[0])"
            #expect(try await server.send("DELETE", path).status == 401)
            #expect(try await server.send("DELETE", path, token: "other").status == 404)
            #expect(try await server.send("GET", path, token: "other").status == 404)
            let shown = try await server.send("GET", path, token: "reader")
            #expect(shown.status == 200 && shown.data["retryCount"] == 0)
            let tag = try #require(shown.field("etag"))
            #expect(try await server.send("POST", "\(path)/read", token: "reader").status == 200)
            #expect(try await server.send("DELETE", path, token: "reader", fields: ["If-Match": tag]).status == 412)
            #expect(try await server.send("DELETE", path, token: "reader").status == 204)
            #expect(try await server.send("DELETE", path, token: "reader").status == 404)
            #expect(try await server.send("POST", "/api/v1/notifications/\(ids[1])/read", token: "reader").status == 200)
            #expect(try await server.send("DELETE", "/api/v1/notifications/read").status == 401)
            #expect(try await server.send("DELETE", "/api/v1/notifications/read", token: "reader").status == 204)
            #expect(try await list() == [ids[2]])
        }
    }
}
