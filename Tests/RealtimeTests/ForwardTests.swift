import JSON
import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Realtime

@Suite struct ForwardTests {
    /// What was left in the outbox is told to whom it concerns, once, and to nobody where it concerns nobody.
    @Test func eventsOfTheOutboxReachTheirRooms() async throws {
        try await withDatabase { database in
            let rooms = RoomEvents(database: database), outbox = Outbox(database: database, log: .silent)
            let forward = RoomForward("thing:updated", on: ["thing.made"]) { $0["owner"]?.string.map { "user:\($0)" } }
            let id = UUID("00000000-0000-7000-8000-000000000001")!
            for data in [["owner": "ann", "size": 3], ["size": 4]] as [JSONValue] {
                try await outbox.publish(Event("thing.made", "thing", id, data: JSONText(encoding: data)))
            }
            try await outbox.publish(Event("thing.lost", "thing", id, data: JSONText(encoding: ["owner": "ann"] as JSONValue)))
            #expect(try await outbox.dispatch(to: [forward.handler(rooms)]) == 3)
            let told = try await database.all(Statement<String>("select room || ' ' || event || ' ' || data from realtime.events"))
            #expect(told == ["user:ann thing:updated {\"event\":\"thing.made\",\"id\":\"\(id)\",\"size\":3,\"owner\":\"ann\"}"])
        }
    }

    /// However many instances there are, within a few seconds.
    @Test func theQueuesAreToldOnce() async throws {
        try await withDatabase { database in
            try await database.execute(Command("insert into jobs.queues (name, concurrency, keep) values ('mails', 3, '{}') on conflict do nothing"))
            for _ in 0..<2 {
                await QueueBroadcast(database: database, rooms: RoomEvents(database: database), log: .silent).tell()
            }
            let told = try await database.all(
                Statement<String>("select event || ' ' || (data->'queues'->0->>'queue') || ' ' || (data->'queues'->0->>'waiting') from realtime.events"))
            #expect(told == ["queue:stats mails 0"])
        }
    }

    @Test func anEventIsNoPlaceForEverything() async throws {
        try await withDatabase { database in
            let rooms = RoomEvents(database: database)
            await #expect(throws: RoomEvents.TooLarge.self) {
                try await rooms.emit("x", to: "square:1", String(repeating: "a", count: RoomEvents.largest))
            }
            // As large as a notification's payload may never be.
            try await rooms.emit("x", to: "square:1", String(repeating: "a", count: 100_000))
            #expect(try await database.one(Statement<Int>("select length(data::text) from realtime.events")) == 100_002)
        }
    }
}
