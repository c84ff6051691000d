import Crypto
import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct CodesTests {
    private static let phone = CodeSubject.phone(PhoneNumber("+79161234567")!)
    private static let indian = CodeSubject.phone(PhoneNumber("+919812345678")!)
    private static let email = CodeSubject.email(EmailAddress("reader@example.com")!)

    private func withCodes(_ body: @escaping @Sendable (Database, Codes, TestClock) async throws -> Void) async throws {
        try await withDatabase { database in
            let time = TestClock()
            try await body(database, Codes(.test(database, clock: time.clock), pepper: [1, 2, 3]), time)
        }
    }

    /// What stands in the newest message.
    private func newest(_ database: Database) async throws -> String {
        let door = Notifications.test(database)
        let latest = Statement<ID<Notification>>("select id from notifications.notifications order by id desc limit 1")
        let record = try await database.first(NotificationQueries.one(try await database.one(latest)))
        return try record.flatMap { try door.secret(of: $0) } ?? ""
    }

    private func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "none"
        } catch { return (error as? Problem)?.code ?? "\(error)" }
    }

    @Test func aCodeIsUsedOnceAlsoInParallel() async throws {
        try await withCodes { database, codes, _ in
            let sent = try await codes.send(.signIn, to: Self.phone, from: "192.0.2.1")
            #expect(sent.expiresIn == 300 && sent.resendAfter == 60)
            let code = try await newest(database)
            #expect(code.utf8.count == 6)
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<10 {
                    group.addTask { await self.refusal { try await codes.use(code, .signIn, of: Self.phone) } }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == "none" }.count == 1)
            #expect(outcomes.filter { $0 == "code_invalid" }.count == 9, "\(outcomes)")
        }
    }

    @Test func wrongGuessesLockTheCode() async throws {
        try await withCodes { database, codes, _ in
            for (subject, allowed) in [(Self.phone, 3), (Self.indian, 5), (Self.email, 3)] {
                _ = try await codes.send(.signIn, to: subject, from: nil)
                let code = try await newest(database)
                let wrong = code == "000000" ? "000001" : "000000"
                for _ in 0..<allowed {
                    #expect(await refusal { try await codes.use(wrong, .signIn, of: subject) } == "code_invalid")
                }
                #expect(await refusal { try await codes.use(code, .signIn, of: subject) } == "code_locked")
            }
        }
    }

    @Test func aCodeIsForItsPurposeItsSubjectAndItsScope() async throws {
        try await withCodes { database, codes, _ in
            let scope = Scope("unit", .zero)
            _ = try await codes.send(.scope, to: Self.phone, scope: scope, from: nil)
            let code = try await newest(database)
            #expect(await refusal { try await codes.use(code, .signIn, of: Self.phone, scope: scope) } == "code_invalid")
            #expect(await refusal { try await codes.use(code, .scope, of: Self.phone) } == "code_invalid")
            #expect(await refusal { try await codes.use(code, .scope, of: Self.indian, scope: scope) } == "code_invalid")
            let other = Codes(.test(database), pepper: [9])
            #expect(await refusal { try await other.use(code, .scope, of: Self.phone, scope: scope) } == "code_invalid")
            #expect(await refusal { try await codes.use(code, .scope, of: Self.phone, scope: scope) } == "none")
        }
    }

    @Test func aNewCodeEndsTheOlder() async throws {
        try await withCodes { database, codes, time in
            _ = try await codes.send(.signIn, to: Self.phone, from: nil)
            let first = try await newest(database)
            #expect(await refusal { _ = try await codes.send(.signIn, to: Self.phone, from: nil) } == "code_too_soon")
            time.advance(by: .seconds(61))
            _ = try await codes.send(.signIn, to: Self.phone, from: nil)
            let second = try await newest(database)
            if first != second {
                #expect(await refusal { try await codes.use(first, .signIn, of: Self.phone) } == "code_invalid")
            }
            time.advance(by: .seconds(301))
            #expect(await refusal { try await codes.use(second, .signIn, of: Self.phone) } == "code_expired")
        }
    }

    @Test func anIndianCodeHoldsTenMinutesAsItsTextSays() async throws {
        try await withCodes { database, codes, time in
            #expect(try await codes.send(.signIn, to: Self.indian, from: nil).expiresIn == 600)
            let job = Statement<String>("select concat_ws(' ', queue, name, priority, max_attempts) from jobs.jobs")
            #expect(try await database.one(job) == "notifications send-sms 1 5")
            let body = Statement<String>("select body || '|' || registered_text from notifications.notifications")
            #expect(
                try await database.one(body)
                    == "Your OTP for StudySpot is {{secret}}. Valid for 10 minutes. Do not share with anyone.|otp")
            let code = try await newest(database)
            time.advance(by: .seconds(599))
            #expect(await refusal { try await codes.use(code, .signIn, of: Self.indian) } == "none")
        }
    }

    @Test func aSubjectGetsFiveAnHourAndFifteenADay() async throws {
        try await withCodes { database, codes, time in
            var sent = 0
            for hour in 0..<4 {
                for _ in 0..<6 {
                    time.advance(by: .seconds(61))
                    if await refusal({ _ = try await codes.send(.signIn, to: Self.phone, from: nil) }) == "none" { sent += 1 }
                }
                #expect(sent == min(15, 5 * (hour + 1)))
                time.advance(by: .seconds(3600))
            }
        }
    }

    @Test func anAddressGetsTwentyAnHour() async throws {
        try await withCodes { database, codes, _ in
            func ask(_ number: Int, _ address: String) async -> String {
                let subject = CodeSubject.email(EmailAddress("r\(number)@example.com")!)
                return await refusal { _ = try await codes.send(.signIn, to: subject, from: address) }
            }
            for number in 0..<20 { #expect(await ask(number, "2001:db8:1:2::\(number + 1)") == "none") }
            #expect(await ask(20, "2001:db8:1:2:ffff::1") == "too_many_codes")
            #expect(await ask(20, "2001:db8:1:3::1") == "none")
        }
    }

    @Test func whatIsKeptTellsNobodyTheCode() async throws {
        try await withCodes { database, codes, _ in
            _ = try await codes.send(.signIn, to: Self.phone, from: nil)
            let code = try await newest(database)
            let everything = try await database.one(
                Statement<String>(
                    """
                    select (select string_agg(n::text, '') from notifications.notifications n)
                        || (select string_agg(j::text, '') from jobs.jobs j)
                        || (select string_agg(c::text, '') from identity.one_time_codes c)
                    """))
            #expect(!everything.replacing(#/[0-9a-f-]{36}|\d\d:\d\d:\d\d\.\d+|[0-9a-f]{40,}/#, with: "").contains(code))
            try await codes.purge()
            #expect(try await database.one(Statement<Int>("select count(*) from identity.one_time_codes")) == 1)
        }
    }
}
