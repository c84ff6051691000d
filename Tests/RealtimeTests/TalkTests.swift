import JSON
import Postgres
import Service
import Support
import Testing

@testable import Realtime

/// Products' own conversations over the rooms.
@Suite struct TalkTests {
    @Test func whatRoomsAreToldComesInTheProductsWords() async throws {
        try await withHall { hall in
            let socket = try await TestSocket.connect(hall.server, "/parrot")
            socket.send("hello you")
            #expect(try await socket.text() == "hello you")
            socket.send("enter parrots:1")
            #expect(try await socket.text() == "in 1 true")
            try await hall.tell("parrots:1", 7)
            try await hall.tell("parrots:2", 8)
            #expect(try await socket.text() == #"parrots:1 told {"n":7}"#)
            socket.send("leave parrots:1")
            #expect(try await socket.text() == "in 0 false")
            try await hall.tell("parrots:1", 9)
            socket.send("bye")
            #expect(try await socket.next() == .close(4408))
        }
    }

    /// Told to those in the rooms, in one notification or by way of the table, and kept for nobody where it fits into one.
    @Test func whatPassesIsToldAndNotKept() async throws {
        try await withHall { hall in
            let socket = try await TestSocket.connect(hall.server, "/parrot")
            for room in 1...2 {
                socket.send("enter parrots:\(room)")
                #expect(try await socket.text() == "in \(room) true")
            }
            try await hall.pass("a", to: ["parrots:1", "parrots:3", "parrots:2"])
            #expect(try await socket.text() == #"parrots:1 passed {"t":"a"}"#)
            #expect(try await socket.text() == #"parrots:2 passed {"t":"a"}"#)
            let kept = Statement<Int>("select count(*) from realtime.events")
            #expect(try await hall.server.database.one(kept) == 0)
            let long = String(repeating: "я", count: 4000)
            try await hall.pass(long, to: ["parrots:2"])
            #expect(try await socket.text() == #"parrots:2 passed {"t":"\#(long)"}"#)
            #expect(try await hall.server.database.one(kept) == 1)
        }
    }

    /// What was said while nobody listened is gone: whoever is in a room reads anew.
    @Test func whoeverMayHaveMissedSomethingHearsOfIt() async throws {
        try await withHall { hall in
            let socket = try await TestSocket.connect(hall.server, "/parrot")
            socket.send("enter parrots:1")
            #expect(try await socket.text() == "in 1 true")
            let ended = Statement<Int>(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where datname = current_database() and query ilike 'listen%'
                """)
            #expect(try await hall.server.database.one(ended) > 0)
            #expect(try await socket.text() == "missed parrots:1")
            try await hall.pass("a", to: ["parrots:1"])
            #expect(try await socket.text() == #"parrots:1 passed {"t":"a"}"#)
        }
    }

    /// The product's rooms are its own: nobody enters them by the platform's socket.
    @Test func itsRoomsAreClosedToOthers() async throws {
        try await withHall { hall in
            let socket = try await hall.signedIn()
            socket.send(#"{"type":"subscribe","room":"parrots:1"}"#)
            #expect(try await socket.json("error")["code"] == "room_refused")
        }
    }

    @Test func itsBoundsHold() async throws {
        try await withHall { hall in
            let long = try await TestSocket.connect(hall.server, "/parrot")
            long.send(String(repeating: "x", count: 65))
            #expect(try await long.next() == .close(1009))
            let slow = try await TestSocket.connect(hall.server, "/parrot")
            slow.send("shout")
            var heard = 0
            while true {
                let next = try await slow.next()
                if next == .text("!") { heard += 1 } else {
                    #expect(next == .close(1013))
                    break
                }
            }
            #expect(heard == 256)
        }
    }

    @Test func onlyPagesThatMayOpenIt() async throws {
        try await withHall(policy: Policy(rateLimit: nil, corsOrigins: ["https://app.example"])) { hall in
            await #expect(throws: TestSocket.Refused.self) {
                _ = try await TestSocket.connect(hall.server, "/parrot", fields: "Origin: https://evil.example\r\n")
            }
            _ = try await TestSocket.connect(hall.server, "/parrot", fields: "Origin: https://app.example\r\n")
            #expect(try await hall.server.send("GET", "/parrot").status == 426)
        }
    }
}
