import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct DeliveryTests {
    private func state(_ database: Database) async throws -> String {
        try await database.one(
            Statement<String>("select concat_ws(' ', status, retry_count, error) from notifications.notifications"))
    }

    /// 0-platform, section 8, scenario 11.
    @Test func aProviderThatFailsTwiceStillSendsOnce() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer)
            try await door.send(Notice(.system, subject: "s", body: "b"), to: .email("reader@example.com"))
            mailer.fail(with: DeliveryFailure.later("busy"))
            for _ in 0..<2 { await #expect(throws: DeliveryFailure.self) { try await door.deliverAll() } }
            mailer.fail(with: nil)
            try await door.deliverAll()
            #expect(try await state(database) == "sent 2")
            #expect(mailer.sent.count == 1)
        }
    }

    @Test func whatIsRefusedIsNotTriedAgain() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            mailer.fail(with: DeliveryFailure.refused("spam"))
            let door = Notifications.test(database, mailer)
            try await door.send(Notice(.system, subject: "s", body: "b"), to: .email("reader@example.com"))
            try await door.exhaust()
            #expect(try await state(database) == "failed 1 spam")
        }
    }

    @Test func aDeadAddressIsRemembered() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            mailer.fail(with: DeliveryFailure.deadAddress("no such user"))
            let door = Notifications.test(database, mailer)
            try await door.send(Notice(.system, subject: "s", body: "b"), to: .email("Reader@example.com"))
            try await door.exhaust()
            #expect(try await state(database) == "failed 1 no such user")
            let kept = Statement<String>("select address || ' ' || channel || ' ' || reason from notifications.suppressions")
            #expect(try await database.all(kept) == ["reader@example.com email bounce"])
        }
    }

    /// While the service is left alone no try is made, and none is counted.
    @Test func aServiceThatIsLeftAloneCostsNoTry() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            mailer.fail(with: OutsideUnavailable(service: "post", retryAfter: .seconds(5)))
            let door = Notifications.test(database, mailer)
            try await door.send(Notice(.system, subject: "s", body: "b"), to: .email("reader@example.com"))
            await #expect(throws: JobVerdict.self) { try await door.deliverAll() }
            #expect(try await state(database) == "pending 0")
        }
    }

    @Test func htmlGoesWithItsSecretEscaped() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer)
            let notice = Notice(
                .system, subject: "s", body: "To \(Notice.secretMark)", html: "<a href=\"\(Notice.secretMark)\">go</a>",
                secret: "https://x.example/?a=1&b=\"2\"")
            try await door.send(notice, to: .email("reader@example.com"))
            try await door.deliverAll()
            #expect(mailer.sent.first?.html == "<a href=\"https://x.example/?a=1&amp;b=&quot;2&quot;\">go</a>")
        }
    }
}
