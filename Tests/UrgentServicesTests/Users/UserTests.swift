import JSON
import Support
import Testing

@testable import UrgentServices

/// What people see and set of themselves (3.2, scenario 32).
@Suite struct UrgentUserTests {
    @Test func settingsOfBothKindsAreSavedAtOnce() async throws {
        try await withBoard { board in
            try await board.come(1)
            for _ in 0..<5 {
                async let settings = board.send(
                    "PUT", "/users/me/notification-settings", as: 1, ["enabled": true, "frequency": 5])
                async let preferences = board.send(
                    "PUT", "/users/me/preferences", as: 1, ["categories": ["Электрика", "Электрика"], "cities": ["москва"]])
                #expect(try await settings.status == 200)
                #expect(try await preferences.json == ["success": true])
            }
            #expect(try await board.get("/users/me/notification-settings", as: 1).json == ["enabled": true, "frequency": 5])
            #expect(try await board.get("/users/me/preferences", as: 1).json == ["categories": ["Электрика"], "cities": ["Москва"]])
        }
    }

    /// What somebody has done is counted in indexes, what is active among what is young enough to be.
    @Test func aProfileDoesNotGrowWithThePast() async throws {
        try await withBoard { board in
            try await board.come(1)
            try await board.past(3000, .completed, takenBy: 1)
            try await board.past(1000, .expired, takenBy: 1)
            let order = try await board.newOrder(by: 7)
            #expect(try await board.take(order, by: 1).status == 200)
            for user in [1, Board.Person.customer] {
                let profile = try await board.get("/users/me", as: user).json
                #expect(profile["completed_orders"] == 3000 && profile["active_orders"]?.int == (user == 1 ? 1 : 0), "\(profile)")
                let read = try await board.rowsRead(by: UserQueries.profile(user))
                #expect(read.rows <= 1000 && read.entries <= 3010, "\(user): \(read)")
            }
        }
    }

    /// A take is noted as done with its order, whoever ends it and however.
    @Test func whatIsDoneIsCountedOnce() async throws {
        try await withBoard { board in
            try await board.gather(Board.Person.e1, Board.Person.e2)
            _ = try await board.completedOrder(takenBy: Board.Person.e1, Board.Person.e2)
            let closed = try await board.newOrder()
            _ = try await board.take(closed, by: Board.Person.e1)
            #expect(try await board.post("/orders/\(closed)/close", as: Board.Person.customer).status == 204)
            for (user, done) in [(Board.Person.customer, 1), (Board.Person.e1, 1), (Board.Person.e2, 1)] {
                let profile = try await board.get("/users/me", as: user).json
                #expect(profile["completed_orders"]?.int == done && profile["active_orders"] == 0, "\(profile)")
            }
        }
    }

    @Test func settingsAreJudged() async throws {
        try await withBoard { board in
            try await board.come(1)
            #expect(try await board.get("/users/me/notification-settings", as: 1).json == ["enabled": false, "frequency": 10])
            func put(_ path: String, _ body: JSONValue) async throws -> TestAnswer { try await board.send("PUT", "/users/me/" + path, as: 1, body) }
            let bad: [(String, JSONValue)] = [
                ("notification-settings", ["frequency": 4]), ("notification-settings", ["frequency": 16]),
                ("notification-settings", ["frequency": .number("7.5")]), ("notification-settings", ["frequency": "7"]),
                ("notification-settings", ["enabled": 1]), ("notification-settings", ["enabled": "true"]),
                ("preferences", ["categories": ["Еда"]]), ("preferences", ["cities": ["Лондон"]]),
                ("preferences", ["cities": .array(Town.all.prefix(21).map { .string($0) })]), ("preferences", ["cities": "Москва"]),
            ]
            for (path, body) in bad {
                let answer = try await put(path, body)
                #expect(answer.status == 422 && answer.code == "validation_error", "\(body): \(answer.text)")
                #expect(answer.json["detail"]?.string != nil)
                let error = answer.json["errors"]?.array?.first
                #expect(error?["loc"]?.array?.first == "body" && error?["msg"]?.string != nil && error?["type"]?.string != nil)
            }
            #expect(try await put("notification-settings", ["frequency": .number("15.0")]).status == 200)
            #expect(try await put("notification-settings", ["enabled": false]).status == 200)
            #expect(try await board.get("/users/me/notification-settings", as: 1).json == ["enabled": false, "frequency": 15])
            #expect(try await put("preferences", ["cities": .array(Town.all.prefix(20).map { .string($0) })]).status == 200)
            // What is not named is emptied, as ever.
            #expect(try await put("preferences", [:]).status == 200)
            #expect(try await board.get("/users/me/preferences", as: 1).json == ["categories": [], "cities": []])
            for path in ["/users/me", "/users/me/preferences", "/users/me/notification-settings"] {
                #expect(try await board.get(path).status == 401)
            }
            for path in ["/users/me/preferences", "/users/me/notification-settings"] {
                #expect(try await board.send("PUT", path, [:]).status == 401)
            }
        }
    }

    @Test func thePlacesAreTheLists() async throws {
        try await withBoard { board in
            let categories = try await board.get("/categories")
            #expect(categories.json.array?.count == 7 && categories.json.array?.first == "Сантехника")
            let cities = try await board.get("/cities")
            #expect(cities.json.array?.count == 1066 && cities.json.array?.first == "Абакан" && cities.json.array?.last == "Яхрома")
            #expect(cities.field("cache-control") == "public, max-age=86400")
            let tag = try #require(cities.field("etag"))
            #expect(try await board.send("GET", "/cities", fields: ["If-None-Match": tag]).status == 304)
            let found = try await board.get("/cities?search=%D0%BE%D1%80%D0%B5%D0%BB")
            #expect(found.json == ["Орёл"])
            #expect(try await board.get("/cities?search=%D0%90%D0%A0%D0%A2%D0%81%D0%9C").json.array?.count == 3)
            #expect(try await board.get("/cities?search=").status == 422)
            let long = try await board.get("/cities?search=" + String(repeating: "a", count: 101))
            #expect(long.status == 422 && long.json["errors"]?.array?.first?["loc"] == ["query", "search"])
            for name in ["Москва", "Санкт-Петербург", "Нижний Новгород", "Ростов-на-Дону"] { #expect(Town.named(name) == name) }
            #expect(Town.named("АРТЕМ") == "Артём" && Town.named("Лондон") == nil)
        }
    }
}
