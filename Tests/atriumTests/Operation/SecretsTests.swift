import FoundationEssentials
import Glibc
import JSON
import Postgres
import Support
import Testing

/// 0-platform, 7.8: codes, tokens, links, keys and passwords are hashed or encrypted at rest, and absent from logs, jobs, errors
/// and metrics. A server writes down all that it can; then everything it has left anywhere is searched for them.
@Suite(.serialized) struct SecretsTests {
    /// What must be found nowhere, by what it is.
    private struct Secrets {
        var all: [(what: String, text: String)] = []

        mutating func add(_ what: String, _ text: String?) throws {
            let text = try #require(text, "there is no \(what)")
            #expect(text.utf8.count >= 6, "\(what)")
            all.append((what, text))
        }
    }

    private struct Visitor {
        let client: TestClient
        var answers: [TestAnswer] = []

        mutating func send(
            _ method: String, _ path: String, token: String? = nil, key: String? = nil, body: JSONValue? = nil, raw: String? = nil
        ) async throws -> TestAnswer {
            var fields: [String: String] = [:]
            if let key { fields["Idempotency-Key"] = key }
            if raw != nil { fields["Content-Type"] = "application/json" }
            let answer = try await client.send(method, "/api/v1" + path, token: token, fields: fields, body: body, raw: raw.map { Array($0.utf8) })
            answers.append(answer)
            return answer
        }
    }

    @Test func areFoundNowhere() async throws {
        try await withDatabase { database in
            let log = "\(TestCluster.folder)/secrets.log"
            var environment = ServerProcess.environment(for: database)
            environment["LOG_LEVEL"] = "debug"
            environment["WEBHOOK_PRIVATE_NETWORKS"] = "127.0.0.0/8"
            environment["METRICS_TOKEN"] = "the-token-of-metrics"
            let server = try await ServerProcess.start(environment, writingTo: log)
            let outcome: Result<(Secrets, String), any Error>
            do {
                outcome = .success((try await leaveTraces(server.client), try await metrics(server.client)))
            } catch { outcome = .failure(error) }
            _ = try await server.end(SIGTERM)
            let (secrets, metrics) = try outcome.get()
            let written = try String(contentsOfFile: log, encoding: .utf8)
            #expect(written.contains(#""operation":"refresh""#), "it has written down what was asked")
            for (what, text) in secrets.all {
                #expect(!written.contains(text), "\(what) in the log")
                #expect(!metrics.contains(text), "\(what) in the metrics")
            }
            let everything = try await everything(in: database)
            #expect(everything.contains { $0.table == "identity.users" && $0.row.contains("secret@reader.example") }, "what is no secret is found")
            for (table, row) in everything {
                for (what, text) in secrets.all where row.contains(text) { Issue.record("\(what) in \(table)") }
            }
        }
    }

    private func metrics(_ client: TestClient) async throws -> String {
        let answer = try await client.send("GET", "/metrics", token: "the-token-of-metrics")
        #expect(answer.status == 200 && answer.text.contains("atrium_"))
        return answer.text
    }

    /// Every row of every table, as text.
    private func everything(in database: Database) async throws -> [(table: String, row: String)] {
        let tables = try await database.all(
            Statement<String>(
                """
                select table_schema || '.' || table_name || ' '
                    || query_to_xml(format('select t::text from %I.%I t', table_schema, table_name), false, true, '')::text
                  from information_schema.tables
                 where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1
                """, .report))
        #expect(tables.count > 60)
        return tables.map { text in
            let parts = text.split(separator: " ", maxSplits: 1)
            return (String(parts[0]), String(parts.last ?? ""))
        }
    }

    /// Signs in and out, in right ways and wrong ones, and asks for all that is secret.
    private func leaveTraces(_ client: TestClient) async throws -> Secrets {
        var (secrets, visitor) = (Secrets(), Visitor(client: client))
        let signed = try await visitor.send("POST", "/auth/login", body: ["email": "admin@studyspot.com", "password": "Admin@123"])
        let token = try #require(signed.data["accessToken"]?.string, "\(signed.text)")
        try secrets.add("the access token", token)
        let refresh = signed.data["refreshToken"]?.string
        try secrets.add("the refresh token", refresh)
        let next = try await visitor.send("POST", "/auth/refresh", body: ["refreshToken": .string(refresh ?? "")])
        try secrets.add("its successor", next.data["refreshToken"]?.string)

        // Passwords of which nothing becomes anything.
        let mistyped = "Mistyped-Horse-7"
        try secrets.add("a password that is none", mistyped)
        let wrong = try await visitor.send("POST", "/auth/login", body: ["email": "admin@studyspot.com", "password": .string(mistyped)])
        let stray = try await visitor.send("POST", "/auth/login", body: ["email": "a@b.example", "password": "x", "pasword": .string(mistyped)])
        let broken = try await visitor.send("POST", "/auth/login", raw: #"{"email":"a@b.example","password":"\#(mistyped)","#)
        let misplaced = try await visitor.send("GET", "/users/me?token=\(mistyped)&code=\(mistyped)&signature=\(mistyped)")
        for answer in [wrong, stray, broken, misplaced] {
            #expect(answer.status >= 400 && !answer.text.contains(mistyped), "\(answer.text)")
        }

        // Somebody new, his links and his codes.
        let person: JSONValue = [
            "email": "secret@reader.example", "password": "Readers-Horse-7", "firstName": "Sam", "acceptTerms": true,
        ]
        try secrets.add("a new password", "Readers-Horse-7")
        let registered = try await visitor.send("POST", "/auth/register", key: "register", body: person)
        #expect(registered.status == 201, "\(registered.text)")
        try secrets.add("his access token", registered.data["accessToken"]?.string)
        _ = try await visitor.send("POST", "/password-reset/request", body: ["email": "secret@reader.example"])
        _ = try await visitor.send("POST", "/auth/codes", body: ["phone": "+79161234567"])
        for (recipient, what) in [("secret@reader.example", "a link"), ("%2B79161234567", "a code")] {
            let outbox = try await visitor.send("GET", "/notifications/outbox?recipient=\(recipient)", token: token)
            let found = outbox.data.array?.compactMap { $0["secret"]?.string } ?? []
            #expect(!found.isEmpty, "\(outbox.text)")
            for secret in found { try secrets.add(what, secret.split(separator: "=").last.map(String.init)) }
        }

        // Keys that are shown once.
        let key = try await visitor.send(
            "POST", "/api-keys", token: token, key: "api-key", body: ["name": "k", "permissions": ["users:read"]])
        try secrets.add("an API key", key.data["secret"]?.string)
        let hook = try await visitor.send(
            "POST", "/webhook-endpoints", token: token, key: "endpoint",
            body: ["url": "http://127.0.0.1:9/", "events": ["user.registered"]])
        try secrets.add("an endpoint's secret", hook.data["secret"]?.string)
        let factor = try await visitor.send("POST", "/users/me/two-factor", token: token, key: "factor", body: ["method": "totp"])
        try secrets.add("an authenticator's secret", factor.data["secret"]?.string)
        let provider = try await visitor.send(
            "PATCH", "/admin/settings/payment-providers/stripe", token: token,
            body: ["keys": ["STRIPE_SECRET_KEY": "sk_test_of_the_secrets_test", "STRIPE_WEBHOOK_SECRET": "whsec_of_the_secrets_test"]])
        #expect(provider.status == 200, "\(provider.text)")
        for text in ["sk_test_of_the_secrets_test", "whsec_of_the_secrets_test"] {
            try secrets.add("a provider's key", text)
            #expect(!provider.text.contains(text))
        }
        return secrets
    }
}
