import Crypto
import JSON
import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

/// What Clerk tells by webhooks, and what it is told.
@Suite struct ClerkWebhookTests {
    private static let subject = "user_2abcDEF"
    private static let path = "/api/v1/webhooks/clerk"

    @discardableResult
    private func tell(
        _ fixture: IdentityFixture, _ type: String, _ data: JSONValue, id: String, secret: String = ClerkEmulator.webhookSecret
    ) async throws -> TestAnswer {
        let event: JSONValue = ["type": .string(type), "object": "event", "data": data]
        let body = event.jsonBytes
        return try await fixture.server.send(
            "POST", Self.path, fields: ClerkEmulator.fields(body, id: id, at: fixture.now, secret: secret), raw: body)
    }

    private func account(_ fixture: IdentityFixture) async throws -> User? {
        try await fixture.server.database.first(IdentityQueries.owner(.clerk, Self.subject))
    }

    @Test func anAccountIsMadeOfWhatClerkTellsAndIsTheOneOfTheFirstToken() async throws {
        try await withClerk { fixture, clerk in
            let person = clerk.person(Self.subject, email: "nina@example.com")
            let answer = try await tell(fixture, "user.created", person, id: "msg_1")
            #expect(answer.status == 200)
            let user = try #require(try await account(fixture))
            #expect(user.email == "nina@example.com" && user.emailVerifiedAt != nil && user.firstName == "Нина")
            let me = try await fixture.server.send("GET", "/api/v1/users/me", token: clerk.token(Self.subject, at: fixture.now))
            #expect(me.data["id"] == .string(user.id.description))
            #expect(clerk.state.withLock { $0.peopleAsked } == 0)
        }
    }

    @Test func theAccountFollowsWhatChangesThereAndKeepsWhatChangedHere() async throws {
        try await withClerk { fixture, clerk in
            try await tell(fixture, "user.created", clerk.person(Self.subject, email: "a@example.com", updatedAt: 1_000), id: "1")
            let id = try #require(try await account(fixture)).id
            try await fixture.server.database.execute(Command("update identity.users set last_name = 'Own' where id = \(id)"))
            let changed = clerk.person(
                Self.subject, email: "b@example.com", first: "Nina", last: "Kim", phone: "+79161234567", updatedAt: 3_000)
            try await tell(fixture, "user.updated", changed, id: "2")
            var user = try #require(try await account(fixture))
            #expect(user.firstName == "Nina" && user.lastName == "Own" && user.email == "b@example.com")
            #expect(user.emailVerifiedAt != nil && user.phone == "+79161234567" && user.phoneVerifiedAt != nil)
            // Older than what is known, whatever order it comes in; and each message once.
            try await tell(fixture, "user.updated", clerk.person(Self.subject, first: "Old", updatedAt: 2_000), id: "3")
            try await tell(fixture, "user.updated", clerk.person(Self.subject, first: "Again", updatedAt: 4_000), id: "2")
            user = try #require(try await account(fixture))
            #expect(user.firstName == "Nina")
            // An address that somebody has here is left to him, the rest is followed.
            try await fixture.person("ann@example.com")
            try await tell(
                fixture, "user.updated", clerk.person(Self.subject, email: "ann@example.com", first: "N", updatedAt: 5_000), id: "4")
            user = try #require(try await account(fixture))
            #expect(user.firstName == "N" && user.email == "b@example.com")
            // Once it is free and said again, it is taken up.
            try await fixture.server.database.execute(
                Command("update identity.users set email = 'other@example.com' where email = 'ann@example.com'"))
            try await tell(
                fixture, "user.updated", clerk.person(Self.subject, email: "ann@example.com", first: "N", updatedAt: 6_000), id: "5")
            #expect(try await account(fixture)?.email == "ann@example.com")
            #expect(try await fixture.count("select count(*) from identity.users where source = 'clerk'") == 1)
        }
    }

