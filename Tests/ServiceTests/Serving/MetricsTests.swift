import Postgres
import Service
import Support
import Testing

@Suite struct MetricsTests {
    /// Without a token the figures are this machine's alone, also behind a proxy on it.
    @Test(arguments: [
        (nil, nil, "", 200), (nil, nil, "192.0.2.1", 401), (nil, "x", "192.0.2.1", 401), ("a-token-of-metrics", nil, "", 401),
        ("a-token-of-metrics", "a-token-of-metrics", "192.0.2.1", 200), ("a-token-of-metrics", "another-of-metrics", "", 401),
    ] as [(String?, String?, String, Int)])
    func figuresAreForThisMachineOrWhoeverHasTheToken(
        setting: String?, token: String?, forwarded: String, status: Int
    ) async throws {
        for proxies in [[], [Network("127.0.0.1")!]] {
            try await withServer(
                policy: Policy(rateLimit: nil, trustedProxies: proxies),
                compose: { platform in
                    let health = Health(database: platform.database, version: "1", drain: Drain())
                    return TestComposition(
                        authenticator: ShopAuthenticator(), modules: [Figures(health: health, token: setting)])
                }
            ) { server in
                let fields = forwarded.isEmpty ? [:] : ["X-Forwarded-For": forwarded]
                let answer = try await server.send("GET", "/metrics", token: token, fields: fields)
                #expect(answer.status == status)
            }
        }
    }

    private struct Figures: Module {
        let name = "figures"
        let health: Health
        let token: String?
        static var statements: [StatementSample] { [] }
        var operations: [Operation] {
            SystemOperations(health: health, document: nil, explanation: nil, metrics: { "up 1" }, metricsToken: token).operations
        }
    }
}
