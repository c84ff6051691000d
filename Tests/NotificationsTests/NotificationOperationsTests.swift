import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct NotificationOperationsTests {
    private func withDesk(
        _ provider: (any EmailProvider)? = SandboxEmail(),
        _ body: @escaping @Sendable (TestServer, Notifications) async throws -> Void
    ) async throws {
        try await withServer(compose: { platform in
            TestComposition(
                authenticator: Desk.people, modules: [NotificationsModule(.test(platform.database, provider), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server, .test(server.database, provider))
        }
    }

    @Test func oneSeesAndReadsOnesOwn() async throws {
        try await withDesk { server, door in
            for number in 1...3 {
                let notice = Notice(.invoices, subject: "Invoice \(number)", body: "Code \(Notice.secretMark)", secret: "9")
                try await door.send(notice, to: .user(Desk.reader, email: "reader@example.com"))
            }
            try await door.send(Notice(.system, subject: "Other", body: ""), to: .user(Desk.other))
            let list = try await server.send("GET", "/api/v1/notifications", token: "reader")
            #expect(list.data.array?.compactMap { $0["subject"]?.string } == ["Invoice 3", "Invoice 2", "Invoice 1"])
            #expect(list.data.array?.first?["body"]?.string == "Code ••••••")
            let page = try await server.send("GET", "/api/v1/notifications?limit=2", token: "reader")
            let cursor = try #require(page.meta["nextCursor"]?.string)
            let rest = try await server.send("GET", "/api/v1/notifications?limit=2&cursor=\(cursor)", token: "reader")
            #expect(rest.data.array?.compactMap { $0["subject"]?.string } == ["Invoice 1"])

            let id = try #require(list.data.array?.first?["id"]?.string)
            #expect(try await server.send("POST", "/api/v1/notifications/\(id)/read", token: "other").status == 404)
            let read = try await server.send("POST", "/api/v1/notifications/\(id)/read", token: "reader")
            #expect(read.data["readAt"]?.string != nil)
            #expect(try await server.send("POST", "/api/v1/notifications/\(id)/read", token: "reader").data == read.data)
            let count = try await server.send("GET", "/api/v1/notifications/unread-count", token: "reader")
            #expect(count.text == #"{"success":true,"data":{"count":2}}"#)
            let unread = try await server.send("GET", "/api/v1/notifications?read=false", token: "reader")
            #expect(unread.data.array?.count == 2)
            let all = try await server.send("POST", "/api/v1/notifications/read-all", token: "reader")
            #expect(all.text == #"{"success":true,"data":{"updated":2}}"#)
            #expect(try await server.send("GET", "/api/v1/notifications/unread-count", token: "other").text.contains(":1}"))
        }
    }

    @Test func othersListsAreForReadersOfMessages() async throws {
        try await withDesk { server, door in
            try await door.send(Notice(.system, subject: "Hello", body: ""), to: .user(Desk.reader))
            let path = "/api/v1/notifications?userId=\(Desk.reader)"
            #expect(try await server.send("GET", path).status == 401)
            #expect(try await server.send("GET", path, token: "other").status == 403)
            #expect(try await server.send("GET", path, token: "clerk").data.array?.count == 1)
            #expect(try await server.send("GET", path, token: "reader").data.array?.count == 1)
        }
    }

    @Test(arguments: ["cursor=x", "limit=0", "limit=101", "type=letter", "read=perhaps", "since=yesterday", "foo=1"])
    func whatIsNoFilterIsRefused(_ query: String) async throws {
        try await withDesk { server, _ in
            let answer = try await server.send("GET", "/api/v1/notifications?\(query)", token: "reader")
            #expect(answer.status == 422)
        }
    }

    @Test func theOutboxShowsFullTextsToThoseWhoReadSettings() async throws {
        try await withDesk { server, door in
            try await door.send(NotificationsTests.mail, to: .email("reader@example.com"))
            try await door.deliverAll()
            let path = "/api/v1/notifications/outbox"
            #expect(try await server.send("GET", path).status == 401)
            #expect(try await server.send("GET", path, token: "clerk").status == 403)
            let answer = try await server.send("GET", path, token: "admin")
            let message = try #require(answer.data.array?.first)
            #expect(message["body"]?.string == "Enter 482913, please.")
            #expect(message["secret"]?.string == "482913")
            #expect(message["status"]?.string == "sent")
            let mine = try await server.send("GET", path + "?recipient=reader@example.com", token: "admin")
            #expect(mine.data.array?.count == 1)
            let nobody = try await server.send("GET", path + "?recipient=nobody@example.com", token: "admin")
            #expect(nobody.data.array?.count == 0)
        }
    }

    /// With them the reader would become who is above him.
    @Test(arguments: [Addressee.user(Desk.chief, email: "old@example.com"), .email("Chief@example.com")])
    func theOutboxHidesCodesOfThoseAboveTheReader(_ addressee: Addressee) async throws {
        try await withDesk { server, door in
            try await door.send(NotificationsTests.mail, to: addressee)
            try await door.deliverAll()
            let path = "/api/v1/notifications/outbox"
            let hidden = try #require(try await server.send("GET", path, token: "admin").data.array?.first)
            #expect(hidden["body"]?.string == "Enter ••••••, please.")
            #expect(hidden["secret"]?.isNull == true)
            let shown = try #require(try await server.send("GET", path, token: "chief").data.array?.first)
            #expect(shown["body"]?.string == "Enter 482913, please.")
            #expect(shown["secret"]?.string == "482913")
        }
    }

    @Test func whereMailReallyLeavesThereIsNoOutbox() async throws {
        let providers: [(any EmailProvider)?] = [TestMailer(), nil]
        for provider in providers {
            try await withDesk(provider) { server, _ in
                let answer = try await server.send("GET", "/api/v1/notifications/outbox", token: "admin")
                #expect(answer.status == 404)
            }
        }
    }
}
