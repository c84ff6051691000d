import JSON
import Postgres
import Runtime
import Support
import Testing

/// 0-platform, 7.15: lists are made with a constant number of statements. Of everything that can be listed and has many rows in the
/// demo, a hundred rows cost as many as one does.
@Suite(.serialized) struct ListCostTests {
    @Test func aHundredRowsCostAsManyStatementsAsOne() async throws {
        try await withDatabase { database in
            var environment = ServerProcess.environment(for: database)
            environment["WORKERS"] = "false"
            environment["METRICS_TOKEN"] = "the-token-of-metrics"
            let demo = try await ServerProcess.run(["demo"], environment)
            #expect(demo.exit == .code(0), "\(demo.text)")
            try await ServerProcess.using(environment) { servers in
                let client = servers[0].client
                let signed = try await client.send(
                    "POST", "/api/v1/auth/login", body: ["email": "admin@studyspot.com", "password": "Admin@123"])
                let token = try #require(signed.data["accessToken"]?.string, "\(signed.text)")
                var compared: [String] = []
                for path in try await lists(client) {
                    let many = try await client.send("GET", "\(path)?limit=100", token: token)
                    guard many.status == 200, let rows = many.data.array?.count, rows >= 20 else { continue }
                    compared.append(path)
                    let one = try await cost("\(path)?limit=1", client, token)
                    let hundred = try await cost("\(path)?limit=100", client, token)
                    #expect(hundred - one < 10, "\(path): \(one) statements for one row, \(hundred) for \(rows)")
                }
                #expect(compared.count >= 4, "\(compared)")
            }
        }
    }

    /// The paths without parameters of which there are pages.
    private func lists(_ client: TestClient) async throws -> [String] {
        let answer = try await client.send("GET", "/openapi.json")
        let document = try JSONValue.decode(json: answer.body, limits: JSONLimits(depth: 64, members: 1_000_000))
        return (document["paths"]?.object ?? []).compactMap { path in
            let isList = path.value["get"]?["parameters"]?.array?.contains { $0["name"] == "limit" } == true
            return isList && !path.name.contains("{") ? path.name : nil
        }
    }

    /// Statements of one request, what else goes on in the server left out as far as it can be.
    private func cost(_ path: String, _ client: TestClient, _ token: String) async throws -> Int {
        var least = Int.max
        for _ in 0..<4 {
            let before = try await statements(client)
            #expect(try await client.send("GET", path, token: token).status == 200, "\(path)")
            least = min(least, try await statements(client) - before)
        }
        return least
    }

    private func statements(_ client: TestClient) async throws -> Int {
        let text = try await client.send("GET", "/metrics", token: "the-token-of-metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix("atrium_database_queries_total ") }
        return try #require(line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) })
    }
}
