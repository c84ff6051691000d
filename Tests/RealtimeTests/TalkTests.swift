import JSON
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
