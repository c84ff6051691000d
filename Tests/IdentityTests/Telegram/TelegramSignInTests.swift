import Crypto
import HTTP
import JSON
import Postgres
import Service
import Support
import Telegram
import Testing
import Values

@testable import Identity

/// Signing in by what Telegram says, and linking an account to it.
@Suite struct TelegramSignInTests {
    private static let person = #"{"id":42,"first_name":"Вера","last_name":"Ли","username":"vera","language_code":"de-AT","allows_write_to_pm":true}"#

    /// What a Mini App of the fixture's bot is given.
    private func initData(
        _ fixture: IdentityFixture, _ user: String = person, age: Duration = .zero, token: String = IdentityFixture.botToken
    ) -> String {
        let date = (fixture.module.clock.now() - age).secondsSince1970
        let fields = [("auth_date", "\(date)"), ("query_id", "AAH"), ("user", user)]
        let key = HMACSHA256.authenticate(token, key: "WebAppData")
        let text = fields.map { "\($0.0)=\($0.1)" }.joined(separator: "\n")
        return PercentEncoding.form(fields.map { (name: $0.0, value: $0.1) })
            + "&hash=" + Hex.encode(HMACSHA256.authenticate(text, key: key))
    }

    private func signIn(_ fixture: IdentityFixture, _ data: String, bot: String = "condo") async throws -> TestAnswer {
        try await fixture.server.send(
            "POST", "/api/v1/auth/telegram", body: ["bot": .string(bot), "initData": .string(data)])
    }

