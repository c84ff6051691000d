import JSON
import Postgres
import Service
import Support
import Testing

/// What a process answers about itself, as the program composes it.
private struct SystemModule: Module {
    let name = "system"
    let operations: [Service.Operation]
    static var statements: [StatementSample] { [] }
    static let problems = [
        HouseProblem.notFound.problem, Problem(status: 409, code: "sold_out", detail: "Nothing <b>is</b> left."),
        Problem(status: 410, code: "sold_out", detail: "Nothing will come."),
    ]

    init(_ platform: TestPlatform, drain: Drain, metricsToken: String? = nil, checks: [HealthCheck] = []) {
        let health = Health(database: platform.database, version: "1.2.3", drain: drain, checks: checks)
        operations = SystemOperations(
            health: health, document: LazyDocument(on: TestLoops.blocking) { Array("{}".utf8) },
            explanation: LazyDocument(on: TestLoops.blocking, type: "text/html; charset=utf-8") {
                Array(DocsPage.html(SystemModule.problems).utf8)
            }, metrics: { "atrium_up 1\n" }, metricsToken: metricsToken
        ).operations + BenchmarkOperations.operations
    }
}

@Suite struct SystemOperationsTests {
    private func serve(
        metricsToken: String? = nil, checks: [HealthCheck] = [],
        _ body: @escaping @Sendable (TestServer, Drain) async throws -> Void
    ) async throws {
        let drain = Drain()
        try await withServer(
            compose: { platform in
                TestComposition(
                    authenticator: ShopAuthenticator(),
                    modules: [SystemModule(platform, drain: drain, metricsToken: metricsToken, checks: checks)])
            }, { server in try await body(server, drain) })
    }

    @Test func everyPageAnswersEverybody() async throws {
        try await serve { server, _ in
            for (path, type, text) in [
                ("/health", "application/json", "\"healthy\""), ("/health/live", "application/json", "alive"),
                ("/health/ready", "application/json", "ready"), ("/metrics", "text/plain", "atrium_up 1"),
                ("/openapi.json", "application/json", "{}"), ("/docs", "text/html", "<html"),
                ("/docs/style.css", "text/css", "{"), ("/docs/app.js", "text/javascript", "openapi.json"),
                ("/plaintext", "text/plain", "Hello, World!"), ("/json", "application/json", "\"message\""),
            ] {
                let answer = try await server.send("GET", path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.field("content-type")?.hasPrefix(type) == true, "\(path)")
                #expect(String(decoding: answer.body, as: UTF8.self).contains(text), "\(path)")
                #expect(answer.field("x-request-id") != nil, "\(path)")
            }
        }
    }

    @Test func aCriticalQueueDegradesTheWhole() async throws {
        try await serve { server, _ in
            for (status, whole) in [("warning", "healthy"), ("critical", "degraded")] {
                try await server.database.execute(
                    Command(
                        """
                        insert into jobs.queues (name, concurrency, health)
                        values ('letters', 1, jsonb_build_object('status', \(status)::text))
                        on conflict (name) do update set health = excluded.health
                        """))
                let health = try await server.send("GET", "/health")
                #expect(health.status == 200 && health.json["status"]?.string == whole)
                #expect(health.json["checks"]?.array?.last?["name"]?.string == "queues")
            }
        }
    }

    /// 0-platform, 4.13: the disk, and what modules look at.
    @Test func aPartThatIsNotWellDegradesTheWhole() async throws {
        let pool = TestLoops.blocking
        let rows: [(HealthCheck, String, String)] = [
            (.disk(of: "/tmp", pool: pool, least: 1), "disk", "healthy"),
            (.disk(of: "/tmp/no/such/folder/yet", pool: pool, least: 1), "disk", "healthy"),
            (.disk(of: "no-such-folder", pool: pool, least: 1), "disk", "healthy"),
            (.disk(of: "/tmp", named: "files_disk", pool: pool, least: .max), "files_disk", "degraded"),
            (.disk(of: "/dev/null/x", pool: pool, least: 1), "disk", "degraded"),
            (HealthCheck("storage") { true }, "storage", "healthy"), (HealthCheck("storage") { false }, "storage", "degraded"),
        ]
        for (check, name, status) in rows {
            try await serve(checks: [check, HealthCheck("other") { true }]) { server, _ in
                let health = try await server.send("GET", "/health")
                #expect(health.status == 200 && health.json["status"]?.string == status, "\(health.text)")
                let part = health.json["checks"]?.array?.first { $0["name"]?.string == name }
                #expect(part?["status"]?.string == status && part?["milliseconds"]?.int != nil)
                #expect(health.json["checks"]?.array?.last?["status"]?.string == "healthy")
            }
        }
    }

    /// `type` of a problem is `/docs#problem-<code>`.
    @Test func theTypeOfAProblemLeadsToItsPlaceOnThePage() async throws {
        try await serve { server, _ in
            let page = try await server.send("GET", "/docs").text
            #expect(page.contains(##"<dt id="problem-not_found"><code>not_found</code> 404</dt>"##))
            #expect(
                page.contains(
                    ##"<dt id="problem-sold_out"><code>sold_out</code> 409, 410</dt>"##
                        + "<dd>Nothing &lt;b&gt;is&lt;/b&gt; left.</dd><dd>Nothing will come.</dd>"))
        }
    }

    @Test func aDrainingProcessWantsNoTrafficButLives() async throws {
        try await serve { server, drain in
            drain.begin()
            let (ready, live) = try await (server.send("GET", "/health/ready"), server.send("GET", "/health/live"))
            #expect(ready.status == 503)
            #expect(live.status == 200)
        }
    }

    @Test func metricsAskForTheirToken() async throws {
        try await serve(metricsToken: "a long token of metrics") { server, _ in
            let token = "a long token of metrics"
            for (sent, status) in [(nil, 401), ("another", 401), (token, 200)] {
                let answer = try await server.send("GET", "/metrics", token: sent)
                #expect(answer.status == status, "\(sent ?? "none")")
            }
        }
    }
}
