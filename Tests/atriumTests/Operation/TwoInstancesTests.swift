import FoundationEssentials
import Glibc
import JSON
import Postgres
import Runtime
import Support
import Testing

/// Two servers on one database, with nginx before them as config/nginx.conf.example has it.
@Suite(.serialized) struct TwoInstancesTests {
    private static let places: [String] = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
    private static let nginx = places.first { place in access(place, X_OK) == 0 }

    private struct Pair: Sendable {
        let one: ServerProcess
        let other: ServerProcess
        let database: Database
    }

    /// - Parameter endsOne: false when the test ends the first itself.
    private func withTwo(endsOne: Bool = true, _ body: @escaping @Sendable (Pair) async throws -> Void) async throws {
        try await withDatabase { database in
            var first = ServerProcess.environment(for: database)
            first["DATA_KEY"] = String(repeating: "5a", count: 32)
            first["TRUSTED_PROXIES"] = "127.0.0.1"
            // What tokens are issued by; each would say its own port otherwise.
            first["PUBLIC_URL"] = "https://api.example.org"
            var second = first
            second["DATA_DIR"] = ServerProcess.dataFolder()
            let pair = Pair(
                one: try await ServerProcess.start(first), other: try await ServerProcess.start(second), database: database)
            let result: Result<Void, any Error>
            do { result = .success(try await body(pair)) } catch { result = .failure(error) }
            if endsOne { _ = try await pair.one.end(SIGTERM) }
            _ = try await pair.other.end(SIGTERM)
            try result.get()
        }
    }

    private func signIn(_ client: TestClient) async throws -> String {
        let body: JSONValue = ["email": "admin@studyspot.com", "password": "Admin@123"]
        let answer = try await client.send("POST", "/api/v1/auth/login", body: body)
        return try #require(answer.data["accessToken"]?.string, "\(answer.text)")
    }

    /// Asks until it holds, a second at most by the clock of a machine that has time.
    private func soon(_ holds: () async throws -> Bool) async throws -> Bool {
        let begun = ContinuousClock.now
        while ContinuousClock.now - begun < .seconds(10) {
            if try await holds() { return true }
        }
        return false
    }

