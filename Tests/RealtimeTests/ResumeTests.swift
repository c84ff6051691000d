import JSON
import Postgres
import Support
import Testing

@testable import Realtime

/// Coming back after a cut: exactly what was missed, in its order, once; or the word to read anew.
@Suite struct ResumeTests {
    @Test func whoComesBackHearsExactlyWhatHeMissed() async throws {
        try await withHall { hall in
            var socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            // From a room of which nothing was ever told, and from one in the middle.
            var seq = try #require(try await socket.json("subscribed")["seq"]?.int)
            var number = 0
            for round in 0..<3 {
                socket = try await hall.signedIn("bob")
                for _ in 0..<5 {
                    number += 1
                    try await hall.tell("square:1", number)
                }
                socket.send(#"{"type":"resume","room":"square:1","seq":\#(seq)}"#)
                #expect(try await socket.json()["type"] == "subscribed")
                try await hall.tell("square:1", number + 1)
                for expected in (number - 4)...(number + 1) {
                    let event = try await socket.json("event")
                    #expect(event["data"]?["n"]?.int == expected, "round \(round)")
                    seq = try #require(event["seq"]?.int)
                }
                number += 1
            }
        }
    }

    @Test func whoeverMissedTooMuchReadsAnew() async throws {
        try await withHall { hall in
            try await hall.tell("square:1", 0)
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            let seq = try #require(try await socket.json("subscribed")["seq"]?.int)
            socket.send(#"{"type":"unsubscribe","room":"square:1"}"#)
            _ = try await socket.json("unsubscribed")
            try await hall.server.database.transaction { _ in
                for number in 1...201 { try await hall.tell("square:1", number) }
            }
            #expect(try await hall.server.database.one(Statement<Int>("select count(*) from realtime.events")) == 200)
            socket.send(#"{"type":"resume","room":"square:1","seq":\#(seq)}"#)
            let answer = try await socket.json()
            #expect(answer["code"] == "resync" && answer["seq"]?.int == seq + 201)
            // It is in the room all the same.
            try await hall.tell("square:1", 500)
            #expect(try await socket.json("event")["data"]?["n"]?.int == 500)
            socket.send(#"{"type":"resume","room":"square:1","seq":\#(seq + 2)}"#)
            for number in 3...201 { #expect(try await socket.json("event")["data"]?["n"]?.int == number) }
        }
    }

    @Test func oldEventsAreNotKept() async throws {
        try await withHall { hall in
            try await hall.tell("square:1", 1)
            let database = hall.server.database
            try await database.execute(Command("update realtime.events set at = at - interval '11 minutes'"))
            let socket = try await hall.signedIn()
            let first = try await database.one(Statement<Int>("select first from realtime.rooms where room = 'square:1'"))
            socket.send(#"{"type":"resume","room":"square:1","seq":\#(first - 1)}"#)
            #expect(try await socket.json()["code"] == "resync")
            try await database.execute(RealtimeQueries.purgeEvents())
            #expect(try await database.one(Statement<Int>("select count(*) from realtime.events")) == 0)
            try await database.execute(Command("update realtime.rooms set at = at - interval '2 days'"))
            #expect(try await database.execute(RealtimeQueries.purgeRooms()) == 1)
        }
    }

    /// What is read from the database may be ahead of what the process has been notified of.
    @Test func whatTheReadingSawIsNotToldAgainByTheNotification() async throws {
        try await withHall { hall in
            try await hall.tell("square:1", 1)
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            let seq = try #require(try await socket.json("subscribed")["seq"]?.int)
            let database = hall.server.database
            // Committed, and the notification still on its way.
            try await database.execute(
                Command(
                    """
                    with head as (update realtime.rooms set seq = seq + 1 where room = 'square:1' returning room, seq)
                    insert into realtime.events (room, seq, event, data, at)
                    select room, seq, 'told', '{"n":2}', clock_timestamp() from head
                    """))
            socket.send(#"{"type":"resume","room":"square:1","seq":\#(seq)}"#)
            // A look at the table in between may have told it first.
            let told = [try await socket.json(), try await socket.json()]
            #expect(Set(told.compactMap { $0["type"]?.string }) == ["subscribed", "event"], "\(told)")
            #expect(told.contains { $0["data"]?["n"]?.int == 2 })
            _ = try await database.one(Statement<Int>("select count(pg_notify('realtime', 'square:1'))"))
            // Entering anew does not forget it either.
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            #expect(try await socket.json()["seq"]?.int == seq + 1)
            try await hall.tell("square:1", 3)
            let next = try await socket.json("event")
            #expect(next["data"]?["n"]?.int == 3 && next["seq"]?.int == seq + 2)
        }
    }

    /// Whoever is cut again and again while others go on telling.
    @Test func cutsWhileOthersGoOn() async throws {
        try await withHall(limits: { $0.socketsPerUser = 1000 }) { hall in
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            let start = try #require(try await socket.json("subscribed")["seq"]?.int)
            async let written: Void = withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<3 {
                    group.addTask { for round in 0..<40 { try await hall.tell("square:1", writer * 100 + round) } }
                }
                try await group.waitForAll()
            }
            var heard: Set<Int> = [], last = start
            while heard.count < 120 {
                let again = try await hall.signedIn(heard.count % 2 == 0 ? "ann" : "bob")
                again.send(#"{"type":"resume","room":"square:1","seq":\#(last)}"#)
                #expect(try await again.json()["type"] == "subscribed")
                for _ in 0..<min(9, 120 - heard.count) {
                    let event = try await again.json()
                    let (seq, number) = (try #require(event["seq"]?.int), try #require(event["data"]?["n"]?.int))
                    #expect(event["type"] == "event" && (last == start ? seq > last : seq == last + 1))
                    #expect(heard.insert(number).inserted, "\(number) twice")
                    last = seq
                }
            }
            try await written
        }
    }

    /// Loop 1 first, then the hub's own, which is answered within the call.
    @Test func everyLoopEntersARoomThatAnotherHasOpened() async throws {
        try await withHall(limits: { $0.socketsPerUser = 1000 }) { hall in
            for order in [[1, 0], [0, 1]] {
                let room = "square:\(order[0])"
                var sockets: [TestSocket] = []
                for index in order {
                    let socket = try await hall.signedIn(on: index)
                    socket.send(#"{"type":"subscribe","room":"\#(room)"}"#)
                    #expect(try await socket.json()["type"] == "subscribed")
                    sockets.append(socket)
                }
                try await hall.tell(room, 1)
                for socket in sockets { #expect(try await socket.json("event")["data"]?["n"]?.int == 1) }
            }
        }
    }
}
