import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Scenarios 5 to 9 of spec section 8.
@Suite struct ResidencyTests {
    private func invite(_ world: CondoWorld, _ more: [(name: String, value: JSONValue)] = []) async throws -> TestAnswer {
        try await world.post(
            "/invites", as: world.people.admin,
            .object([(name: "unitId", value: .string("\(world.own.unit)"))] + more))
    }

    @Test func aLinkForOneAdmitsOneOfTwo() async throws {
        try await withWorld { world in
            let token = try #require(try await invite(world, [("maxUses", 1)]).data["token"]?.string)
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

    /// Who moves in, changes or leaves locks the unit before the resident and the invite, as who ends it does; and what has
    /// waited for its end finds it ended.
    @Test(arguments: ["accept", "create", "place", "moveOut", "delete"])
    func theUnitIsLockedBeforeWhoLivesThere(_ change: String) async throws {
        try await withWorld { world in
            let token = try #require(try await invite(world).data["token"]?.string)
            let waiting = UUID.v7(), resident = UUID.v7(), unit = world.own.unit
            try await world.addUser(waiting, "waiting")
            try await world.database.write([
                Command(
                    """
                    insert into condo.residents (id, user_id, condo_id) values (\(waiting), \(waiting), \(world.own.condo))
                    """),
                Command("update condo.residents set id = \(resident) where user_id = \(world.people.resident)"),
            ])
            let answer = try await world.database.transaction { _ in
                _ = try await world.database.first(
                    Statement<Int>("select 1 from condo.units where id = \(unit) for no key update"))
                let answer = Task {
                    switch change {
                    case "accept": try await world.post("/invites/accept/\(token)", as: world.people.stranger).status
                    case "create":
                        try await world.post(
                            "/residents", as: world.people.admin,
                            ["userId": .string("\(world.people.stranger)"), "unitId": .string("\(unit)")]).status
                    case "place":
                        try await world.patch(
                            "/residents/\(waiting)", as: world.people.admin, ["unitId": .string("\(unit)")]).status
                    case "moveOut":
                        try await world.post("/residents/\(resident)/move-out", as: world.people.admin, [:]).status
                    default: try await world.delete("/residents/\(resident)", as: world.people.admin).status
                    }
                }
                try await world.server.waitForLocks(1)
                // What the end of a unit does then; it would wait for ever for whoever has these and waits for the unit.
                for table in ["condo.residents", "condo.invites"] as [SQL] {
                    _ = try await world.database.all(
                        Statement<Int>("select 1 from \(table) where unit_id = \(unit) or unit_id is null for update nowait"))
                }
                try await world.database.write([
                    Command("update condo.residents set is_active = false, deleted_at = now() where unit_id = \(unit)"),
                    Command("update condo.invites set is_active = false, deleted_at = now() where unit_id = \(unit)"),
                    Command("update condo.units set deleted_at = now() where id = \(unit)"),
                ])
                return answer
            }
            #expect(try await answer.value == 404)
            #expect(
                try await world.count("select count(*) from condo.residents where unit_id = \(unit) and is_active") == 0)
            #expect(
                try await world.count(
                    """
                    select count(*) from identity.grants
                    where scope_id = \(unit) and user_id <> \(world.people.resident) and revoked_at is null
                    """) == 0)
        }
    }

    /// The change of a name locks in the same order.
    @Test func aNameIsChangedUnitsFirst() async throws {
        try await withWorld { world in
            let change = try await world.database.transaction { _ in
                _ = try await world.database.first(
                    Statement<Int>("select 1 from condo.units where id = \(world.own.unit) for no key update"))
                let change = Task {
                    try await world.patch("/users/me", as: world.people.resident, ["lastName": "New"])
                }
                try await world.server.waitForLocks(1)
                _ = try await world.database.all(
                    Statement<Int>("select 1 from condo.residents where unit_id = \(world.own.unit) for update nowait"))
                return change
            }
            #expect(try await change.value.status == 200)
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
            #expect(unit.text.contains("resident New"), "\(unit.text)")
        }
    }

