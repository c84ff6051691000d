import HTTP
import JSON
import Runtime
import Service
import Support
import Testing

@Suite struct ExportTests {
    private func serve(
        policy: Policy = Policy(rateLimit: nil),
        _ body: @escaping @Sendable (TestServer, Archive.Production) async throws -> Void
    ) async throws {
        let archive = Archive()
        try await withServer(
            policy: policy,
            compose: { _ in TestComposition(authenticator: ShopAuthenticator(), modules: [archive]) },
            { server in try await body(server, archive.production) })
    }

    private static func line(_ number: Int) -> String {
        "\(number),\"He said \"\"no\"\", twice.\r\n\(String(repeating: "x", count: 120))\",'=1+1,\r\n"
    }

    @Test func aFileHasAllItsRowsAndTheFieldsOfTheHouse() async throws {
        try await serve { server, _ in
            let answer = try await server.send(
                "GET", "\(Archive.path)?from=48999&format=csv", token: "reader", fields: ["X-Request-Id": "abc-12345"])
            #expect(answer.status == 200 && answer.isWhole)
            #expect(answer.text == "number,text,formula,nothing\r\n" + (48_999..<50_000).map(Self.line).joined())
            #expect(answer.field("content-type") == "text/csv; charset=utf-8")
            let name = try #require(answer.field("content-disposition"))
            #expect(name.wholeMatch(of: /attachment; filename="lines_\d{4}-\d\d-\d\d\.csv"/) != nil)
            #expect(answer.field("cache-control") == "no-store")
            #expect(answer.field("x-request-id") == "abc-12345")
            #expect(answer.field("x-content-type-options") == "nosniff")
            #expect(answer.field("content-security-policy") == "default-src 'none'")
            #expect(answer.field("etag") == nil && answer.field("content-length") == nil)
            try await until { Self.counted("exportArchive", server) == 1 }
        }
    }

    @Test func aWorkbookOfTheSameRows() async throws {
        try await serve { server, _ in
            let answer = try await server.send("GET", "\(Archive.path)?from=49990&format=xlsx", token: "reader")
            #expect(answer.status == 200 && answer.isWhole && answer.body.starts(with: "PK".utf8))
            #expect(answer.field("content-type") == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            let name = try #require(answer.field("content-disposition"))
            #expect(name.hasSuffix(".xlsx\""))
            let sheet = try XLSXWriterTests.sheet(of: answer.body)
            #expect(sheet.contains("<row r=\"11\">") && !sheet.contains("<row r=\"12\">"))
            #expect(sheet.contains(">=1+1</t>"))
        }
    }

    @Test func headIsAnsweredWithoutRows() async throws {
        try await serve { server, production in
            let answer = try await server.send("HEAD", Archive.path, token: "reader")
            #expect(answer.status == 200 && answer.body.isEmpty)
            #expect(answer.field("content-type") == "text/csv; charset=utf-8")
            #expect(production.pages == 0)
        }
    }

    @Test(arguments: [
        (Archive.path, nil, 401, "unauthorized"), (Archive.path, "other", 404, "not_found"),
        ("\(Archive.path)?format=pdf", "reader", 422, "invalid_input"),
        ("\(Archive.path)?format=csv&format=csv", "reader", 422, "invalid_input"),
        ("\(Archive.path)?page=1", "reader", 422, "unknown_field"),
        ("\(Archive.path)?from=x", "reader", 422, "invalid_input"),
        ("/archive/much", "reader", 422, "range_too_large"), ("/archive/leak", "reader", 500, "internal_error"),
    ] as [(String, String?, Int, String)])
    func whatRefusesAFileDoesSoBeforeItsFirstByte(_ path: String, _ token: String?, _ status: Int, _ code: String)
        async throws
    {
        try await serve { server, production in
            let answer = try await server.send("GET", path, token: token)
            #expect(answer.status == status && answer.code == code)
            #expect(answer.field("content-type") == "application/problem+json")
            #expect(answer.field("content-disposition") == nil)
            #expect(production.pages == 0)
        }
    }

