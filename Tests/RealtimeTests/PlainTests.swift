import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Realtime

/// `/ws`, by its own bytes.
@Suite struct PlainTests {
    @Test func whoeverSaysNothingIsAGuest() async throws {
        try await withHall(limits: { $0.authTime = .milliseconds(20) }) { hall in
            let socket = try await TestSocket.plain(hall.server)
            #expect(try await socket.json()["userId"]?.isNull == true)
            socket.send(#"{"type":"ping"}"#)
            #expect(try await socket.json()["type"] == "pong")
        }
    }

    @Test func whatIsCommittedIsToldOnceInItsOrder() async throws {
        try await withHall { hall in
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"square:1"}"#)
            let start = try #require(try await socket.json("subscribed")["seq"]?.int)
            // What is rolled back is nobody's business, as a whole or to a savepoint.
            struct Undone: Error {}
            _ = try? await hall.server.database.transaction { _ in
                try await hall.tell("square:1", 99)
                throw Undone()
            }
            try await hall.server.database.transaction { _ in
                try await hall.tell("square:1", 1)
                _ = try? await hall.server.database.transaction { _ in
                    try await hall.tell("square:1", 98)
                    throw Undone()
                }
                try await hall.tell("square:1", 2)
            }
            for number in 3...20 { try await hall.tell("square:1", number) }
            var last = start
            for number in 1...20 {
                let event = try await socket.json("event")
                #expect(event["data"]?["n"]?.int == number && event["room"] == "square:1" && event["event"] == "told")
                let seq = try #require(event["seq"]?.int)
                #expect(number == 1 ? seq > last : seq == last + 1)
                last = seq
            }
        }
    }

    /// Many writers at once: every socket hears the same, by number, without a gap.
    @Test func writersAtOnceAreToldInTheOrderOfCommits() async throws {
        try await withHall { hall in
            let first = try await hall.signedIn(), second = try await hall.signedIn("bob")
            for socket in [first, second] {
                socket.send(#"{"type":"subscribe","room":"square:1"}"#)
                _ = try await socket.json("subscribed")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for round in 0..<10 { try await hall.tell("square:1", writer * 100 + round) }
                    }
                }
                try await group.waitForAll()
            }
            var heard: [[String]] = []
            for socket in [first, second] {
                var list: [String] = [], last = 0
                for index in 0..<80 {
                    let event = try await socket.json("event")
                    let seq = try #require(event["seq"]?.int)
                    #expect(index == 0 || seq == last + 1)
                    last = seq
                    list.append("\(seq) \(event["data"]?["n"]?.int ?? -1)")
                }
                heard.append(list)
            }
            #expect(heard[0] == heard[1] && Set(heard[0]).count == 80)
        }
    }

    /// Another process on the same database.
    @Test func everyInstanceTells() async throws {
        try await withHall { hall in
            let other = RealtimeModule(
                database: hall.server.database, authenticator: hall.people, locks: ScopeLocks(), kinds: Hall.kinds,
                policy: Policy(), loops: TestLoops.group, log: .silent)
            try await other.start()
            let socket = try await hall.signedIn()
            try await RoomEvents(database: hall.server.database).emit("told", to: "user:\(People.ann)", ["n": 7] as JSONValue)
            #expect(try await socket.json("event")["data"]?["n"]?.int == 7)
            await other.stop()
        }
    }

    @Test func roomsAreForThoseWhoMayEnter() async throws {
        try await withHall { hall in
            for (token, room) in [("bob", "user:\(People.ann)"), ("bob", "hall"), ("ann", "hall:1"), ("ann", "square:closed"), ("ann", "none:1"), ("ann", "square:")] {
                let socket = try await hall.signedIn(token)
                socket.send(#"{"type":"subscribe","room":"\#(room)"}"#)
                let error = try await socket.json()
                #expect(error["code"] == "room_refused" && error["room"]?.string == room)
                #expect(try await socket.next() == .close(4403))
            }
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"hall"}"#)
            #expect(try await socket.json()["type"] == "subscribed")
            // A right that has ended ends the room, and nothing of it is heard any more.
            hall.people.setKeeper("ann", false)
            hall.realtime.recheck { $0.userID == People.ann }
            #expect(try await socket.json()["code"] == "room_refused")
            try await hall.tell("hall", 1)
            try await hall.tell("user:\(People.ann)", 2)
            #expect(try await socket.json("event")["data"]?["n"]?.int == 2)
        }
    }

    @Test func credentialsEnd() async throws {
        try await withHall(limits: { $0.recheck = .milliseconds(30) }) { hall in
            let bad = try await TestSocket.plain(hall.server)
            bad.send(#"{"type":"auth","token":"nobody"}"#)
            #expect(try await bad.next() == .close(4401))
            // Told at once,
            let told = try await hall.signedIn("bob")
            hall.people.revoke("bob")
            hall.realtime.recheck { $0.userID == People.bob }
            #expect(try await told.next() == .close(4401))
            // and found out after a while by who was not told.
            let found = try await hall.signedIn("ann")
            hall.people.revoke("ann")
            #expect(try await found.next() == .close(4401))
        }
    }

    @Test func nobodyHasTooMuch() async throws {
        try await withHall(limits: { $0.socketsPerUser = 2; $0.events = 5; $0.roomsPerSocket = 2 }) { hall in
            let first = try await hall.signedIn(), second = try await hall.signedIn()
            let third = try await TestSocket.plain(hall.server)
            third.send(#"{"type":"auth","token":"ann"}"#)
            #expect(try await third.next() == .close(4429))
            // Its own room is one of two.
            for room in ["square:1", "square:2"] { first.send(#"{"type":"subscribe","room":"\#(room)"}"#) }
            #expect(try await first.json()["type"] == "subscribed")
            #expect(try await first.json()["code"] == "too_many_rooms")
            for _ in 0..<6 { second.send(#"{"type":"ping"}"#) }
            var end = try await second.next()
            while case .text = end { end = try await second.next() }
            #expect(end == .close(4429))
        }
    }

    @Test(arguments: ["", "[]", "{}", #"{"type":"x"}"#, #"{"type":"subscribe"}"#, #"{"type":"resume","room":"square:1"}"#, #"{"type":"auth"}"#])
    func whatIsNoMessage(_ text: String) async throws {
        try await withHall { hall in
            let socket = try await hall.signedIn()
            socket.send(text)
            #expect(try await socket.json()["code"] == "malformed")
        }
    }

    @Test func aStopTellsToComeAgain() async throws {
        try await withHall { hall in
            let socket = try await hall.signedIn()
            async let stopped: Void = hall.realtime.stop(grace: .seconds(20))
            #expect(try await socket.next() == .close(1001))
            await stopped
        }
    }
}
