import Cache
import JSON
import HTTP
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// A server under test: its own database, a port of its own, and a clock that the test sets.
package final class TestServer: Sendable {
    package let database: Database
    package let client: TestClient
    package let clock: TestClock
    /// For its counters.
    package let http: HTTPServer
    package let metrics: MetricRegistry

    package init(database: Database, client: TestClient, clock: TestClock, http: HTTPServer, metrics: MetricRegistry) {
        self.database = database
        self.client = client
        self.clock = clock
        self.http = http
        self.metrics = metrics
    }

    package func send(
        _ method: String, _ path: String, token: String? = nil, fields: [String: String] = [:],
        body: JSONValue? = nil, raw: [UInt8]? = nil
    ) async throws -> TestAnswer {
        try await client.send(method, path, token: token, fields: fields, body: body, raw: raw)
    }
}

/// What modules under test are made of.
package struct TestPlatform: Sendable {
    package let database: Database
    package let cache: Cache
    package let clock: Clock
    package let log: Log
    package let metrics: MetricRegistry
    package let locks: ScopeLocks
    package let outbox: Outbox
    package let loops: LoopGroup
    package let blocking: BlockingPool
    /// Every request counts as slow.
    package let journal = RequestJournal(slowerThan: .zero)
    /// Where rules hang that operators change.
    package let board: RuleBoard
}

/// The composition of a test: who authenticates, and the modules.
package struct TestComposition: Sendable {
    package let authenticator: any Authenticator
    package let modules: [any Module]

    package init(authenticator: any Authenticator, modules: [any Module]) {
        self.authenticator = authenticator
        self.modules = modules
    }
}