    @Test func whatIsNotClerksChangesNothing() async throws {
        try await withClerk { fixture, clerk in
            let event: JSONValue = ["type": "user.created", "data": clerk.person(Self.subject)]
            let body = event.jsonBytes
            let good = ClerkEmulator.fields(body, at: fixture.now)
            let old = ClerkEmulator.fields(body, at: fixture.now - .seconds(301))
            let early = ClerkEmulator.fields(body, at: fixture.now + .seconds(302))
            let foreign = ClerkEmulator.fields(body, at: fixture.now, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
            let unsigned = good.filter { $0.key != "svix-signature" }
            let renamed = good.merging(["svix-id": "msg_2"]) { $1 }
            let unversioned = good.merging(["svix-signature": good["svix-signature"]!.replacing("v1,", with: "v2,")]) { $1 }
            for (fields, body) in [
                (old, body), (early, body), (foreign, body), (unsigned, body), (renamed, body), (unversioned, body),
                (good, body + [32]), ([:], body),
            ] {
                let answer = try await fixture.server.send("POST", Self.path, fields: fields, raw: body)
                #expect(answer.status == 401 && answer.code == "signature_invalid", "\(fields)")
            }
            #expect(try await fixture.count("select count(*) from identity.clerk_events") == 0)
            #expect(try await fixture.server.send("POST", Self.path, fields: good, raw: body).status == 200)
            // What is of no interest, or of a form that nobody knows, is taken all the same.
            #expect(try await tell(fixture, "session.created", ["id": "sess_1"], id: "5").status == 200)
            #expect(try await tell(fixture, "user.updated", ["id": "nobody"], id: "6").status == 200)
            #expect(try await tell(fixture, "user.deleted", ["deleted": true], id: "7").status == 200)
            let noJSON = Array("{".utf8)
            let malformed = try await fixture.server.send(
                "POST", Self.path, fields: ClerkEmulator.fields(noJSON, id: "8", at: fixture.now), raw: noJSON)
            #expect(malformed.status == 400)
        }
        try await withClerk(["CLERK_WEBHOOK_SECRET": ""]) { fixture, _ in
            let absent = try await fixture.server.send("POST", Self.path, body: [:])
            #expect(absent.status == 404)
        }
        try await withIdentity { fixture in
            let absent = try await fixture.server.send("POST", Self.path, body: [:])
            #expect(absent.status == 404)
        }
    }

    @Test func whoeverLeavesClerkIsSuspendedAndThenErased() async throws {
        try await withClerk { fixture, clerk in
            let person = clerk.person(Self.subject, email: "nina@example.com")
            try await tell(fixture, "user.created", person, id: "1")
            let user = try #require(try await account(fixture))
            let token = clerk.token(Self.subject, at: fixture.now)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200)
            try await tell(fixture, "user.deleted", ["id": .string(Self.subject), "deleted": true], id: "2")
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            #expect(try await fixture.module.users.find(user.id)?.status == .suspended)
            // What was said before does not bring him back.
            try await tell(fixture, "user.updated", person, id: "3")
            #expect(try await account(fixture) == nil)
            #expect(try await fixture.count("select count(*) from jobs.jobs where name = 'close-clerk-account'") == 1)
            let door = try #require(fixture.module.clerk)
            for _ in 0..<2 { try await door.close(user.id) }
            let erased = try #require(try await fixture.module.users.find(user.id))
            #expect(erased.status == .deleted && erased.email == nil)
            #expect(try await fixture.count("select count(*) from api.outbox where event = 'user.deleted'") == 1)
        }
    }

    @Test func whoeverCameOtherwiseOrActsForOthersOnlyLosesThisWayIn() async throws {
        try await withClerk { fixture, clerk in
            let (ann, _) = try await fixture.person("ann@example.com")
            try await tell(fixture, "user.created", clerk.person(Self.subject, email: "ann@example.com"), id: "1")
            #expect(try await account(fixture)?.id == ann)
            try await tell(fixture, "user.deleted", ["id": .string(Self.subject)], id: "2")
            #expect(try await fixture.module.users.find(ann)?.status == .active)
            try await tell(fixture, "user.created", clerk.person("user_staff"), id: "3")
            let staff = try #require(try await fixture.server.database.first(IdentityQueries.owner(.clerk, "user_staff")))
            try await fixture.module.grants.give(
                "director", on: Scope("company", IdentityFixture.company), to: staff.id, by: .system)
            try await tell(fixture, "user.deleted", ["id": "user_staff"], id: "4")
            #expect(try await fixture.module.users.find(staff.id)?.status == .active)
            #expect(try await fixture.count("select count(*) from identity.identities") == 0)
            #expect(try await fixture.count("select count(*) from jobs.jobs where name = 'close-clerk-account'") == 0)
        }
    }

    @Test func aLiftedSuspensionIsNotFollowedByTheEnd() async throws {
        try await withClerk { fixture, clerk in
            try await tell(fixture, "user.created", clerk.person(Self.subject), id: "1")
            let user = try #require(try await account(fixture))
            try await tell(fixture, "user.deleted", ["id": .string(Self.subject)], id: "2")
            try await fixture.server.database.execute(
                Command("update identity.users set status = 'active', status_reason = null where id = \(user.id)"))
            try await fixture.module.clerk?.close(user.id)
            #expect(try await fixture.module.users.find(user.id)?.status == .active)
        }
    }

