import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

/// How much leaves in an hour and in a month.
@Suite struct SendingQuotaTests {
    private func limited(_ database: Database, hour: Int, month: Int? = nil, _ clock: TestClock) -> Notifications {
        let door = Notifications.test(database, clock: clock.clock)
        var channels = Channels.sandbox
        channels.emailQuota = SendingQuota(perHour: hour, perMonth: month)
        channels.smsQuota = SendingQuota(perHour: 1)
        door.use(channels)
        return door
    }

    private func mail(_ door: Notifications, _ key: String, priority: JobPriority = .normal) async throws -> ID<Notification> {
        let notice = Notice(.system, subject: key, body: key, priority: priority)
        let message = NewMessage(type: .email, userID: nil, recipient: "\(key)@example.com", notice: notice)
        return try #require(try await door.add(message, from: nil)).id
    }

    private func statuses(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>("select concat_ws(' ', subject, status, retry_count) from notifications.notifications order by id"))
    }

    /// Not the beginning of an hour, so that the next one is nearer than an hour.
    private func clock() -> TestClock {
        let clock = TestClock(stands: true)
        let (hour, _) = SendingQuota.windows(at: clock.clock.now())
        clock.advance(by: hour + .minutes(90) - clock.clock.now())
        return clock
    }

    @Test func beyondTheHourMessagesWaitAndCodesGo() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let clock = clock()
            let door = limited(database, hour: 2, clock)
            for name in ["a", "b"] { try await door.deliver(try await mail(door, name)) }
            let third = try await mail(door, "c")
            do {
                try await door.deliver(third)
                Issue.record("the hour is used up")
            } catch JobVerdict.snooze(let wait) { #expect(wait == .minutes(30)) }
            let code = try await mail(door, "code", priority: .critical)
            try await door.deliver(code)
            // Another channel has its own.
            #expect(try await statuses(database) == ["a sent 0", "b sent 0", "c pending 0", "code sent 0"])
            clock.advance(by: .minutes(30))
            try await door.deliver(third)
            #expect(try await statuses(database)[2] == "c sent 0")
            // What is sent already takes no place.
            for _ in 0..<3 { try await door.deliver(third) }
            try await door.deliver(try await mail(door, "d"))
        }
    }

    @Test func ofManyAtOnceAsManyGoAsThereIsRoomFor() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = limited(database, hour: 5, clock())
            var ids: [ID<Notification>] = []
            for number in 0..<20 { ids.append(try await mail(door, "m\(number)")) }
            let sent = await withTaskGroup(of: Bool.self) { group in
                for id in ids {
                    group.addTask(executorPreference: TestLoops.group.loops[0]) {
                        do { try await door.deliver(id) } catch { return false }
                        return true
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(sent == 5)
        }
    }

    @Test func beyondTheMonthTheyFailAndStaffAreToldOnce() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let clock = clock()
            let door = limited(database, hour: 100, month: 1, clock)
            try await door.deliver(try await mail(door, "a"))
            for name in ["b", "c"] {
                do {
                    try await door.deliver(try await mail(door, name))
                    Issue.record("the month is used up")
                } catch JobVerdict.giveUp(let reason) { #expect(reason == "the month's quota of email is used up") }
            }
            let told = Statement<Int>("select count(*) from notifications.system_notifications where action_required")
            #expect(try await database.one(told) == 1)
            clock.advance(by: .days(32))
            try await door.deliver(try await mail(door, "d"))
            #expect(try await statuses(database) == ["a sent 0", "b pending 0", "c pending 0", "d sent 0"])
        }
    }

    @Test func operatorsSetThem() throws {
        #expect(throws: SettingsError.self) {
            try Settings(rows: NotificationSettings.rows, environment: ["EMAIL_RATE_LIMIT_PER_HOUR": "0"])
        }
        let settings = try Settings(
            rows: GeneralSettings.rows + NotificationSettings.rows, environment: ["EMAIL_MONTHLY_QUOTA": "40000"])
        #expect(settings[NotificationSettings.perMonth] == 40_000 && settings[NotificationSettings.perHour] == 1000)
    }

    /// A device that came later is not told again of what stands in the list.
    @Test func whatWasToldIsNotPushedToANewDevice() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            func device(_ token: String) -> NewDevice {
                NewDevice(kind: .fcm, token: token, platform: .android, keys: nil, name: nil)
            }
            let notice = Notice(.support, subject: "Answered", body: "Come and see", dedupeKey: "answer:1")
            _ = try await door.keep(device("phone-token-1"), of: Desk.reader)
            try await door.send(notice, to: .user(Desk.reader))
            _ = try await door.keep(device("phone-token-2"), of: Desk.reader)
            for _ in 0..<2 { try await door.send(notice, to: .user(Desk.reader)) }
            let pushed = Statement<Int>("select count(*) from notifications.notifications where type = 'push'")
            #expect(try await database.one(pushed) == 1)
        }
    }
}
