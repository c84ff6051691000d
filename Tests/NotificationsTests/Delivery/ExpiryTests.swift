import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Notifications

/// What is of use for a time alone.
@Suite struct ExpiryTests {
    private func states(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>(
                """
                select concat_ws(' ', type, status, error, case when secret_enc is not null then 'secret' end)
                  from notifications.notifications order by id
                """))
    }

    private func notice(for lifetime: Duration?, secret: String? = nil) -> Notice {
        var notice = Notice(.system, subject: "s", body: "b \(Notice.secretMark)", secret: secret)
        notice.lifetime = lifetime
        return notice
    }

    @Test func aCodeThatHasDiedIsNotSent() async throws {
        try await withDatabase { database in
            let (time, sms) = (TestClock(stands: true), TestSMS())
            let door = Notifications.test(database, sms: sms, clock: time.clock)
            let codes = Codes(door, pepper: [1])
            _ = try await codes.send(.signIn, to: .phone(PhoneNumber("+79161234567")!), from: nil)
            time.advance(by: .seconds(299))
            try await door.expire()
            #expect(try await states(database) == ["sms pending secret"])
            time.advance(by: .seconds(1))
            // The job comes too late, before anybody has looked for what is too late.
            await #expect(throws: JobVerdict.self) { try await door.deliverAll() }
            #expect(sms.sent.isEmpty)
            try await door.expire()
            #expect(try await states(database) == ["sms failed nobody needs it any more"])
            try await door.deliverAll()
            #expect(sms.sent.isEmpty)
        }
    }

    @Test func itGoesOutOfTheListAndNothingElseDoes() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let time = TestClock()
            let door = Notifications.test(database, TestMailer(), clock: time.clock)
            try await door.send(notice(for: .hours(1)), to: .user(Desk.reader))
            try await door.send(notice(for: .hours(2)), to: .user(Desk.reader))
            try await door.send(notice(for: nil), to: .user(Desk.reader, email: "reader@example.com"))
            try await door.send(notice(for: .hours(1), secret: "x"), to: .email("reader@example.com"))
            // What has left has left.
            let sent = try await database.one(
                Statement<ID<Notification>>("select id from notifications.notifications where secret_enc is not null"))
            try await door.deliver(sent)
            time.advance(by: .hours(1))
            try await door.expire()
            #expect(try await states(database) == ["in_app delivered", "in_app delivered", "email pending", "email sent"])
            time.advance(by: .days(90))
            try await door.expire()
            #expect(try await states(database) == ["in_app delivered", "email pending", "email sent"])
        }
    }

    /// What was not sent costs nothing, and whoever listens hears of it.
    @Test func whatIsNotSentGivesItsCreditsBack() async throws {
        try await withDatabase { database in
            let (time, meter) = (TestClock(), TestMeter(5))
            let door = Notifications.test(database, sms: TestSMS(), meters: [meter], clock: time.clock)
            var notice = notice(for: .minutes(10))
            notice.scope = Scope("library", .zero)
            let id = ID<Notification>.new()
            try await database.transaction { [notice] _ in
                let message = NewMessage(type: .sms, userID: nil, recipient: "+79161234567", notice: notice)
                #expect(try await door.write(message, id: id))
                try await meter.reserve([MessageCredits(id.uuid, 2)], of: Scope("library", .zero))
            }
            time.advance(by: .minutes(10))
            for _ in 0..<2 { try await door.expire() }
            #expect(meter.figures == [5, 0, 0])
            #expect(
                try await database.all(Statement<UUID>("select object_id from api.outbox where event = 'message.changed'")) == [id.uuid])
        }
    }

    @Test func itIsSeenToEveryMinute() async throws {
        let schedule = try #require(NotificationJobs.schedules.first { $0.key == "expire-notices" })
        #expect(schedule.rule == .every(.seconds(60)))
    }
}
