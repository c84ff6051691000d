import Crypto
import JSON
import Postgres
import Service
import Support
import Telegram
import Testing
import Values

@testable import UrgentServices

/// Who calls, by what Telegram says (scenarios 2 to 5).
@Suite struct InitDataAccessTests {
    /// The specification's.
    private static let vector =
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22%D0%92%D0%B5%D1%80%D0%B0%22%2C%22last_name%22%3A%22%22%2C%22username%22%3A%22vera_test%22%2C%22language_code%22%3A%22ru%22%2C%22allows_write_to_pm%22%3Atrue%7D&auth_date=1770000000&start_param=order_Ab3_-xYz09Qw&signature=V56OYCYIQaWN1MD7avNHn-hlIGoqoSccd5kQkM3zQa0X6SMfFKrUX9GX1gU5CoaqUh3aFPR5_otqYa-0ThnhBg&hash=641005525fe38e8a79e2092620429314b87a01d3ffb5a201ff99a7471423276a"

    /// Scenario 2, with the vector of the specification; its age is the one thing that is wrong with it by now.
    @Test func theVectorProvesVera() async throws {
        var options = UrgentDoors.Options()
        options.proofLife = .days(100_000)
        try await withBoard(options: options, proofLife: .days(100_000)) { board in
            let answer = try await board.send("GET", "/users/me", token: Self.vector)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["id"] == 279_058_397 && answer.json["first_name"] == "Вера")
            #expect(answer.json["last_name"] == .null && answer.json["balance"] == 0 && answer.json["rating"] == 0)
            for place in [Self.vector.count - 1, Self.vector.count - 64] {
                var flipped = Array(Self.vector)
                flipped[place] = flipped[place] == "0" ? "1" : "0"
                let refused = try await board.send("GET", "/users/me", token: String(flipped))
                #expect(refused.status == 401 && refused.code == "invalid_init_data")
            }
        }
    }

    /// Where another process holds the bot's token, Telegram's signature says who somebody is; the hash proves nothing.
    @Test func withoutTheTokenTheSignatureProves() async throws {
        var options = UrgentDoors.Options()
        (options.botID, options.proofLife) = (7_000_000_001, .days(100_000))
        options.telegram = try #require(
            Hex.decode("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8").flatMap { Ed25519PublicKey($0) })
        try await withBoard(options: options, hasToken: false) { board in
            let answer = try await board.send("GET", "/users/me", token: Self.vector)
            #expect(answer.status == 200 && answer.json["first_name"] == "Вера", "\(answer.text)")
            let hashed = Board.initData(1), forged = Self.vector.replacing("signature=V5", with: "signature=V6")
            let unhashed = Self.vector.replacing(/hash=[0-9a-f]{64}/, with: "hash=" + String(repeating: "0", count: 64))
            for (token, status) in [(hashed, 401), (forged, 401), (unhashed, 200)] {
                #expect(try await board.send("GET", "/users/me", token: token).status == status, "\(token)")
            }
        }
    }

    @Test(arguments: [
        (["TELEGRAM_URGENT_BOT_ID": "7000000001", "INIT_DATA_VALIDATION": "ed25519"], true), (["TELEGRAM_URGENT_BOT_ID": "7000000001"], false),
        (["TELEGRAM_URGENT_BOT_ID": "0", "INIT_DATA_VALIDATION": "ed25519"], false),
        (["TELEGRAM_URGENT_BOT_ID": "7000000001", "INIT_DATA_VALIDATION": "ed25519", "TELEGRAM_URGENT_BOT_TOKEN": Board.token], false),
        (["INIT_DATA_VALIDATION": "both", "TELEGRAM_URGENT_BOT_TOKEN": Board.token], true),
    ])
    func aNumberStandsForATokenThatIsElsewhere(_ environment: [String: String], _ isFine: Bool) throws {
        let settings = try? Settings(rows: UrgentSettings.rows + TelegramSettings.rows + GeneralSettings.rows, environment: environment)
        #expect((settings != nil) == isFine)
        if isFine { #expect(settings?[UrgentSettings.botID] == environment["TELEGRAM_URGENT_BOT_ID"].flatMap { Int($0) }) }
    }

    /// Scenarios 3 and 4.
    @Test func whatProvesNobodyIsRefused() async throws {
        try await withBoard { board in
            let bot = "7000000001"
            let robot = #"{"id":2,"first_name":"B","is_bot":true}"#
            let good = Board.initData(1, more: [("start_param", "")])
            let refused: [(String?, String)] = [
                (nil, "not_authenticated"), (Board.initData(1, age: .seconds(86_402)), "init_data_expired"),
                (Board.initData(1, age: .seconds(-330)), "invalid_init_data"), (good + "&query_id=AAH", "invalid_init_data"),
                (Board.initData(1, token: "7000000009:AAAnotherBotsTokenForTheTests000"), "invalid_init_data"),
                ("mock_init_data_for_development", "invalid_init_data"), (bot, "invalid_init_data"),
                ("hash=mock_hash", "invalid_init_data"), (String(repeating: "a", count: 9000), "invalid_init_data"),
                (Board.initData(1, user: robot), "invalid_init_data"),
            ]
            for (token, code) in refused {
                let answer = try await board.send("GET", "/users/me", token: token)
                #expect(answer.status == 401 && answer.code == code && answer.field("www-authenticate") == "Bearer", "\(answer.text)")
                #expect(answer.json["detail"]?.string?.isEmpty == false)
            }
            for token in [good, good, Board.initData(1, age: .seconds(86_300)), Board.initData(1, age: .seconds(-290))] {
                let answer = try await board.send("GET", "/users/me", token: token)
                #expect(answer.status == 200, "\(answer.text)")
            }
            // Where guests are admitted, whoever proves nothing is one.
            #expect(try await board.send("GET", "/orders", token: "x").status == 200)
            #expect(try await board.send("GET", "/orders?mine=true", token: "x").status == 401)
        }
    }

    /// Where nobody new is admitted, whoever is new looks at the board like any guest.
    @Test func whoMayNotRegisterIsAGuest() async throws {
        try await withBoard(isRegistrationOpen: false) { board in
            let token = Board.initData(1)
            for path in ["/orders", "/orders?status=completed", "/reviews", "/cities", "/orders?lat=1&lng=1"] {
                #expect(try await board.send("GET", path, token: token).status == 200, "\(path)")
            }
            #expect(try await board.send("GET", "/orders/AAAAAAAAAAAA", token: token).status == 404)
            #expect(try await board.send("GET", "/orders?mine=true", token: token).status == 401)
            for (method, path) in [("GET", "/users/me"), ("POST", "/orders"), ("GET", "/orders/my-executor")] {
                let refused = try await board.send(method, path, token: token)
                #expect(refused.status == 403 && refused.code == "registration_closed", "\(path): \(refused.text)")
            }
            #expect(try await board.count("select count(*) from urgent.users") == 0)
        }
    }

    /// Scenario 5.
    @Test func manyFirstRequestsAtOnceMakeOnePerson() async throws {
        try await withBoard { board in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    let token = Board.initData(77, more: [("query", "\(number)")])
                    group.addTask { try await board.send("GET", "/users/me", token: token).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await board.count("select count(*) from urgent.users") == 1)
            #expect(try await board.count("select count(*) from identity.identities") == 1)
            #expect(try await board.count("select count(*) from payments.accounts where is_wallet") == 1)
        }
    }

    @Test func whatTelegramSaysNewlyIsKept() async throws {
        try await withBoard { board in
            try await board.come(5)
            let long = String(repeating: "я", count: 90)
            let answer = try await board.send("GET", "/users/me", token: Board.initData(5, name: long))
            #expect(answer.json["first_name"]?.string == String(repeating: "я", count: 64))
            #expect(answer.json["balance"] == 100)
        }
    }

    @Test func refusalsAreInTheLanguageOfTheCaller() async throws {
        try await withBoard { board in
            for (language, word) in [("ru-RU,ru;q=0.9,en;q=0.8", "Заказ не найден."), ("en-US", "There is no such order."), ("rue", "There is no such order.")] {
                let answer = try await board.send("GET", "/orders/AAAAAAAAAAAA", fields: ["Accept-Language": language])
                #expect(answer.status == 404 && answer.code == "order_not_found" && answer.json["detail"]?.string == word)
            }
        }
    }

    /// What reaches no operation is refused in the contract's words, too; the house speaks under its own paths.
    @Test func whatIsNotThereIsRefusedInTheContractsWords() async throws {
        try await withBoard { board in
            let russian = ["Accept-Language": "ru", "Content-Type": "text/plain"]
            for (method, path, status, code, word) in [
                ("GET", "/api/nothing", 404, "not_found", "Не найдено."), ("GET", "/api/orders/a/b/c", 404, "not_found", "Не найдено."),
                ("DELETE", "/api/orders", 405, "method_not_allowed", "Этот адрес не поддерживает такой запрос."),
                ("POST", "/api/orders", 415, "unsupported_media_type", "Данные нужно отправлять в формате JSON."),
                ("GET", "/api/v1/nothing", 404, "not_found", "There is no such object, or you have no access to it."),
            ] {
                let answer = try await board.server.send(method, path, fields: russian, raw: method == "POST" ? Array("x".utf8) : nil)
                #expect(answer.status == status && answer.code == code && answer.json["detail"]?.string == word, "\(path): \(answer.text)")
                #expect((answer.field("allow") != nil) == (status == 405))
            }
            #expect(try await board.get("/nothing").json["detail"] == "There is no such object.")
        }
    }

    /// 3.0: a slash too many leads on, the query is kept, and what is not known of a query or a body means nothing.
    @Test func theContractIsLooseWhereItSaysSo() async throws {
        try await withBoard { board in
            let answer = try await board.get("/orders/?limit=3")
            #expect(answer.status == 307 && answer.field("location") == "/api/orders?limit=3")
            #expect(try await board.get("/orders?utm_source=telegram").status == 200)
            #expect(try await board.get("/nothing/").status == 404)
            try await board.come(1)
            let saved = try await board.send(
                "PUT", "/users/me/notification-settings", as: 1, ["enabled": true, "frequency": 5, "more": ["x": 1]])
            #expect(saved.status == 200 && saved.json == ["success": true])
            #expect(saved.field("content-type") == "application/json; charset=utf-8")
            let empty = try await board.send("GET", "/users/me", as: 1, fields: ["Content-Type": "application/json"])
            #expect(empty.status == 200)
            let large = try await board.send(
                "PUT", "/users/me/preferences", as: 1, ["x": .string(String(repeating: "a", count: 70_000))])
            #expect(large.status == 413 && large.code == "body_too_large", "\(large.text)")
            let russian = try await board.server.send(
                "POST", "/api/orders", token: Board.initData(1), fields: ["Content-Type": "application/json", "Accept-Language": "ru"],
                raw: Array(repeating: UInt8(ascii: " "), count: 70_000))
            #expect(russian.status == 413 && russian.json["detail"] == "Слишком много данных в одном запросе.", "\(russian.text)")
            // What cannot be read at all has its place, too.
            let broken = try await board.server.send(
                "POST", "/api/orders", token: Board.initData(1), fields: ["Content-Type": "application/json"], raw: Array("{".utf8))
            #expect(broken.status == 422 && broken.json["errors"]?[0]?["loc"] == ["body"], "\(broken.text)")
        }
    }

    /// 4.9: whoever proves nothing again and again is not looked at any more.
    @Test func failuresAreCounted() async throws {
        try await withBoard(policy: Policy(rateLimit: RateLimit("default", 10_000, perSeconds: 60))) { board in
            for _ in 0..<60 { #expect(try await board.send("GET", "/users/me", token: "x").status == 401) }
            let refused = try await board.send("GET", "/users/me", token: "x")
            #expect(refused.status == 429 && refused.code == "rate_limited" && refused.field("retry-after") != nil)
        }
    }
}