    @Test func grantsAreToldToClerkByAJob() async throws {
        try await withClerk { fixture, clerk in
            try await tell(fixture, "user.created", clerk.person(Self.subject), id: "1")
            let user = try #require(try await account(fixture))
            let company = Scope("company", IdentityFixture.company)
            try await fixture.module.grants.give("director", on: company, to: user.id, by: .system)
            let handler = try #require(fixture.module.eventHandlers.first { $0.name == "identity.clerk.grants" })
            #expect(handler.events == ["user.grants_changed"])
            let door = try #require(fixture.module.clerk)
            for _ in 0..<2 { try await door.writeGrants(of: user.id) }
            #expect(try await fixture.count("select count(*) from jobs.jobs where name = 'write-clerk-grants'") == 1)
            clerk.state.withLock { $0.isDown = true }
            await #expect(throws: OutsideFailure.self) { try await door.carryOut(ClerkGrants(subject: Self.subject)) }
            clerk.state.withLock { $0.isDown = false }
            try await door.carryOut(ClerkGrants(subject: Self.subject))
            let told = clerk.state.withLock { $0.metadata[Self.subject] }
            #expect(
                told == ["grants": [["role": "director", "scopeType": "company", "scopeId": .string("\(IdentityFixture.company)")]]])
            try await fixture.module.grants.withdraw("director", on: company, from: user.id, by: .system)
            try await door.carryOut(ClerkGrants(subject: Self.subject))
            #expect(clerk.state.withLock { $0.metadata[Self.subject] } == ["grants": []])
            // Nobody on either side: nothing to do.
            clerk.state.withLock { $0.people = [:] }
            try await door.carryOut(ClerkGrants(subject: Self.subject))
            try await door.carryOut(ClerkGrants(subject: "user_nobody"))
            // Whom Clerk does not vouch for it is told nothing of.
            let (ann, _) = try await fixture.person("ann@example.com")
            try await door.writeGrants(of: ann)
            #expect(try await fixture.count("select count(*) from jobs.jobs where name = 'write-clerk-grants'") == 1)
        }
    }

    @Test func whatIsOverGoes() async throws {
        try await withClerk { fixture, clerk in
            try await tell(fixture, "user.created", clerk.person(Self.subject), id: "1")
            try await tell(fixture, "user.deleted", ["id": .string(Self.subject)], id: "2")
            try await fixture.module.cleanUp()
            #expect(try await fixture.count("select count(*) from identity.clerk_events") == 2)
            fixture.server.clock.advance(by: .days(91))
            try await fixture.module.cleanUp()
            #expect(try await fixture.count("select count(*) from identity.clerk_events") == 0)
            #expect(try await fixture.count("select count(*) from identity.clerk_closed") == 0)
        }
    }

    // MARK: Settings

    @Test func aPublishableKeyNamesItsHost() {
        #expect(ClerkSettings.host(in: "pk_test_c3VtbWFyeS1saW9uLTQ5LmNsZXJrLmFjY291bnRzLmRldiQ") == "summary-lion-49.clerk.accounts.dev")
        for bad in ["", "pk_test_", "pk_test_AAAA", "sk_test_c3VtbWFyeS1saW9uLTQ5LmNsZXJrLmFjY291bnRzLmRldiQ", "pk_live_c3VtbWFyeQ"] {
            #expect(ClerkSettings.host(in: bad) == nil)
        }
    }

    @Test(arguments: [
        ["CLERK_PUBLISHABLE_KEY": "pk_test_x"], ["CLERK_SECRET_KEY": "sk_test_123456"], ["CLERK_WEBHOOK_SECRET": "secret"],
        ["CLERK_JWKS_URL": "keys"],
    ])
    func whatCannotStandIsRefused(_ environment: [String: String]) {
        #expect(throws: SettingsError.self) {
            try Settings(rows: GeneralSettings.rows + ClerkSettings.rows, environment: environment)
        }
    }

    /// The example of Svix's own documentation.
    @Test func theVectorOfSvixHolds() throws {
        let signature = try #require(SvixSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let now = Instant(secondsSince1970: 1_614_265_330)
        let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        func isGenuine(_ signatures: String) -> Bool {
            signature.isGenuine(
                body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signatures: signatures, at: now)
        }
        #expect(isGenuine(good) && isGenuine("v1,AAAA \(good)") && isGenuine("v1a,x \(good)"))
        #expect(!isGenuine("") && !isGenuine("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") && !isGenuine("v1,AAAA"))
    }
}
