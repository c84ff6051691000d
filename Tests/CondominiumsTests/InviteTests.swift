import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Links and addresses that let somebody in: scenarios 5 and 6 of spec section 8.
@Suite struct InviteTests {
    @Test func aLinkForOneAdmitsOneOfTwo() async throws {
        try await withWorld { world in
            let token = try #require(try await world.invite([("maxUses", 1)]).data["token"]?.string)
            let second = UUID.v7()
            try await world.addUser(second, "second")
            async let one = world.post("/invites/accept/\(token)", as: world.people.stranger)
            async let two = world.post("/invites/accept/\(token)", as: second)
            let answers = try await [one, two]
            #expect(answers.map(\.status).sorted() == [201, 410], "\(answers.map(\.text))")
            #expect(answers.contains { $0.code == "invite_used_up" })
            let residents = try await world.count(
                "select count(*) from condo.residents where user_id = any(\([world.people.stranger, second])) and is_active")
            let grants = try await world.count(
                "select count(*) from identity.grants where user_id = any(\([world.people.stranger, second]))")
            #expect(residents == 1 && grants == 1)
            let check = try await world.get("/invites/validate/\(token)")
            #expect(check.status == 200 && check.data["valid"]?.bool == false)
            #expect(check.data["reason"]?.string == "used_up")
        }
    }

    @Test func anInviteForAnAddressIsForItsOwner() async throws {
        try await withWorld { world in
            let made = try await world.invite([("email", "Neighbour@example.com"), ("role", "family_member")])
            let token = try #require(made.data["token"]?.string)
            #expect(world.letters.invites.map(\.email) == ["neighbour@example.com"])
            #expect(made.data["url"]?.string == "https://t.me/condo_bot?start=\(token)")
            let wrong = try await world.post("/invites/accept/\(token)", as: world.people.stranger)
            #expect(wrong.status == 403 && wrong.code == "invite_email_mismatch")
            let check = try await world.get("/invites/validate/\(token)")
            #expect(check.data["valid"]?.bool == true)
            #expect(check.data["invite"]?["condoName"]?.string == "Condo X")
            #expect(!check.text.contains("neighbour@") && !check.text.contains(token))
            let right = try await world.post("/invites/accept/\(token)", as: world.people.neighbour)
            #expect(right.status == 201 && right.data["resident"]?["role"]?.string == "family_member", "\(right.text)")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.neighbour).status == 200)
        }
    }

    /// Whoever registers with another's address does not get his invitation.
    @Test func anInviteForAnAddressWaitsUntilTheAddressIsConfirmed() async throws {
        try await withWorld { world in
            let token = try #require(try await world.invite([("email", "stranger@example.com")]).data["token"]?.string)
            let user = world.people.stranger
            try await world.database.execute(
                Command("update identity.users set email_verified_at = null where id = \(user)"))
            let early = try await world.post("/invites/accept/\(token)", as: user)
            #expect(early.status == 403 && early.code == "email_unconfirmed")
            try await world.database.execute(
                Command("update identity.users set email_verified_at = now() where id = \(user)"))
            #expect(try await world.post("/invites/accept/\(token)", as: user).status == 201)
        }
    }

    @Test func oneOpenLinkPerUnit() async throws {
        try await withWorld { world in
            let first = try #require(try await world.invite().data["token"]?.string)
            let refused = try await world.invite()
            #expect(refused.status == 409 && refused.code == "invite_exists")
            #expect(try await world.invite([("replace", true)]).status == 201)
            let old = try await world.post("/invites/accept/\(first)", as: world.people.stranger)
            #expect(old.status == 410 && old.code == "invite_inactive")
        }
    }

    @Test func anInviteByPhoneReplacesItsLikeAlone() async throws {
        try await withWorld { world in
            let link = try #require(try await world.invite().data["token"]?.string)
            let first = try #require(try await world.invite([("phone", "+359888123456")]).data["token"]?.string)
            let replaced = try await world.invite([("phone", "+359888123456"), ("replace", true)])
            #expect(replaced.status == 201, "\(replaced.text)")
            #expect(try await world.get("/invites/validate/\(link)").data["valid"]?.bool == true)
            #expect(try await world.get("/invites/validate/\(first)").data["reason"]?.string == "inactive")
        }
    }

    @Test func anInviteEnds() async throws {
        try await withWorld { world in
            let token = try #require(try await world.invite([("ttlDays", 1)]).data["token"]?.string)
            world.server.clock.advance(by: .hours(25))
            let late = try await world.post("/invites/accept/\(token)", as: world.people.stranger)
            #expect(late.status == 410 && late.code == "invite_expired")
            // What is over is not in the way of the next.
            #expect(try await world.invite().status == 201)
            #expect(try await world.get("/invites/validate/zz").status == 422)
            let unknown = String(repeating: "0", count: 64)
            #expect(try await world.get("/invites/validate/\(unknown)").data["reason"]?.string == "not_found")
            #expect(try await world.post("/invites/accept/\(unknown)", as: world.people.stranger).status == 404)
        }
    }

    @Test func managersCloseInvites() async throws {
        try await withWorld { world in
            let id = try #require(try await world.invite().data["id"]?.string)
            let path = "/invites/\(id)"
            #expect(try await world.get(path, as: world.people.otherDirector).status == 404)
            #expect(try await world.get(path, as: world.people.resident).status == 403)
            let seen = try await world.get(path, as: world.people.director)
            #expect(seen.status == 200 && seen.data["token"]?.string?.count == 64)
            let closed = try await world.post(path + "/deactivate", as: world.people.admin)
            #expect(closed.status == 200 && closed.data["isActive"]?.bool == false)
            let live = try await world.get("/invites/unit/\(world.own.unit)", as: world.people.admin)
            #expect(live.data.array?.isEmpty == true)
            let all = try await world.get("/invites/unit/\(world.own.unit)?includeExpired=true", as: world.people.admin)
            #expect(all.data.array?.count == 1)
            #expect(try await world.delete(path, as: world.people.admin).status == 204)
            #expect(try await world.get(path, as: world.people.admin).status == 404)
        }
    }
}
