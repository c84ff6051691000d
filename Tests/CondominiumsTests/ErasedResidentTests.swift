import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Whoever has his account erased lives nowhere any more, whatever happens meanwhile.
@Suite struct ErasedResidentTests {
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
            let token = try #require(try await world.invite().data["token"]?.string)
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
}