    @Test func aStrangerBecomesAnAccountAndSignsInAgain() async throws {
        try await withIdentity { fixture in
            let first = try await signIn(fixture, initData(fixture))
            #expect(first.status == 200, "\(first.text)")
            let user = first.data["user"]
            #expect(user?["firstName"] == "Вера" && user?["lastName"] == "Ли" && user?["locale"] == "de")
            #expect(user?["status"] == "active" && user?["source"] == "telegram" && user?["roles"] == [])
            let token = try #require(first.data["accessToken"]?.string)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200)
            let renamed = Self.person.replacing("Вера", with: "Vera")
            let again = try await signIn(fixture, initData(fixture, renamed), bot: "condo")
            #expect(again.data["user"]?["id"] == user?["id"] && again.data["user"]?["firstName"] == "Вера")
            #expect(try await fixture.count("select count(*) from identity.identities where profile->>'firstName' = 'Vera'") == 1)
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats where user_id is not null") == 1)
            let shy = try await signIn(fixture, initData(fixture, #"{"id":43,"first_name":"A"}"#))
            #expect(shy.data["user"]?["locale"] == "ru")
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats") == 1)
        }
    }

    /// 0-platform, section 8, scenario 9; the vector itself is judged in Telegram's own tests.
    @Test func whatIsNotTelegramsSignsNobodyIn() async throws {
        try await withIdentity { fixture in
            let good = initData(fixture)
            let flipped = good.last == "0" ? String(good.dropLast()) + "1" : String(good.dropLast()) + "0"
            for bad in [flipped, good + "&query_id=1", initData(fixture, token: "7000000009:AAAnotherBotsTokenForTheTests000"), "x"] {
                let answer = try await signIn(fixture, bad)
                #expect(answer.status == 401 && answer.code == "init_data_invalid", "\(answer.text)")
            }
            let old = try await signIn(fixture, initData(fixture, age: .seconds(86_401)))
            #expect(old.status == 401 && old.code == "init_data_expired")
            let unknown = try await signIn(fixture, good, bot: "nobody")
            #expect(unknown.status == 422 && unknown.code == "bot_unknown")
            #expect(try await fixture.count("select count(*) from identity.identities") == 0)
        }
    }

    @Test(arguments: [
        ("{}", "bot"), (#"{"bot":"condo"}"#, "initData"), (#"{"bot":"condo","initData":"x","loginData":"x"}"#, "initData"),
        (#"{"bot":"condo","initData":"x","user":1}"#, "user"), (#"{"bot":"condo","initData":""}"#, "initData"),
    ])
    func whatSaysNothingIsRefused(_ body: String, _ field: String) async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.server.send(
                "POST", "/api/v1/auth/telegram", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields.contains(field), "\(answer.text)")
        }
    }

    @Test func thePagesButtonSignsInToo() async throws {
        try await withIdentity { fixture in
            let date = "\(fixture.module.clock.now().secondsSince1970)"
            let fields: [(name: String, value: String)] = [("auth_date", date), ("first_name", "Вера"), ("id", "42")]
            let text = fields.map { "\($0.name)=\($0.value)" }.joined(separator: "\n")
            let key = SHA256.digest(of: IdentityFixture.botToken)
            let query = PercentEncoding.form(fields) + "&hash=" + Hex.encode(HMACSHA256.authenticate(text, key: key))
            let button = try await fixture.server.send(
                "POST", "/api/v1/auth/telegram", body: ["bot": "condo", "loginData": .string(query)])
            #expect(button.status == 200)
            let app = try await signIn(fixture, initData(fixture))
            #expect(app.data["user"]?["id"] == button.data["user"]?["id"])
            let mixed = try await signIn(fixture, query)
            #expect(mixed.status == 401)
        }
    }

    @Test func twentyFirstRequestsMakeOneAccount() async throws {
        try await withIdentity { fixture in
            let data = initData(fixture)
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<20 { group.addTask { try await signIn(fixture, data).data["user"]?["id"]?.string } }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(Set(ids).count == 1 && ids[0] != nil)
            #expect(try await fixture.count("select count(*) from identity.users where source = 'telegram'") == 1)
        }
    }

    @Test func whereNobodyMayRegisterStrangersStayStrangersAndTheSuspendedOut() async throws {
        try await withIdentity(adjust: { $0.isRegistrationOpen = { false } }) { fixture in
            let closed = try await signIn(fixture, initData(fixture))
            #expect(closed.status == 403 && closed.code == "registration_closed")
        }
        try await withIdentity { fixture in
            #expect(try await signIn(fixture, initData(fixture)).status == 200)
            try await fixture.server.database.execute(
                Command("update identity.users set status = 'banned' where source = 'telegram'"))
            let banned = try await signIn(fixture, initData(fixture))
            #expect(banned.status == 403 && banned.code == "account_banned")
        }
    }

    // MARK: Links

    private static let telegram = TelegramPerson(id: 42, firstName: "Вера", allowsWriting: true)

    private func link(_ fixture: IdentityFixture, _ token: String) async throws -> String {
        let answer = try await fixture.server.send(
            "POST", "/api/v1/users/me/telegram-link", token: token, body: ["bot": "condo"])
        let link = try #require(answer.data["deepLink"]?.string)
        #expect(answer.status == 201 && link.hasPrefix("https://t.me/atrium_condo_bot?start=link_"))
        // Telegram takes 64 characters of this alphabet.
        let parameter = String(link.split(separator: "=")[1])
        #expect(parameter.utf8.count <= 64 && parameter.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) })
        return parameter
    }

    @Test func anAccountIsLinkedByFollowingItsLinkOnce() async throws {
        try await withIdentity { fixture in
            let (ann, token) = try await fixture.person("ann@example.com")
            let (_, other) = try await fixture.person("bob@example.com")
            let path = "/api/v1/users/me/telegram-link"
            #expect(try await fixture.server.send("POST", path, body: ["bot": "condo"]).status == 401)
            #expect(try await fixture.server.send("POST", path, token: token, body: ["bot": "urgent"]).code == "bot_unknown")
            #expect(try await fixture.server.send("DELETE", path).status == 401)
            #expect(try await fixture.server.send("DELETE", path, token: token).code == "not_linked")
            let old = try await link(fixture, token)
            let parameter = try await link(fixture, token)
            let door = fixture.module.telegram
            await #expect(throws: Problem.self) { try await door.begin(Self.telegram, by: "condo", parameter: old) }
            #expect(try await door.begin(Self.telegram, by: "condo", parameter: parameter)?.id == ann)
            await #expect(throws: Problem.self) { try await door.begin(Self.telegram, by: "condo", parameter: parameter) }
            #expect(try await signIn(fixture, initData(fixture)).data["user"]?["id"] == .string(ann.description))
            // Somebody else's Telegram is not to be had.
            let theft = try await link(fixture, other)
            do {
                _ = try await door.begin(Self.telegram, by: "condo", parameter: theft)
                Issue.record("a Telegram account has one owner")
            } catch let problem as Problem { #expect(problem.code == "telegram_taken") }
            // Another of the same owner takes the place of the first.
            let next = try await link(fixture, token)
            let second = TelegramPerson(id: 77, firstName: "Вера")
            #expect(try await door.begin(second, by: "condo", parameter: next)?.id == ann)
            #expect(try await fixture.count("select count(*) from identity.identities where subject = '77'") == 1)
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats") == 1)
            #expect(try await fixture.server.send("DELETE", path, token: token).status == 204)
            #expect(try await fixture.server.send("DELETE", path, token: token).status == 404)
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats") == 0)
        }
    }

    @Test func aLinkEndsAfterAQuarterOfAnHour() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("ann@example.com")
            let parameter = try await link(fixture, token)
            fixture.server.clock.advance(by: .minutes(15))
            do {
                _ = try await fixture.module.telegram.begin(Self.telegram, by: "condo", parameter: parameter)
                Issue.record("it is over")
            } catch let problem as Problem { #expect(problem.code == "token_invalid") }
        }
    }

    @Test func whoeverHasNothingElseKeepsHisTelegram() async throws {
        try await withIdentity { fixture in
            let token = try #require(try await signIn(fixture, initData(fixture)).data["accessToken"]?.string)
            let refused = try await fixture.server.send("DELETE", "/api/v1/users/me/telegram-link", token: token)
            #expect(refused.status == 409 && refused.code == "last_way_in")
        }
    }

    @Test func whoeverSpeaksToABotLetsItWriteAgain() async throws {
        try await withIdentity { fixture in
            _ = try await signIn(fixture, initData(fixture))
            let database = fixture.server.database
            try await database.execute(Command("update notifications.telegram_chats set blocked_at = now()"))
            #expect(try await fixture.module.telegram.begin(Self.telegram, by: "condo", parameter: nil) == nil)
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats where blocked_at is null and user_id is not null") == 1)
            let stranger = TelegramPerson(id: 99, firstName: "B")
            #expect(try await fixture.module.telegram.begin(stranger, by: "condo", parameter: "promo") == nil)
            #expect(try await fixture.count("select count(*) from notifications.telegram_chats where user_id is null") == 1)
        }
    }

    @Test func anErasedAccountLeavesTheTelegramFree() async throws {
        try await withIdentity { fixture in
            let first = try await signIn(fixture, initData(fixture))
            let token = try #require(first.data["accessToken"]?.string)
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/me", token: token, body: [:]).status == 204)
            let anew = try await signIn(fixture, initData(fixture))
            #expect(anew.status == 200 && anew.data["user"]?["id"] != first.data["user"]?["id"])
        }
    }
}
