import Postgres
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct SystemNoticeTests {
    private static let path = "/api/v1/notifications/system"

    @Test func staffIsToldByRoleAndReadsForItself() async throws {
        try await withServer(compose: { platform in
            TestComposition(
                authenticator: Desk.people, modules: [NotificationsModule(.test(platform.database), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            let door = Notifications.test(server.database)
            for _ in 0..<2 { try await door.announce(SystemNotice("For all", "m", details: ["k": "v"], dedupeKey: "a")) }
            try await door.announce(SystemNotice("For the test's role", "m", category: .security, role: "test"))
            try await door.announce(SystemNotice("For others", "m", role: "finance"))
            #expect(try await server.send("GET", Self.path).status == 401)
            #expect(try await server.send("GET", Self.path, token: "reader").status == 403)
            let list = try await server.send("GET", Self.path, token: "clerk")
            #expect(list.data.array?.compactMap { $0["title"]?.string } == ["For the test's role", "For all"])
            #expect(list.data[1]?["details"] == ["k": "v"])
            let page = try await server.send("GET", Self.path + "?limit=1", token: "clerk")
            let cursor = try #require(page.meta["nextCursor"]?.string)
            let rest = try await server.send("GET", Self.path + "?limit=1&cursor=\(cursor)", token: "clerk")
            #expect(rest.data.array?.compactMap { $0["title"]?.string } == ["For all"])
            let secure = try await server.send("GET", Self.path + "?category=security&read=false", token: "clerk")
            #expect(secure.data.array?.count == 1)
            let id = try #require(list.data[0]?["id"]?.string)
            #expect(try await server.send("POST", "\(Self.path)/\(id)/read", token: "reader").status == 403)
            let read = try await server.send("POST", "\(Self.path)/\(id)/read", token: "clerk")
            #expect(read.status == 200 && read.data["readAt"]?.string != nil)
            #expect(try await server.send("POST", "\(Self.path)/\(id)/read", token: "clerk").data == read.data)
            #expect(try await server.send("POST", "\(Self.path)/\(UUID.v7())/read", token: "clerk").status == 404)
            #expect(try await server.send("POST", "\(Self.path)/read-all", token: "clerk").data["updated"] == 1)
            #expect(try await server.send("GET", Self.path + "?read=false", token: "clerk").data.array?.isEmpty == true)
            #expect(try await server.send("GET", Self.path + "?read=false", token: "admin").data.array?.count == 2)
        }
    }
}
