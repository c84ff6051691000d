import JSON
import Service
import Support
import Testing

@testable import Realtime

/// How operators see the sockets of an instance.
@Suite struct SocketOperationsTests {
    private static let list = "/admin/runtime/sockets"

    @Test func forThoseWhoReadThePlatformsSettings() async throws {
        try await withHall { hall in
            for path in [Self.list, Self.list + "/stats"] {
                for (token, status) in [(nil, 401), ("bob", 403), ("ann", 200)] {
                    let answer = try await hall.server.send("GET", path, token: token)
                    #expect(answer.status == status, "\(path) as \(token ?? "guest")")
                }
            }
            for query in ["?userId=x", "?room=", "?sort=address", "?colour=red", "?limit=101"] {
                #expect(try await hall.server.send("GET", Self.list + query, token: "ann").status == 422, "\(query)")
            }
        }
    }

    @Test func everySocketIsListedOnce() async throws {
        try await withHall { hall in
            let guest = try await TestSocket.connect(hall.server, "/socket.io/?EIO=4&transport=websocket")
            _ = try await guest.text()
            guest.send("40/realtime,")
            _ = try await guest.text()
            var others: [TestSocket] = []
            for loop in [0, 1] {
                hall.server.clock.advance(by: .seconds(1))
                let socket = try await hall.signedIn(on: loop)
                socket.send(#"{"type":"subscribe","room":"square:1"}"#)
                _ = try await socket.json("subscribed")
                others.append(socket)
            }
            func listed(_ query: String) async throws -> [JSONValue] {
                let answer = try await hall.server.send("GET", Self.list + query, token: "ann")
                #expect(answer.status == 200, "\(answer.text)")
                return answer.data.array ?? []
            }
            let guests = try await listed("").filter { $0["userId"]?.isNull == true }
            #expect(guests.count == 1 && guests[0]["protocol"] == "socket.io" && guests[0]["namespace"] == "/realtime")
            #expect(guests[0]["transport"] == "websocket" && guests[0]["address"] == "127.0.0.1")
            let here = try await listed("?room=square:1&userId=\(People.ann)")
            #expect(here.count == 2 && here.allSatisfy { $0["rooms"]?.array?.count == 2 && $0["protocol"] == "ws" })
            #expect(try await listed("?userId=\(People.bob)").isEmpty)
            // The newest first, page by page.
            let times = try await listed("?room=square:1").compactMap { $0["openedAt"]?.string }
            #expect(times == times.sorted(by: >) && Set(times).count == 2)
            #expect(try await listed("?room=square:1&limit=1&page=2").map { $0["openedAt"]?.string } == [times[1]])
            let figures = try await hall.server.send("GET", Self.list + "/stats", token: "ann").data
            let crowds = figures["crowds"]?.array ?? []
            #expect(crowds.contains { $0["room"] == "square:1" && $0["sockets"]?.int == 2 }, "\(crowds)")
            #expect(figures["sessions"]?.int == 1 && figures["socketsPerUser"]?.int == 10)
            _ = others.count
        }
    }
}