    /// Nobody lives in a unit that has ended, whichever of the two is first, and neither fails.
    @Test func unitsEndWhileSomebodyMovesIn() async throws {
        try await withWorld { world in
            for number in 100..<108 {
                let unit = UUID.v7(), user = UUID.v7()
                try await world.database.execute(world.unit(unit, "\(number)", in: world.own))
                try await world.addUser(user, "guest\(number)")
                let made = try await world.post(
                    "/invites", as: world.people.admin, ["unitId": .string("\(unit)"), "role": "family_member"])
                let token = try #require(made.data["token"]?.string)
                async let end = world.delete("/units/\(unit)", as: world.people.admin)
                async let move = world.post("/invites/accept/\(token)", as: user)
                let (ended, moved) = try await (end, move)
                #expect(ended.status == 204, "\(ended.text)")
                #expect([201, 404].contains(moved.status), "\(moved.text)")
                #expect(
                    try await world.count(
                        "select count(*) from condo.residents where unit_id = \(unit) and deleted_at is null") == 0)
                #expect(
                    try await world.count(
                        "select count(*) from identity.grants where scope_id = \(unit) and revoked_at is null") == 0)
            }
        }
    }

    @Test func anInviteForAnAddressIsForItsOwner() async throws {
        try await withWorld { world in
            let made = try await invite(world, [("email", "Neighbour@example.com"), ("role", "family_member")])
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
            let token = try #require(try await invite(world, [("email", "stranger@example.com")]).data["token"]?.string)
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
            let first = try #require(try await invite(world).data["token"]?.string)
            let refused = try await invite(world)
            #expect(refused.status == 409 && refused.code == "invite_exists")
            #expect(try await invite(world, [("replace", true)]).status == 201)
            let old = try await world.post("/invites/accept/\(first)", as: world.people.stranger)
            #expect(old.status == 410 && old.code == "invite_inactive")
        }
    }

    @Test func anInviteByPhoneReplacesItsLikeAlone() async throws {
        try await withWorld { world in
            let link = try #require(try await invite(world).data["token"]?.string)
            let first = try #require(try await invite(world, [("phone", "+359888123456")]).data["token"]?.string)
            let replaced = try await invite(world, [("phone", "+359888123456"), ("replace", true)])
            #expect(replaced.status == 201, "\(replaced.text)")
            #expect(try await world.get("/invites/validate/\(link)").data["valid"]?.bool == true)
            #expect(try await world.get("/invites/validate/\(first)").data["reason"]?.string == "inactive")
        }
    }

    @Test func anInviteEnds() async throws {
        try await withWorld { world in
            let token = try #require(try await invite(world, [("ttlDays", 1)]).data["token"]?.string)
            world.server.clock.advance(by: .hours(25))
            let late = try await world.post("/invites/accept/\(token)", as: world.people.stranger)
            #expect(late.status == 410 && late.code == "invite_expired")
            // What is over is not in the way of the next.
            #expect(try await invite(world).status == 201)
            #expect(try await world.get("/invites/validate/zz").status == 422)
            let unknown = String(repeating: "0", count: 64)
            #expect(try await world.get("/invites/validate/\(unknown)").data["reason"]?.string == "not_found")
            #expect(try await world.post("/invites/accept/\(unknown)", as: world.people.stranger).status == 404)
        }
    }

    @Test func oneOwnerMadeByDirectors() async throws {
        try await withWorld { world in
            let body: (UUID) -> JSONValue = {
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\($0)"), "role": "owner"]
            }
            #expect(try await world.post("/residents", as: world.people.admin, body(world.people.stranger)).status == 403)
            #expect(try await world.post("/residents", as: world.people.director, body(world.people.stranger)).status == 201)
            let second = try await world.post("/residents", as: world.people.director, body(world.people.worker))
            #expect(second.status == 409 && second.code == "owner_exists")
            let byInvite = try await invite(world, [("role", "owner")])
            #expect(byInvite.status == 403)
            let same = try await world.post(
                "/residents", as: world.people.director,
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)")])
            #expect(same.status == 409 && same.code == "already_resident")
        }
    }

    @Test func nobodyMovesOutBeforeHeCame() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let path = "/residents/\(try #require(list.data[0]?["id"]?.string))"
            // Recorded today, and nothing known of the day on which he came.
            let early = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1999-01-01"])
            #expect(early.status == 422 && early.refusedFields == ["date"], "\(early.text)")
            let changed = try await world.patch(path, as: world.people.admin, ["moveOutDate": "1999-01-01"])
            #expect(changed.status == 422 && changed.refusedFields == ["moveOutDate"], "\(changed.text)")
            #expect(try await world.patch(path, as: world.people.admin, ["moveInDate": "1998-05-01"]).status == 200)
            let before = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1998-04-30"])
            #expect(before.status == 422 && before.refusedFields == ["date"], "\(before.text)")
            let out = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1999-01-01"])
            #expect(out.status == 200 && out.data["moveOutDate"] == "1999-01-01", "\(out.text)")
        }
    }

    /// Where he lives as in the lists: by the parts of his name that there are, else by the beginning of his e-mail.
    @Test func anAccountWithoutANameIsCalledByItsAddress() async throws {
        try await withWorld { world in
            try await world.database.execute(
                Command("update identity.users set first_name = '', last_name = '' where id = \(world.people.stranger)"))
            let made = try await world.post(
                "/residents", as: world.people.admin,
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)")])
            #expect(made.status == 201 && made.data["name"] == "stranger", "\(made.text)")
            func household() async throws -> [String] {
                let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
                return (unit.data["residents"]?.array ?? []).compactMap { $0["name"]?.string }
            }
            #expect(try await household().contains("stranger"))
            #expect(try await world.patch("/users/me", as: world.people.stranger, ["firstName": "Willi"]).status == 200)
            #expect(try await household().contains("Willi"))
            let found = try await world.get("/residents/\(made.data["id"]?.string ?? "")", as: world.people.admin)
            #expect(found.data["name"] == "Willi")
        }
    }

    @Test func whoMovesOutIsAStrangerAtOnce() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 200)
            let out = try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:])
            #expect(out.status == 200 && out.data["isActive"]?.bool == false, "\(out.text)")
            #expect(out.data["moveOutDate"]?.string != nil)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 404)
            let again = try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:])
            #expect(again.status == 409 && again.code == "already_moved_out")
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
            #expect(unit.data["status"]?.string == "vacant")
        }
    }

    @Test func whoErasesHisAccountLivesAndWorksNowhereAnyMore() async throws {
        try await withWorld { world in
            let user = world.people.resident
            let made = try await world.post(
                "/companies/\(world.own.company)/staff", as: world.people.director,
                ["userId": .string("\(user)"), "role": "worker", "position": "Plumber"])
            #expect(made.status == 201, "\(made.text)")
            try await world.database.execute(
                Command("update condo.residents set birth_date = '1980-05-05', passport_number_enc = 'x' where user_id = \(user)"))
            let gone = try await world.server.send("DELETE", "/api/v1/users/me", token: user.description, body: [:])
            #expect(gone.status == 204, "\(gone.text)")
            let outbox = Outbox(database: world.database, log: .silent)
            for _ in 0..<2 {
                _ = try await outbox.dispatch(to: world.module.eventHandlers)
                // At least once: the second time it changes nothing.
                try await world.database.execute(
                    Command("update api.outbox set dispatched_at = null where event = 'user.deleted'"))
            }
            let left = try await world.count(
                """
                select count(*) from condo.residents where user_id = \(user) and (is_active or move_out_date is null
                    or birth_date is not null or passport_number_enc is not null)
                """)
            #expect(left == 0)
            #expect(try await world.count("select count(*) from condo.staff where user_id = \(user) and is_active") == 0)
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
            #expect(unit.data["status"]?.string == "vacant")
        }
    }

    /// Neither by his id, nor by the rows that his going has ended.
    @Test func nobodyTakesInWhoIsErased() async throws {
        try await withWorld { world in
            let user = world.people.resident
            let id: JSONValue = .string("\(user)")
            let office = "/companies/\(world.own.company)/staff"
            let job: JSONValue = ["userId": id, "role": "worker", "position": "Plumber"]
            let staff = try #require(
                try await world.post(office, as: world.people.director, job).data["id"]?.string)
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let resident = try #require(list.data[0]?["id"]?.string)
            #expect(try await world.server.send("DELETE", "/api/v1/users/me", token: user.description, body: [:]).status == 204)
            // Before the product has heard of it, and after.
            for _ in 0..<2 {
                let move = try await world.post(
                    "/residents", as: world.people.director, ["unitId": .string("\(world.own.unit)"), "userId": id])
                let wait = try await world.post(
                    "/residents", as: world.people.director, ["condoId": .string("\(world.own.condo)"), "userId": id])
                let hire = try await world.post(office, as: world.people.director, job)
                for refused in [move, wait, hire] {
                    #expect(refused.status == 422 && refused.refusedFields == ["userId"], "\(refused.text)")
                }
                let back = try await world.patch("/residents/\(resident)", as: world.people.admin, ["isActive": true])
                #expect(back.status == 409 && back.code == "user_deleted", "\(back.text)")
                _ = try await Outbox(database: world.database, log: .silent).dispatch(to: world.module.eventHandlers)
            }
            let again = try await world.patch(office + "/\(staff)", as: world.people.director, ["isActive": true])
            #expect(again.status == 409 && again.code == "user_deleted", "\(again.text)")
            let grants = try await world.count(
                "select count(*) from identity.grants where user_id = \(user) and revoked_at is null")
            #expect(grants == 0)
        }
    }

    /// The erasure waits for the move, and ends it with the rest.
    @Test func whoErasesHisAccountWhileHeMovesInIsGone() async throws {
        try await withWorld { world in
            let user = world.people.stranger
            let token = try #require(try await invite(world).data["token"]?.string)
            let (move, erasure) = try await world.database.transaction { _ in
                _ = try await world.database.first(
                    Statement<Int>("select 1 from condo.units where id = \(world.own.unit) for update"))
                let move = Task { try await world.post("/invites/accept/\(token)", as: user) }
                try await world.server.waitForLocks(1)
                let erasure = Task {
                    try await world.server.send("DELETE", "/api/v1/users/me", token: user.description, body: [:])
                }
                try await world.server.waitForLocks(2)
                return (move, erasure)
            }
            #expect(try await move.value.status == 201)
            #expect(try await erasure.value.status == 204)
            _ = try await Outbox(database: world.database, log: .silent).dispatch(to: world.module.eventHandlers)
            let left = try await world.count(
                """
                select (select count(*) from condo.residents where user_id = \(user) and is_active)
                  + (select count(*) from identity.grants where user_id = \(user) and revoked_at is null)
                """)
            #expect(left == 0)
        }
    }

    /// By the account's names and address, also where somebody was added while he was being renamed.
    @Test func residentsStandInTheOrderOfTheirNames() async throws {
        try await withWorld { world in
            try await world.house(world.people.worker, in: world.own.unit)
            try await world.database.write([
                Command("update identity.users set last_name = 'Adams' where id = \(world.people.worker)"),
                Command("update identity.users set last_name = 'Brown', email = 'zoe@example.com' where id = \(world.people.resident)"),
            ])
            let added = try await world.database.transaction { _ in
                try await world.database.execute(
                    Command("update identity.users set last_name = 'Aaron' where id = \(world.people.stranger)"))
                let added = Task {
                    try await world.post(
                        "/residents", as: world.people.admin,
                        [
                            "unitId": .string("\(world.own.neighbour)"), "userId": .string("\(world.people.stranger)"),
                            "role": "tenant",
                        ])
                }
                try await world.server.waitForLocks(1)
                return added
            }
            #expect(try await added.value.status == 201)
            func order(_ sort: String) async throws -> [String] {
                let list = try await world.get("/residents?condoId=\(world.own.condo)&sort=\(sort)", as: world.people.admin)
                return list.data.array?.compactMap { $0["name"]?.string?.split(separator: " ").last.map(String.init) } ?? []
            }
            #expect(try await order("name") == ["Aaron", "Adams", "Brown", "Test"])
            #expect(try await order("-name") == ["Test", "Brown", "Adams", "Aaron"])
            #expect(try await order("-email").first == "Brown")
        }
    }

    @Test func papersAreForManagers() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "passportNumber": "4510 123456", "birthDate": "1980-05-05",
                    "person": ["firstName": "Petya", "lastName": "Ivanov", "email": "petya@example.com"],
                ])
            #expect(made.status == 201 && made.data["passportNumber"]?.string == "4510 123456", "\(made.text)")
            let id = made.data["id"]?.string ?? ""
            let accountant = try await world.get("/residents/\(id)", as: world.people.accountant)
            #expect(accountant.data["passportNumber"]?.string == "•••• 3456")
            let list = try await world.get("/residents?q=petya", as: world.people.director)
            #expect(list.data[0]?["passportNumber"]?.string == "•••• 3456")
            let stored = try await world.count(
                "select count(*) from condo.residents where position('123456'::bytea in passport_number_enc) > 0")
            #expect(stored == 0)
            let future = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "birthDate": "2999-01-01",
                    "userId": .string("\(world.people.worker)"),
                ])
            #expect(future.status == 422 && future.refusedFields == ["birthDate"])
        }
    }

    @Test func whoHasNoUnitYetIsPlacedThere() async throws {
        try await withWorld { world in
            let waiting = try await world.post(
                "/residents", as: world.people.admin,
                ["condoId": .string("\(world.own.condo)"), "userId": .string("\(world.people.stranger)")])
            #expect(waiting.status == 201 && waiting.data["unit"]?.isNull == true, "\(waiting.text)")
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 200)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 404)
            let token = try #require(try await invite(world).data["token"]?.string)
            let placed = try await world.post("/invites/accept/\(token)", as: world.people.stranger)
            #expect(placed.status == 201)
            #expect(placed.data["resident"]?["id"]?.string == waiting.data["id"]?.string)
            let mine = try await world.get("/residents/my-units", as: world.people.stranger)
            #expect(mine.data.array?.count == 1 && mine.data[0]?["unit"]?["number"]?.string == "1")
        }
    }

    @Test func myUnitsTellWhatIsDue() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let mine = try await world.get("/residents/my-units", as: world.people.resident).data[0]
            #expect(mine?["balanceDue"]?.number == 1750)
            #expect(mine?["currency"]?.string == "RUB" && mine?["metersWithoutReading"]?.int == 1)
            _ = try await world.post("/meters/\(world.own.meter)/readings", as: world.people.resident, ["value": 3])
            let after = try await world.get("/residents/my-units", as: world.people.resident).data[0]
            #expect(after?["metersWithoutReading"]?.int == 0)
        }
    }

    /// What is due in a flat is its present residents' business.
    @Test func whoHasMovedOutOwesNothingMore() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            #expect(try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:]).status == 200)
            let former = try await world.get("/residents/my-units?includeInactive=true", as: world.people.resident).data[0]
            #expect(former?["isActive"]?.bool == false && former?["balanceDue"]?.number == 0, "\(former ?? .null)")
            #expect(former?["metersWithoutReading"]?.int == 0)
        }
    }

    @Test func aResidentMovesWithinTheCondo() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            let own = try await world.get("/residents/\(id)", as: world.people.resident)
            #expect(own.status == 200)
            #expect(try await world.get("/residents/\(id)", as: world.people.neighbour).status == 404)
            let moved = try await world.patch(
                "/residents/\(id)", as: world.people.admin, ["unitId": .string("\(world.own.neighbour)")])
            #expect(moved.status == 200 && moved.data["unit"]?["number"]?.string == "2", "\(moved.text)")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 404)
            #expect(try await world.get("/units/\(world.own.neighbour)", as: world.people.resident).status == 200)
            let elsewhere = try await world.patch(
                "/residents/\(id)", as: world.people.root, ["unitId": .string("\(world.other.unit)")])
            #expect(elsewhere.status == 422 && elsewhere.refusedFields == ["unitId"])
            #expect(try await world.patch("/residents/\(id)", as: world.people.admin, ["role": "owner"]).status == 403)
            #expect(try await world.delete("/residents/\(id)", as: world.people.admin).status == 204)
            #expect(try await world.get("/units/\(world.own.neighbour)", as: world.people.resident).status == 404)
        }
    }

    /// Who comes back has a row of his own; what is done to the row of his first stay does not touch the second.
    @Test func anOldStayDoesNotEndTheNewOne() async throws {
        try await withWorld { world in
            let unit: JSONValue = .string("\(world.own.unit)")
            let condo: JSONValue = .string("\(world.own.condo)")
            let user: JSONValue = .string("\(world.people.stranger)")
            func stay(_ place: (name: String, value: JSONValue)) async throws -> String {
                let made = try await world.post(
                    "/residents", as: world.people.admin, .object([place, (name: "userId", value: user)]))
                return try #require(made.data["id"]?.string, "\(made.text)")
            }
            func leave(_ id: String) async throws {
                #expect(try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:]).status == 200)
            }
            let first = try await stay((name: "unitId", value: unit))
            try await leave(first)
            let second = try await stay((name: "unitId", value: unit))
            let edited = try await world.patch("/residents/\(first)", as: world.people.admin, ["birthDate": "1980-05-05"])
            #expect(edited.status == 200, "\(edited.text)")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 200)
            #expect(try await world.delete("/residents/\(first)", as: world.people.admin).status == 204)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 200)
            try await leave(second)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 404)

            let waited = try await stay((name: "condoId", value: condo))
            try await leave(waited)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 404)
            let waits = try await stay((name: "condoId", value: condo))
            #expect(try await world.delete("/residents/\(waited)", as: world.people.admin).status == 204)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 200)
            #expect(try await world.delete("/residents/\(waits)", as: world.people.admin).status == 204)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 404)
        }
    }

    /// Making an owner is the director's, by whichever member of the row it is done.
    @Test func onlyDirectorsMakeOwnersByAChange() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)"),
                    "role": "owner",
                ])
            let path = "/residents/\(made.data["id"]?.string ?? "")"
            let elsewhere: JSONValue = ["unitId": .string("\(world.own.neighbour)")]
            #expect(try await world.patch(path, as: world.people.admin, elsewhere).status == 403)
            let plain = try await world.patch(path, as: world.people.admin, ["birthDate": "1980-05-05", "role": "owner"])
            #expect(plain.status == 200, "\(plain.text)")
            #expect(try await world.patch(path, as: world.people.admin, ["isActive": false]).status == 200)
            #expect(try await world.patch(path, as: world.people.admin, ["isActive": true]).status == 403)
            #expect(try await world.patch(path, as: world.people.director, ["isActive": true]).status == 200)
            #expect(try await world.patch(path, as: world.people.director, elsewhere).status == 200)
        }
    }

    @Test func managersCloseInvites() async throws {
        try await withWorld { world in
            let id = try #require(try await invite(world).data["id"]?.string)
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
