import JSON
import Service
import Support
import Testing

@Suite struct ServingTests {
    @Test func anObjectIsCreatedReadAndListed() async throws {
        try await withShop { server in
            let created = try await server.send(
                "POST", "/things", token: "reader", body: ["name": "  Stool ", "price": 30])
            #expect(created.status == 201)
            #expect(created.data["name"] == "Stool")
            let location = try #require(created.field("location"))
            let read = try await server.send("GET", location, token: "reader")
            #expect(read.status == 200)
            #expect(read.data == created.data)
            let tag = try #require(read.field("etag"))
            let again = try await server.send("GET", location, token: "reader", fields: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            let list = try await server.send("GET", "/things?limit=1&page=1&name=Stool", token: "other")
            #expect(list.data.array?.count == 1)
            #expect(list.meta == ["page": 1, "limit": 1, "total": 1, "totalPages": 1])
        }
    }

    @Test func everyAnswerCarriesTheHouseFields() async throws {
        try await withShop { server in
            let answer = try await server.send("GET", "/nothing", fields: ["X-Request-Id": "abc-12345"])
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
            #expect(answer.field("x-request-id") == "abc-12345")
            #expect(answer.json["requestId"] == "abc-12345")
            #expect(answer.field("content-type") == "application/problem+json")
            #expect(answer.field("x-content-type-options") == "nosniff")
            #expect(answer.field("cache-control") == "no-store")
            #expect(answer.field("content-security-policy") == "default-src 'none'")
            let odd = try await server.send("GET", "/nothing", fields: ["X-Request-Id": "a b"])
            #expect(odd.field("x-request-id") != "a b")
        }
    }

    @Test(arguments: [
        ("GET", "/things", nil, nil, 401, "unauthorized"),
        ("GET", "/things/1", "reader", nil, 404, "not_found"),
        ("GET", "/things/018f0000-0000-7000-8000-000000000000", "reader", nil, 404, "not_found"),
        ("PUT", "/things", "reader", nil, 405, "method_not_allowed"),
        ("POST", "/things", "reader", "{", 400, "malformed"),
        ("POST", "/things", "reader", "", 422, "invalid_input"),
        ("POST", "/things", "reader", "{\"name\":\"a\",\"price\":1,\"x\":2}", 422, "unknown_field"),
        ("POST", "/things", "reader", "{\"name\":\"\",\"price\":5000}", 422, "invalid_input"),
        ("POST", "/things", "reader", "{\"name\":\"a\",\"price\":901}", 409, "too_dear"),
        ("POST", "/fail", nil, nil, 500, "internal_error"),
        ("POST", "/money", "reader", nil, 422, "idempotency_key_required"),
        ("GET", "/things?limit=101", "reader", nil, 422, "invalid_input"),
        ("GET", "/things?limit=0", "reader", nil, 422, "invalid_input"),
        ("GET", "/things?sort=id", "reader", nil, 422, "invalid_input"),
        ("GET", "/things?nme=a", "reader", nil, 422, "unknown_field"),
        ("GET", "/things?name=%ff", "reader", nil, 400, nil),
        ("GET", "/leaks", "reader", nil, 500, "internal_error"),
    ] as [(String, String, String?, String?, Int, String?)])
    func refuses(
        _ method: String, _ path: String, _ token: String?, _ body: String?, _ status: Int, _ code: String?
    ) async throws {
        try await withShop { server in
            let answer = try await server.send(
                method, path, token: token, fields: body == nil ? [:] : ["Content-Type": "application/json"],
                raw: body.map { Array($0.utf8) })
            #expect(answer.status == status)
            if let code { #expect(answer.code == code) }
            #expect(!answer.text.contains("Bug"))
        }
    }

    /// Also what the server answers by itself has the fields of every answer, and a name in the log.
    @Test(arguments: [
        ("GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 204),
        ("OPTIONS /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 204),
    ])
    func everyAnswerHasTheFieldsOfTheHouse(_ request: String, _ status: Int) async throws {
        try await withShop { server in
            let answer = try await server.client.exchange(Array(request.utf8))
            #expect(answer.status == status)
            for name in ["x-request-id", "cache-control", "x-content-type-options", "content-security-policy"] {
                #expect(answer.field(name) != nil, "\(name)")
            }
            if status >= 400 { #expect(answer.json["requestId"]?.string == answer.field("x-request-id")) }
        }
    }

    /// RFC 9110, 15.5.6: what the resource allows, and not what the server can do. A tunnel is no resource of ours.
    @Test(arguments: [("TRACE /things", 405, "GET, POST, HEAD, OPTIONS"), ("TRACE /nothing", 404, nil), ("CONNECT a:80", 405, "")])
    func allowIsTheResources(_ line: String, _ status: Int, _ allow: String?) async throws {
        try await withShop { server in
            let answer = try await server.client.exchange(Array("\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
            #expect(answer.status == status && answer.field("allow") == allow, "\(answer.text)")
            #expect(!answer.text.contains("TRACE"))
        }
    }

    @Test func aBodyOfAnotherTypeIsRefused() async throws {
        try await withShop { server in
            let answer = try await server.send(
                "POST", "/things", token: "reader", fields: ["Content-Type": "text/plain"], raw: Array("{}".utf8))
            #expect(answer.status == 415)
        }
    }

    @Test func allMistakesOfABodyAreNamedAtOnce() async throws {
        try await withShop { server in
            let answer = try await server.send(
                "POST", "/things", token: "reader", body: ["name": "much too long a name", "price": -1])
            #expect(answer.refusedFields == ["name", "price"])
        }
    }

    @Test func theLimitIsCountedPerCallerAndToldInFields() async throws {
        let policy = Policy(rateLimit: RateLimit("default", 3, perSeconds: 3600))
        try await withShop(policy: policy) { server in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await server.send("GET", "/things", token: "reader").status) }
            #expect(statuses.filter { $0 == 200 }.count == 3)
            let refused = try await server.send("GET", "/things", token: "reader")
            #expect(refused.status == 429)
            #expect(refused.field("retry-after") != nil)
            #expect(refused.field("ratelimit")?.hasPrefix("\"default\";r=0;t=") == true)
            #expect(refused.field("ratelimit-policy") == "\"default\";q=3;w=3600")
            #expect(try await server.send("GET", "/things", token: "other").status == 200)
        }
    }

    /// Guessing tokens is counted like everything else, by address; known callers go on beside it.
    @Test func tokensThatProveNothingAreCounted() async throws {
        let policy = Policy(
            rateLimit: RateLimit("default", 5, perSeconds: 3600), trustedProxies: [Network("127.0.0.1")!])
        try await withShop(policy: policy) { server in
            func look(_ token: String?, from address: String) async throws -> TestAnswer {
                try await server.send("GET", "/things", token: token, fields: ["X-Forwarded-For": address])
            }
            for number in 0..<5 { #expect(try await look("guess\(number)", from: "192.0.2.1").status == 401) }
            let refused = try await look("guess", from: "192.0.2.1")
            #expect(refused.status == 429 && refused.code == "rate_limited" && refused.field("retry-after") != nil)
            #expect(try await look("guess", from: "192.0.2.2").status == 401)
            #expect(try await look("reader", from: "192.0.2.2").status == 200)
        }
    }

    /// Whoever sends a token that is not looked at any more is told so, and not taken for a guest: what he asks for, to be
    /// signed out for one, would seem to be done.
    @Test func aTokenThatIsNotLookedAtMakesNoGuest() async throws {
        let policy = Policy(
            rateLimit: RateLimit("default", 3, perSeconds: 3600), trustedProxies: [Network("127.0.0.1")!])
        try await withShop(policy: policy) { server in
            func greet(_ token: String?) async throws -> TestAnswer {
                try await server.send("POST", "/greet", token: token, fields: ["X-Forwarded-For": "192.0.2.1"])
            }
            #expect(try await greet("reader").data == "reader")
            #expect(try await greet("guess0").data == "guest")
            for number in 1..<3 {
                let answer = try await server.send(
                    "GET", "/things", token: "guess\(number)", fields: ["X-Forwarded-For": "192.0.2.1"])
                #expect(answer.status == 401)
            }
            let refused = try await greet("reader")
            #expect(refused.status == 429 && refused.code == "rate_limited" && refused.field("retry-after") != nil)
            #expect(try await greet(nil).data == "guest")
        }
    }

    /// Requests without a token are counted for themselves: they shut out nobody who has one.
    @Test func whoSendsNoTokenShutsOutNobody() async throws {
        let policy = Policy(rateLimit: RateLimit("default", 3, perSeconds: 3600))
        try await withShop(policy: policy) { server in
            for _ in 0..<3 { #expect(try await server.send("GET", "/things").status == 401) }
            let refused = try await server.send("GET", "/things")
            #expect(refused.status == 429 && refused.field("retry-after") != nil)
            #expect(try await server.send("GET", "/things", token: "reader").status == 200)
            #expect(try await server.send("POST", "/greet").status == 200)
        }
    }

    @Test(arguments: [
        (false, "http://localhost:5173", true), (false, "http://127.0.0.1", true), (false, "https://localhost", true),
        (false, "http://localhost.evil", false), (false, "http://localhost:5173.evil", false),
        (true, "http://localhost:5173", false), (true, "https://app.example", true), (false, "https://app.example", true),
    ])
    func outsideProductionThisMachineIsAnOrigin(isProduction: Bool, origin: String, isAllowed: Bool) async throws {
        let policy = Policy(rateLimit: nil, corsOrigins: ["https://app.example"], isProduction: isProduction)
        try await withShop(policy: policy) { server in
            for method in ["OPTIONS", "GET"] {
                let answer = try await server.send(method, "/things", token: "reader", fields: ["Origin": origin])
                #expect(answer.field("access-control-allow-origin") == (isAllowed ? origin : nil))
                let exposed = answer.field("access-control-expose-headers")
                #expect((exposed?.contains("X-Total-Count") == true) == (isAllowed && method == "GET"))
            }
        }
    }

    @Test func theLargestBodyIsASetting() async throws {
        let policy = Policy(rateLimit: nil, bodyLimit: 1024)
        try await withShop(policy: policy) { server in
            let body: JSONValue = ["name": .string(String(repeating: "x", count: 2000)), "price": 1]
            let refused = try await server.send("POST", "/things", token: "reader", body: body)
            #expect(refused.status == 413 && refused.code == "body_too_large" && refused.json["requestId"]?.string != nil, "\(refused.text)")
        }
    }

    @Test func originsAreAllowedExactly() async throws {
        let policy = Policy(rateLimit: nil, corsOrigins: ["https://app.example"])
        try await withShop(policy: policy) { server in
            let allowed = try await server.send("OPTIONS", "/things", fields: ["Origin": "https://app.example"])
            #expect(allowed.status == 204)
            #expect(allowed.field("access-control-allow-origin") == "https://app.example")
            #expect(allowed.field("access-control-allow-methods") == "GET, POST, HEAD, OPTIONS")
            #expect(allowed.field("access-control-allow-headers")?.contains("Accept-Language") == true)
            let other = try await server.send("OPTIONS", "/things", fields: ["Origin": "https://app.example.evil"])
            #expect(other.field("access-control-allow-origin") == nil)
        }
    }

    @Test func packedAndPlainAnswersHaveTagsOfTheirOwn() async throws {
        try await withShop { server in
            for number in 0..<20 {
                _ = try await server.send(
                    "POST", "/things", token: "reader", body: ["name": .string("thing \(number)"), "price": 1])
            }
            func list(_ fields: [String: String] = [:]) async throws -> TestAnswer {
                try await server.send("GET", "/things?limit=20", token: "reader", fields: fields)
            }
            let plain = try await list(), packed = try await list(["Accept-Encoding": "gzip"])
            #expect(packed.field("content-encoding") == "gzip")
            let (tag, other) = (try #require(plain.field("etag")), try #require(packed.field("etag")))
            #expect(other == String(tag.dropLast()) + "-gzip\"")
            for known in [tag, other, "W/" + tag, "\"x\", " + other, "\"x\"\r\nIf-None-Match: " + tag, "*"] {
                let again = try await list(["If-None-Match": known, "Accept-Encoding": "gzip"])
                #expect(again.status == 304 && again.body.isEmpty)
                #expect(again.field("etag") == other && again.field("vary") == "Accept-Encoding")
            }
            #expect(try await list(["If-None-Match": tag]).field("etag") == tag)
            #expect(try await list(["If-None-Match": "\"x\""]).status == 200)
        }
    }

    /// Each proxy may append a line instead of a member; only what the trusted one has seen counts.
    @Test func allLinesOfForwardedForAreOneList() async throws {
        let policy = Policy(rateLimit: RateLimit("test", 1, perSeconds: 60), trustedProxies: [Network("127.0.0.1")!])
        try await withShop(policy: policy) { server in
            func status(_ forwarded: String) async throws -> Int {
                try await server.send("POST", "/fail", fields: ["X-Forwarded-For": forwarded]).status
            }
            let first = try await status("192.0.2.9\r\nX-Forwarded-For: 192.0.2.1")
            let same = try await status("192.0.2.8\r\nX-Forwarded-For: 192.0.2.1")
            let other = try await status("192.0.2.1\r\nX-Forwarded-For: 192.0.2.2, 127.0.0.1")
            #expect([first, same, other] == [500, 429, 500])
        }
    }
}