    /// 0-platform, acceptance 4.
    @Test func whoSignsOutOnOneIsOutOnTheOther() async throws {
        try await withTwo { pair in
            let token = try await signIn(pair.one.client)
            #expect(try await pair.other.client.send("GET", "/api/v1/users/me", token: token).status == 200)
            #expect(try await pair.one.client.send("POST", "/api/v1/auth/logout", token: token, body: [:]).status == 200)
            #expect(try await soon {
                try await pair.other.client.send("GET", "/api/v1/users/me", token: token).status == 401
            })
        }
    }

    /// What is told on one acts on the other: a flag by NOTIFY, an event by the outbox, once.
    @Test func anEventCrosses() async throws {
        try await withTwo { pair in
            let token = try await signIn(pair.one.client)
            let flag: JSONValue = ["key": "crossing", "name": "Crossing", "isEnabled": true, "rolloutPercentage": 100]
            let made = try await pair.one.client.send("POST", "/api/v1/admin/settings/features", token: token, body: flag)
            #expect(made.status == 201, "\(made.text)")
            #expect(try await soon {
                try await pair.other.client.send("GET", "/api/v1/config").data["flags"]?["crossing"] == true
            })
            #expect(try await soon {
                try await pair.database.one(
                    Statement<Int>(
                        "select count(*) from api.outbox where event = 'setting.changed' and dispatched_at is not null")) == 1
            })
        }
    }

    @Test func aScheduleFiresOnce() async throws {
        try await withTwo { pair in
            let fired = Statement<Int>("select count(*) from jobs.jobs where schedule_key = 'lift-suspensions'")
            // Both have it in their lists; neither has fired it when its hour is set back.
            #expect(try await soon {
                try await pair.database.one(
                    Statement<Int>("select count(*) from jobs.schedules where key = 'lift-suspensions'")) == 1
            })
            let before = try await pair.database.one(fired)
            try await pair.database.execute(
                Command("update jobs.schedules set next_run_at = now() - interval '1 second' where key = 'lift-suspensions'"))
            #expect(try await soon { try await pair.database.one(fired) == before + 1 })
            // Each looks again within a second or two, as its other work shows.
            let ticks = Statement<Int>("select count(*) from jobs.jobs where schedule_key = 'lift-suspensions' and state = 'completed'")
            #expect(try await soon { try await pair.database.one(ticks) == before + 1 })
            #expect(try await pair.database.one(fired) == before + 1)
        }
    }

    @Test(.enabled(if: nginx != nil, "nginx is not installed (apt-get install nginx-light)"))
    func nginxSharesRequestsAndLeavesOutWhatHasGone() async throws {
        try await withTwo(endsOne: false) { pair in
            let proxy = try await Proxy.start(Self.nginx!, before: [pair.one.address, pair.other.address])
            let token = try await signIn(proxy.client)
            for _ in 0..<8 { #expect(try await proxy.client.send("GET", "/api/v1/users/me", token: token).status == 200) }
            #expect(try await proxy.client.send("GET", "/metrics").status == 403)
            // Signed out through the proxy, on whichever it was: out on both.
            #expect(try await proxy.client.send("POST", "/api/v1/auth/logout", token: token, body: [:]).status == 200)
            for server in [pair.one, pair.other] {
                #expect(try await soon { try await server.client.send("GET", "/api/v1/users/me", token: token).status == 401 })
            }
            // One of them leaves: nobody is refused.
            pair.one.child.signal(SIGTERM)
            for _ in 0..<20 { #expect(try await proxy.client.send("GET", "/health/ready").status == 200) }
            #expect(try await TestLoops.run { try await pair.one.child.wait() } == .code(0))
            for _ in 0..<20 { #expect(try await proxy.client.send("GET", "/api/v1/config").status == 200) }
            try await proxy.stop()
        }
    }

    /// The example as it stands, but for its ports and the certificate.
    private struct Proxy: Sendable {
        let child: ChildProcess
        let client: TestClient

        static func start(_ program: String, before servers: [SocketAddress]) async throws -> Proxy {
            let folder = ServerProcess.dataFolder()
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let example = URL(filePath: ProjectFolder.path + "/config/nginx.conf.example")
            var site = try String(contentsOf: example, encoding: .utf8)
            let port = try ServerProcess.freePort(), plain = try ServerProcess.freePort()
            for (old, new) in [
                ("127.0.0.1:3000", "127.0.0.1:\(servers[0].port)"), ("127.0.0.1:3001", "127.0.0.1:\(servers[1].port)"),
                ("listen 443 ssl http2;", "listen 127.0.0.1:\(port);"), ("listen 80;", "listen 127.0.0.1:\(plain);"),
            ] {
                #expect(site.contains(old), "the example has \(old)")
                site = site.replacing(old, with: new)
            }
            site = site.replacing(/\n *ssl_[^\n]*/, with: "")
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: "\n")
            let whole = """
                daemon off; master_process off; pid \(folder)/nginx.pid; error_log \(folder)/error.log;
                events { worker_connections 256; }
                http { access_log off; \(temporary)
                \(site)
                }
                """
            try Data(whole.utf8).write(to: URL(filePath: folder + "/nginx.conf"))
            let log = try checked("open", open(folder + "/output.log", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
            defer { close(log) }
            let child = try await TestLoops.run {
                try ChildProcess.start(
                    program, ["-c", folder + "/nginx.conf", "-p", folder], environment: ["PATH": "/usr/bin:/bin"], log: log)
            }
            let address = try #require(SocketAddress(ip: "127.0.0.1", port: port))
            let client = TestClient(address: address, pool: TestLoops.clients)
            for _ in 0..<2_000 {
                if let answer = try? await client.send("GET", "/health/live"), answer.status == 200 {
                    return Proxy(child: child, client: client)
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            let words = (try? String(contentsOf: URL(filePath: folder + "/error.log"), encoding: .utf8)) ?? ""
            throw ServerProcess.DidNotStart(output: words)
        }

        func stop() async throws {
            child.signal(SIGTERM)
            _ = try await TestLoops.run { try await child.wait() }
        }
    }
}
