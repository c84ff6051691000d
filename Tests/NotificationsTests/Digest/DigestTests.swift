import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Notifications

@Suite struct DigestTests {
    /// A Friday, ten in the morning in UTC.
    private static let friday = Instant(secondsSince1970: 1_770_372_000)

    @Test(arguments: [
        ("daily", "UTC", "2026-02-06 07:59:59+00", "2026-02-06 08:00:00+00"), ("daily", "UTC", "2026-02-06 08:00:00+00", "2026-02-07 08:00:00+00"),
        ("daily", "Europe/Moscow", "2026-02-06 04:59:59+00", "2026-02-06 05:00:00+00"),
        ("daily", "nowhere", "2026-02-06 07:00:00+00", "2026-02-06 08:00:00+00"),
        ("weekly", "UTC", "2026-02-06 10:00:00+00", "2026-02-09 08:00:00+00"), ("weekly", "UTC", "2026-02-09 07:00:00+00", "2026-02-09 08:00:00+00"),
        ("weekly", "UTC", "2026-02-09 08:00:00+00", "2026-02-16 08:00:00+00"),
        // The clock is put forward on Sunday, 29 March.
        ("daily", "Europe/Berlin", "2026-03-28 12:00:00+00", "2026-03-29 06:00:00+00"),
    ])
    func theNextIsAtEightOfOnesOwn(_ kind: String, _ zone: String, _ now: String, _ next: String) async throws {
        try await withDatabase { database in
            let statement = Statement<Bool>(
                "select notifications.next_digest(\(kind), \(zone), \(now)::text::timestamptz) = \(next)::text::timestamptz")
            let isNext = try await database.one(statement)
            #expect(isNext)
        }
    }

    private func low(_ number: Int) -> Notice {
        var notice = Notice(.support, subject: "Notice \(number)", body: "Body \(number)")
        notice.priority = .low
        return notice
    }

    private func mails(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>("select subject || '|' || body from notifications.notifications where type = 'email' order by id"))
    }

    @Test func whatIsOfLowPriorityComesTogether() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            func door(_ after: Duration) -> Notifications { .test(database, clock: .fixed(Self.friday + after)) }
            let caller = Caller(principal: nil)
            _ = try await door(.zero).setPreferences(
                Preferences(preferences: [], quietFrom: nil, quietTo: nil, digest: .daily), of: Desk.reader, by: caller)
            let reader = Addressee.user(Desk.reader, email: "reader@example.com")
            for number in 1...2 { try await door(.hours(number)).send(low(number), to: reader) }
            try await door(.hours(3)).send(Notice(.support, subject: "Now", body: "b"), to: reader)
            try await door(.hours(3)).send(low(9), to: .user(Desk.other, email: "other@example.com"))
            // The urgent one, and whoever wants no digest.
            #expect(try await mails(database).count == 2)
            try await door(.hours(21)).runDigests()
            #expect(try await database.one(Statement<Int>("select count(*) from jobs.jobs where name = 'send-weekly-digest'")) == 0)
            for _ in 0..<2 { try await door(.hours(22)).runDigests() }
            try await door(.hours(22)).exhaust()
            #expect(try await mails(database).last == "Что нового|Notice 2\nBody 2\n\nNotice 1\nBody 1")
            #expect(try await mails(database).count == 3)
            // Carried out once more, and a day on which nothing was new.
            try await door(.hours(22)).sendDigest(DigestWish(userID: Desk.reader, dueAt: Self.friday + .hours(22)))
            try await door(.hours(46)).runDigests()
            try await door(.hours(46)).exhaust()
            #expect(try await mails(database).count == 3)
        }
    }

    @Test func whatWasReadIsNotToldAgain() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database, clock: .fixed(Self.friday))
            _ = try await door.setPreferences(
                Preferences(preferences: [], quietFrom: nil, quietTo: nil, digest: .daily), of: Desk.reader, by: Caller(principal: nil))
            for number in 1...2 { try await door.send(low(number), to: .user(Desk.reader, email: "reader@example.com")) }
            try await database.execute(Command("update notifications.notifications set read_at = now() where subject = 'Notice 1'"))
            try await door.sendDigest(DigestWish(userID: Desk.reader, dueAt: Self.friday + .hours(22)))
            #expect(try await mails(database) == ["Что нового|Notice 2\nBody 2"])
        }
    }

    @Test func aLongDigestSaysHowMuchIsLeft() {
        let person = Contact(userID: Desk.reader, name: "A", email: nil, phone: nil, locale: "kk", timeZone: nil)
        let notice = DigestText.notice([DigestItem(subject: nil, body: String(repeating: "я", count: 500))], total: 3, to: person)
        #expect(notice.subject == "Что нового" && notice.body == String(repeating: "я", count: 300) + "\n\nИ ещё 2 в вашем списке.")
    }

    @Test func onesChoiceIsKept() async throws {
        try await withServer(compose: { platform in
            TestComposition(authenticator: Desk.people, modules: [NotificationsModule(.test(platform.database), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            let path = "/api/v1/notifications/preferences"
            let set = try await server.send("PUT", path, token: "reader", body: ["preferences": [], "digest": "weekly"])
            #expect(set.status == 200 && set.data["digest"] == "weekly", "\(set.text)")
            #expect(try await server.send("GET", path, token: "reader").data["digest"] == "weekly")
            let due = Statement<Bool>("select digest_due_at > now() from notifications.quiet_settings")
            #expect(try await server.database.one(due))
            #expect(try await server.send("PUT", path, token: "reader", body: ["preferences": [], "digest": "hourly"]).status == 422)
            #expect(try await server.send("PUT", path, token: "reader", body: ["preferences": []]).data["digest"] == "none")
        }
    }
}
