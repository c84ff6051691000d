import Jobs
import Postgres
import Support
import Testing
import Values

@testable import Notifications

@Suite struct NotificationsTests {
    static let mail = Notice(
        .security, subject: "Your code", body: "Enter \(Notice.secretMark), please.", secret: "482913",
        priority: .critical, dedupeKey: "code:1")

    private func rows(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>(
                """
                select concat_ws(' ', type, status, recipient, retry_count, provider, external_id, error)
                from notifications.notifications order by id
                """))
    }

    @Test func aMailIsARowAndAJobInTheCallersTransaction() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await database.transaction { _ in
                    try await door.send(Self.mail, to: .user(Desk.reader, email: "reader@example.com"))
                    throw Undo()
                }
            }
            #expect(try await rows(database) == [])
            try await door.send(Self.mail, to: .user(Desk.reader, email: "reader@example.com"))
            #expect(
                try await rows(database) == [
                    "in_app delivered \(Desk.reader) 0", "email pending reader@example.com 0",
                ])
            let job = try await database.first(
                Statement<String>("select queue || ' ' || name || ' ' || priority || ' ' || max_attempts from jobs.jobs"))
            #expect(job == "emails send-otp-email 1 5")
            let linked = try await database.one(
                Statement<Bool>(
                    "select count(*) = 1 from jobs.jobs j join notifications.notifications n on n.job_id = j.id"))
            #expect(linked)
        }
    }

    @Test func theSameKeyIsSentOnce() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            for _ in 0..<2 { try await door.send(Self.mail, to: .user(Desk.reader, email: "reader@example.com")) }
            #expect(try await rows(database).count == 2)
            #expect(try await database.one(Statement<Int>("select count(*) from jobs.jobs")) == 1)
            // The reader's sockets hear of it once, and of no secret.
            let told = try await database.all(
                Statement<String>(
                    """
                    select concat_ws(' ', room, event, data->>'unreadCount', data->'notification'->>'subject',
                        data->'notification'->>'body' like '%482913%') from realtime.events
                    """))
            #expect(told == ["user:\(Desk.reader) notification:new 1 Your code f"])
        }
    }

    @Test func theSecretLiesSealedAndReachesTheMail() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer)
            try await door.send(Self.mail, to: .email("reader@example.com"))
            let everything = try await database.one(
                Statement<String>(
                    "select (select string_agg(n::text, '') from notifications.notifications n) || (select string_agg(j::text, '') from jobs.jobs j)"
                ))
            #expect(!everything.contains("482913"))
            try await door.deliverAll()
            #expect(mailer.sent.map(\.text) == ["Enter 482913, please."])
            #expect(try await rows(database) == ["email sent reader@example.com 0 test external-1"])
            let isErased = try await database.one(
                Statement<Bool>("select secret_enc is null from notifications.notifications"))
            #expect(isErased)
        }
    }

    @Test func aMessageThatWasSentIsNotSentAgain() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer)
            try await door.send(Self.mail, to: .email("reader@example.com"))
            for _ in 0..<3 { try await door.deliverAll() }
            #expect(mailer.sent.count == 1)
        }
    }

    @Test func aFailureIsCountedAndTheLastOneIsFinal() async throws {
        try await withDatabase { database in
            let mailer = TestMailer()
            mailer.fail(with: TestMailer.Broken())
            let door = Notifications.test(database, mailer)
            try await door.send(Self.mail, to: .email("reader@example.com"))
            await #expect(throws: TestMailer.Broken.self) { try await door.deliverAll() }
            #expect(try await rows(database) == ["email pending reader@example.com 1 Broken()"])
            try await door.exhaust()
            #expect(try await rows(database) == ["email failed reader@example.com 6 Broken()"])
            mailer.fail(with: nil)
            try await door.deliverAll()
            #expect(mailer.sent.isEmpty)
        }
    }

    @Test func withoutAProviderMailFailsAtOnce() async throws {
        try await withDatabase { database in
            let door = Notifications.test(database, nil)
            try await door.send(Self.mail, to: .email("reader@example.com"))
            try await door.exhaust()
            #expect(
                try await rows(database) == ["email failed reader@example.com 1 no e-mail provider is configured"])
        }
    }

    @Test func oldNoticesAreDeletedReadOnesEarlier() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let start = Instant.now
            let notice = Notice(.system, subject: "s", body: "b")
            let door = Notifications.test(database, clock: .fixed(start))
            for _ in 0..<2 { try await door.send(notice, to: .user(Desk.reader)) }
            _ = try await door.readAll(by: Desk.reader)
            try await door.send(notice, to: .user(Desk.reader))
            func left(after days: Int) async throws -> Int {
                try await Notifications.test(database, clock: .fixed(start + .days(days))).purge()
                return try await database.one(Statement<Int>("select count(*) from notifications.notifications"))
            }
            #expect(try await left(after: 89) == 3)
            #expect(try await left(after: 91) == 1)
            #expect(try await left(after: 181) == 0)
        }
    }

    @Test func everyStatementFitsTheSchema() async throws {
        let mismatches = try await withDatabase {
            try await StatementCheck.verify(NotificationsModule.statements, on: $0)
        }
        #expect(mismatches.map { "\($0.statement): \($0.reason)" } == [])
    }
}