    @Test func tenAnHour() async throws {
        try await serve(policy: Policy()) { server, _ in
            for _ in 0..<10 {
                #expect(try await server.send("HEAD", Archive.path, token: "reader").status == 200)
            }
            let refused = try await server.send("GET", Archive.path, token: "reader")
            #expect(refused.status == 429 && refused.field("ratelimit-policy") == "\"exports\";q=10;w=3600")
        }
    }

    @Test func aSlowReaderHoldsTheProducerBackAndCostsLittle() async throws {
        try await serve { server, production in
            let reader = try await server.client.open(Archive.path, token: "reader")
            try await reader.receive()
            try await untilStill(production)
            let limit = server.http.limits.unreadAnswer
            let sent = server.http.counters.reduce(0) { $0 + $1.bytesOut.current() }
            // What was produced and has not left is bounded, as is the memory that holds it.
            #expect(production.pages < 225)
            #expect(production.given - sent < limit + 64 * 1024)
            #expect(await server.http.heldBytes() < 4 * limit)
            let answer = try await reader.answer()
            #expect(answer.isWhole && answer.body.count > 8_000_000)
            #expect(answer.text.hasSuffix(Self.line(49_999)))
            #expect(production.pages == 251)
            try await until { production.running == 0 }
        }
    }

    @Test func aReaderThatLeavesEndsTheProduction() async throws {
        try await serve { server, production in
            var reader: TestReader? = try await server.client.open(Archive.path, token: "reader")
            try await reader?.receive()
            try await untilStill(production)
            #expect(production.running == 1)
            reader = nil
            try await until { production.running == 0 }
            #expect(production.pages < 225)
            #expect(server.http.counters.reduce(0) { $0 + $1.inFlight.current() } == 0)
            #expect(await server.http.heldBytes() == 0)
        }
    }

    @Test func aFileThatFailsInTheMiddleIsSeenNotToBeWhole() async throws {
        try await serve { server, _ in
            let answer = try await server.send("GET", "/archive/broken", token: "reader")
            #expect(answer.status == 200 && !answer.isWhole)
            #expect(answer.text.hasPrefix("number,text"))
            try await until { Self.counted("exportBroken", server) == 1 }
        }
    }

    @Test func aFileThatTakesTooLongIsBrokenOff() async throws {
        try await serve { server, _ in
            let began = ContinuousClock.now
            let answer = try await server.send("GET", "/archive/late", token: "reader")
            #expect(answer.status == 200 && !answer.isWhole)
            #expect(ContinuousClock.now - began < .seconds(20))
            #expect(server.http.counters.reduce(0) { $0 + $1.timeouts.handler.current() } == 1)
        }
    }

    @Test func filesHaveTenMinutes() {
        #expect(Archive().operations.first?.deadlineSeconds == 600)
    }

    @Test func theDocumentDescribesFiles() throws {
        let bytes = OpenAPI(operations: Archive().operations, version: "1", serverURL: "/").document()
        let operation = try JSONValue.decode(json: bytes)["paths"]?[Archive.path]?["get"]
        let names = operation?["parameters"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["from", "format"])
        #expect(operation?["parameters"]?[1]?["schema"]?["enum"] == ["csv", "xlsx"])
        #expect(operation?["responses"]?["200"]?["content"]?["text/csv; charset=utf-8"]?["schema"]?["type"] == "string")
        #expect(operation?["responses"]?["200"]?["headers"]?["Content-Disposition"] != nil)
        #expect(operation?["responses"]?["422"]?["description"]?.string?.contains("range_too_large") == true)
    }

    /// Answers of the operation that metrics count as successes.
    private static func counted(_ operation: String, _ server: TestServer) -> Int? {
        let name = #"atrium_http_requests_total{operation="\#(operation)",status="2xx"} "#
        let lines = String(decoding: server.metrics.prometheusText(), as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
    }

    private struct TooLate: Error {}

    private func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<3_000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TooLate()
    }

    /// Returns when nothing has been produced for half a second.
    private func untilStill(_ production: Archive.Production) async throws {
        var last = -1
        try await until {
            let now = production.pages
            try await Task.sleep(for: .milliseconds(500))
            defer { last = now }
            return now > 0 && now == last
        }
    }
}
