import JSON
import Service
import Support
import Testing

@testable import Realtime

/// Socket.IO as the official clients speak it, by its own bytes.
@Suite struct SocketIOTests {
    private static let path = "/socket.io/?EIO=4&transport=polling"

    private static func open(_ hall: Hall) async throws -> (socket: TestSocket, sid: String) {
        let socket = try await TestSocket.connect(hall.server, "/socket.io/?EIO=4&transport=websocket")
        let text = try await socket.text()
        #expect(text.hasPrefix(#"0{"sid":""#) && text.hasSuffix(#","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#))
        let open = try JSONValue.decode(json: Array(text.utf8.dropFirst()))
        return (socket, try #require(open["sid"]?.string))
    }

    @Test func namespacesGuestsAndTheSignedIn() async throws {
        try await withHall { hall in
            let (socket, _) = try await Self.open(hall)
            socket.send("40")
            #expect(try await socket.text().hasPrefix(#"40{"sid":""#))
            socket.send(#"40/realtime,{"token":"ann"}"#)
            #expect(try await socket.text().hasPrefix(#"40/realtime,{"sid":""#))
            socket.send("40/other,")
            #expect(try await socket.text() == #"44/other,{"message":"Invalid namespace"}"#)
            // Once in the namespace that is signed in, and not in the guest's.
            try await hall.tell("user:\(People.ann)", 1)
            #expect(try await socket.text() == #"42/realtime,["told",{"n":1}]"#)
            // The guest signs in there too.
            socket.send(#"427["auth",{"token":"ann"}]"#)
            #expect(try await socket.text() == #"437[{"userId":"\#(People.ann)"}]"#)
            try await hall.tell("user:\(People.ann)", 2)
            let both = [try await socket.text(), try await socket.text()]
            #expect(Set(both) == [#"42/realtime,["told",{"n":2}]"#, #"42["told",{"n":2}]"#])
            socket.send("41/realtime,")
            socket.send(#"421["ping"]"#)
            #expect(try await socket.text().hasPrefix(#"431[{"timestamp":"#))
            #expect(try await socket.text().hasPrefix(#"42["pong",{"timestamp":"#))
        }
    }

    @Test func aBadTokenLeavesAGuest() async throws {
        try await withHall { hall in
            let (socket, _) = try await Self.open(hall)
            socket.send(#"40/realtime,{"token":"nobody"}"#)
            #expect(try await socket.text().hasPrefix("40/realtime,"))
            #expect(try await socket.text() == #"42/realtime,["auth:error",{"message":"The token is not valid or has expired"}]"#)
            socket.send(#"42/realtime,["subscribe","user:\#(People.ann)"]"#)
            #expect(try await socket.text().hasPrefix(#"42/realtime,["exception",{"status":"error""#))
            socket.send(#"42/realtime,3["subscribe",{"room":"square:1"}]"#)
            #expect(try await socket.text() == #"43/realtime,3[{"room":"square:1"}]"#)
            #expect(try await socket.text() == #"42/realtime,["subscribed",{"room":"square:1"}]"#)
            try await hall.tell("square:1", 5)
            #expect(try await socket.text() == #"42/realtime,["told",{"n":5}]"#)
        }
    }

    /// The session is gone before anybody can tell who its client is.
    @Test func anAnswerThatComesAfterTheEnd() async throws {
        try await withHall { hall in
            for text in ["41", "1"] {
                let (socket, _) = try await Self.open(hall)
                socket.send(#"40{"token":"slow"}"#)
                while hall.people.waiting == 0 { await Task.yield() }
                socket.send(text)
                while hall.realtime.counters.guests.read() > 0 { await Task.yield() }
                hall.people.release()
            }
            let (socket, _) = try await Self.open(hall)
            socket.send("40")
            #expect(try await socket.text().hasPrefix("40{"))
        }
    }

    /// What modules let clients say: rooms are entered by the same right, refusals are told both ways.
    @Test func whatModulesLetClientsSay() async throws {
        try await withHall(limits: { $0.roomsPerSocket = 1 }) { hall in
            let (socket, _) = try await Self.open(hall)
            socket.send("40")
            _ = try await socket.text()
            func refused(_ message: String) async throws {
                #expect(try await socket.text() == #"43\#(number)[{"error":"\#(message)"}]"#)
                #expect(try await socket.text() == #"42["exception",{"status":"error","message":"\#(message)"}]"#)
            }
            var number = 1
            for (said, message) in [
                (#"["hall:join"]"#, "A number is required"), (#"["hall:join","closed"]"#, "You do not have access to this room"),
                (#"["hall:burn"]"#, "The service is not available at the moment"), (#"["hall:dance"]"#, "Unknown event"),
            ] {
                number += 1
                socket.send("42\(number)\(said)")
                try await refused(message)
            }
            socket.send(#"42["hall:join","7"]"#)
            #expect(try await socket.text() == #"42["hall:joined",{"square":"7","guest":true}]"#)
            number = 9
            socket.send(#"429["hall:join","8"]"#)
            try await refused("Too many rooms")
            try await hall.tell("square:7", 1)
            #expect(try await socket.text() == #"42["told",{"n":1}]"#)
            socket.send(#"425["hall:leave","7"]"#)
            #expect(try await socket.text() == "435[null]")
            try await hall.tell("square:7", 2)
            socket.send(#"426["hall:join","8"]"#)
            #expect(try await socket.text() == #"436[{"square":"8","guest":true}]"#)
        }
    }

    /// The sockets of one user in the whole process, whichever way they come.
    @Test func whoHasTooManySocketsIsToldSo() async throws {
        try await withHall(limits: { $0.socketsPerUser = 2 }) { hall in
            let plain = try await hall.signedIn()
            let (first, _) = try await Self.open(hall)
            first.send(#"40/realtime,{"token":"ann"}"#)
            #expect(try await first.text().hasPrefix("40/realtime,{"))
            first.send(#"40{"token":"ann"}"#)
            #expect(try await first.text() == #"44{"message":"Too many sockets of one user"}"#)
            let (second, _) = try await Self.open(hall)
            second.send("40")
            _ = try await second.text()
            second.send(#"421["auth",{"token":"ann"}]"#)
            #expect(try await second.text() == #"431[{"error":"Too many sockets of one user"}]"#)
            // It stays, as a guest; and a place is free for another as soon as its loop has let it go.
            _ = try await second.text()
            plain.send("", kind: 8)
            #expect(try await plain.next() == .close(1005))
            var answer = ""
            for turn in 2..<500 where !answer.contains("userId") {
                if turn > 2 { _ = try await second.text() }
                second.send(#"42\#(turn)["auth",{"token":"ann"}]"#)
                answer = try await second.text()
            }
            #expect(answer.hasSuffix(#"[{"userId":"\#(People.ann)"}]"#))
        }
    }

    @Test func eventsWithAttachmentsAreWhole() async throws {
        try await withHall { hall in
            let (socket, _) = try await Self.open(hall)
            socket.send("40")
            _ = try await socket.text()
            socket.send(#"452-9["ping",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
            socket.frame([1, 2, 3], 2)
            socket.frame([4], 2)
            #expect(try await socket.text().hasPrefix("439[{\"timestamp\""))
            _ = try await socket.text()
            // A packet between the parts ends the session.
            socket.send(#"451-["ping",{"_placeholder":true,"num":0}]"#)
            socket.send(#"42["ping"]"#)
            #expect(try await socket.next() == .close(1000))
        }
    }

    @Test func theRevokedAreOutAndTheLateAreGuests() async throws {
        try await withHall(limits: { $0.recheck = .milliseconds(20) }) { hall in
            let (late, _) = try await Self.open(hall)
            late.send(#"40{"token":"bob"}"#)
            _ = try await late.text()
            let (gone, _) = try await Self.open(hall)
            gone.send(#"40{"token":"ann"}"#)
            _ = try await gone.text()
            hall.people.revoke("ann")
            hall.realtime.recheck { $0.userID == People.ann }
            #expect(try await gone.text().hasPrefix(#"42["auth:error""#))
            #expect(try await gone.text() == "41")
            #expect(try await gone.next() == .close(1008))
        }
    }

    @Test func whoSendsTooMuchIsOut() async throws {
        try await withHall(limits: { $0.events = 3 }) { hall in
            let (socket, _) = try await Self.open(hall)
            socket.send("40")
            for _ in 0..<5 { socket.send(#"42["ping"]"#) }
            var end = try await socket.next()
            while case .text = end { end = try await socket.next() }
            #expect(end == .close(1008))
        }
    }

    @Test func whoeverConnectsToNothingOrIsSilentIsOut() async throws {
        try await withHall(limits: { $0.connectTime = .milliseconds(20) }) { hall in
            let socket = try await Self.open(hall).socket
            #expect(try await socket.next() == .close(1000))
        }
        try await withHall(limits: { $0.pingInterval = .milliseconds(20); $0.pingTimeout = .seconds(2) }) { hall in
            let socket = try await TestSocket.connect(hall.server, "/socket.io/?EIO=4&transport=websocket")
            _ = try await socket.text()
            #expect(try await socket.text() == "2")
            socket.send("3")
            var next = try await socket.next(), pings = 0
            while next == .text("2") {
                pings += 1
                next = try await socket.next()
            }
            #expect(pings > 0 && next == .close(1000))
        }
    }

    // MARK: Polling

    private static func openPolling(_ hall: Hall) async throws -> String {
        let answer = try await hall.server.send("GET", path)
        #expect(answer.status == 200 && answer.text.hasPrefix("0{") && answer.text.contains(#""upgrades":["websocket"]"#))
        return try #require(try JSONValue.decode(json: Array(answer.text.utf8.dropFirst()))["sid"]?.string)
    }

    @Test func pollingAndTheWayToAWebSocket() async throws {
        try await withHall { hall in
            let sid = try await Self.openPolling(hall)
            let path = "\(Self.path)&sid=\(sid)"
            let posted = try await hall.server.send("POST", path, raw: Array("40/realtime,{\"token\":\"ann\"}".utf8))
            #expect(posted.status == 200 && posted.text == "ok")
            #expect(try await hall.server.send("GET", path).text.hasPrefix("40/realtime,{"))
            // Several packets in one body, both ways; binary in base64.
            _ = try await hall.server.send(
                "POST", path,
                raw: Array("451-/realtime,1[\"ping\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAQID\u{1e}42/realtime,[\"ping\"]".utf8))
            var got = ""
            while got.split(separator: "\u{1e}").count < 3 {
                got += (got.isEmpty ? "" : "\u{1e}") + (try await hall.server.send("GET", path).text)
            }
            #expect(got.hasPrefix("43/realtime,1["))
            // A poll waits, the WebSocket is tried, the poll ends with a noop, and what was told in between is not lost.
            async let poll = hall.server.send("GET", path)
            let socket = try await TestSocket.connect(hall.server, "/socket.io/?EIO=4&transport=websocket&sid=\(sid)")
            socket.send("2probe")
            #expect(try await socket.text() == "3probe")
            #expect(try await poll.text == "6")
            try await hall.tell("user:\(People.ann)", 1)
            socket.send("5")
            #expect(try await socket.text() == #"42/realtime,["told",{"n":1}]"#)
            #expect(try await hall.server.send("GET", path).status == 400)
        }
    }

    @Test func aNoticeEndsAWaitingPoll() async throws {
        try await withHall { hall in
            let sid = try await Self.openPolling(hall)
            let path = "\(Self.path)&sid=\(sid)"
            _ = try await hall.server.send("POST", path, raw: Array("40{\"token\":\"ann\"}".utf8))
            _ = try await hall.server.send("GET", path)
            async let poll = hall.server.send("GET", path)
            try await hall.tell("user:\(People.ann)", 3)
            #expect(try await poll.text == #"42["told",{"n":3}]"#)
            // The server goes, and says so to whoever waits.
            async let last = hall.server.send("GET", path)
            while hall.realtime.waitingPolls == 0 { await Task.yield() }
            // Its session has it, once it has what comes behind.
            _ = try await hall.server.send("POST", path, raw: Array("3".utf8))
            await hall.realtime.stop(grace: .milliseconds(50))
            let end = try await last.text
            #expect(end.contains("server:stopping") || end == "1")
        }
    }

    @Test(arguments: [
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=unknown", 400, "1"),
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=00AAAAAAAAAAAAAAAAAAAAAAAA", 400, "1"),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=00AAAAAAAAAAAAAAAAAAAAAAAA", 400, "1"),
        ("GET", "/socket.io/?EIO=3&transport=polling", 400, "5"), ("GET", "/socket.io/", 400, "5"),
        ("POST", "/socket.io/?EIO=3&transport=polling", 400, "5"),
        ("GET", "/socket.io/?EIO=4&transport=smoke", 400, "0"), ("POST", "/socket.io/?EIO=4&transport=websocket", 400, "0"),
        ("POST", "/socket.io/?EIO=4&transport=polling", 400, "2"),
    ])
    func requestsOfNoUse(_ method: String, _ path: String, _ status: Int, _ code: String) async throws {
        try await withHall { hall in
            let answer = try await hall.server.send(method, path, raw: method == "POST" ? Array("40".utf8) : nil)
            #expect(answer.status == status && answer.text.hasPrefix("{\"code\":\(code),"))
        }
    }

    @Test func originsAreAskedFor() async throws {
        try await withHall(policy: Policy(rateLimit: nil, corsOrigins: ["https://app.example"], isProduction: true)) { hall in
            let refused = ["Origin": "https://evil.example"]
            for (method, path) in [("GET", Self.path), ("POST", Self.path), ("GET", "/ws")] {
                let answer = try await hall.server.send(method, path, fields: refused)
                #expect(answer.status == 403 && answer.text.contains("origin_refused"))
            }
            let admitted = try await hall.server.send("GET", Self.path, fields: ["Origin": "https://app.example"])
            #expect(admitted.status == 200)
            #expect(admitted.field("access-control-allow-origin") == "https://app.example")
            let plain = try await hall.server.send("GET", "/ws")
            #expect(plain.status == 426 && plain.field("upgrade") == "websocket")
            await #expect(throws: TestSocket.Refused.self) {
                _ = try await TestSocket.connect(hall.server, "/ws", fields: "Sec-WebSocket-Protocol: chat\r\n")
            }
        }
    }

    @Test func sessionsAreOpenedWithinALimit() async throws {
        try await withHall(limits: { $0.openings = RateLimit("socket-openings", 2, perSeconds: 60) }) { hall in
            for expected in [200, 200, 429] {
                let answer = try await hall.server.send("GET", Self.path)
                #expect(answer.status == expected)
            }
        }
    }
}
