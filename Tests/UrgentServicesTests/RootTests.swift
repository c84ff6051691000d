import JSON
import Service
import Support
import Testing

@testable import UrgentServices

@Suite struct RootTests {
    @Test func theRootSaysWhatAnswers() async throws {
        try await withBoard { board in
            let answer = try await board.server.send("GET", "/")
            #expect(
                answer.json == ["service": "Срочные Услуги API", "version": "1.0.0", "status": "operational", "docs": "/docs"],
                "\(answer.text)")
            #expect(try await board.server.send("POST", "/").status == 405)
        }
    }

    /// Its root stays where it is, everything else of it is found below API_PREFIX alone.
    @Test func itsPathsBeginWhereTheSettingSays() async throws {
        var options = UrgentDoors.Options()
        options.prefix = "/board/api"
        try await withBoard(hasSockets: true, options: options) { board in
            func status(_ method: String, _ path: String) async throws -> (Int, String?) {
                let answer = try await board.server.send(method, path, token: Board.initData(Board.Person.e1))
                return (answer.status, answer.code)
            }
            for path in ["/users/me", "/orders", "/cities", "/balance"] {
                let (there, here) = (try await status("GET", "/board/api" + path), try await status("GET", "/api" + path))
                #expect(there == (200, nil) && here.0 == 404, "\(path): \(there), \(here)")
            }
            #expect(try await status("GET", "/board/api/orders/x") == (404, "order_not_found"))
            #expect(try await status("GET", "/board/api/nothing") == (404, "not_found"))
            #expect(try await status("GET", "/board/api/ws").0 != 404)
            #expect(try await status("GET", "/").0 == 200)
            // While the platform is maintained it is, too, wherever its paths begin.
            board.rules.publish(HouseRules(maintenance: Maintenance()))
            #expect(try await status("GET", "/board/api/orders") == (503, "maintenance"))
            #expect(try await status("GET", "/").0 == 200)
        }
    }

    @Test(arguments: [
        ("/api", true), ("/board", true), ("/urgent/api-2", true), ("/", false), ("api", false), ("/api/", false),
        ("/api/v1", false), ("/api/v1/board", false), ("/API", false), ("/a b", false), ("/admin", false), ("/{id}", false),
        ("/health", false), ("//api", false),
    ])
    func aPrefixIsAPathOfItsOwn(_ prefix: String, _ isFine: Bool) {
        let settings = try? Settings(rows: UrgentSettings.rows, environment: ["API_PREFIX": prefix])
        #expect((settings != nil) == isFine)
        if isFine { #expect(settings?[UrgentSettings.prefix] == prefix) }
    }
}
