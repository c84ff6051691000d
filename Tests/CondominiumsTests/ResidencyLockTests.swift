import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Moving in and out while units end and names change: everybody locks in one order.
@Suite struct ResidencyLockTests {
    /// Who moves in, changes or leaves locks the unit before the resident and the invite, as who ends it does; and what has
    /// waited for its end finds it ended.
    @Test(arguments: ["accept", "create", "place", "moveOut", "delete"])
    func theUnitIsLockedBeforeWhoLivesThere(_ change: String) async throws {
        try await withWorld { world in
            let token = try #require(try await world.invite().data["token"]?.string)
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
}
