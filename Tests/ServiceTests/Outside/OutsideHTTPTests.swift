import HTTP
import Postgres
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Service

@Suite struct OutsideHTTPTests {
    struct Stage: Sendable {
        let mint: EmulatedService
        let http: OutsideHTTP
        let database: Database
        let clock: TestClock
        let metrics: MetricRegistry

        func end(_ path: String) async throws -> OutsideFailure? {
            do { _ = try await http.send(.get, path) } catch let failure as OutsideFailure { return failure }
            return nil
        }
    }

    private func withStage(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
        try await withDatabase { database in
            let mint = try EmulatedService { request in
                switch request.path {
                case "/v1/silent": .brokenOff
                case "/v1/form": .answer(200, fields: [], body: request.body)
                default: .empty(Int(request.path.dropFirst(4)) ?? 200)
                }
            }
            let clock = TestClock()
            let metrics = MetricRegistry(loops: TestLoops.group.loops.count)
            let parts = OutsideParts(
                client: try TestLoops.client(), database: database, clock: clock.clock, metrics: metrics, log: .silent)
            let http = OutsideHTTP("mint", base: mint.url + "/v1", fields: [("Authorization", "Bearer k")], through: parts)
            try await body(Stage(mint: mint, http: http, database: database, clock: clock, metrics: metrics))
        }
    }

    /// Over real sockets: which ends are failures, and whether the request may have been carried out.
    @Test func whatHTTPEndsMean() async throws {
        try await withStage { stage in
            func end(_ path: String) async throws -> OutsideFailure? {
                stage.clock.advance(by: .seconds(61))
                return try await stage.end(path)
            }
            for status in [200, 204, 302, 400, 404, 409, 422] { #expect(try await end("/\(status)") == nil) }
            for status in [401, 403] { #expect(try await end("/\(status)") == .rejectingUs(status)) }
            for status in [429, 500, 503] { #expect(try await end("/\(status)") == .failing(status)) }
            let silent = try await end("/silent")
            #expect(silent?.mayHaveActed == true, "\(String(describing: silent))")
            #expect(stage.mint.seen.allSatisfy { $0.field("authorization") == "Bearer k" })
            let form = try await stage.http.send(.post, "/form", body: .form([("a[b]", "c d&e=ü")]))
            #expect(form.text == "a%5Bb%5D=c%20d%26e%3D%C3%BC")
            stage.mint.stop()
            let gone = try await end("/200")
            #expect(gone?.mayHaveActed == false, "\(String(describing: gone))")
            let text = String(decoding: stage.metrics.prometheusText(), as: UTF8.self)
            #expect(text.contains(#"provider_calls_total{provider="mint",outcome="failed"}"#), "\(text)")
        }
    }

    /// After five failures of any kind it is left alone; when it has rested one of all that want to tries.
    @Test func itIsLeftAloneAndTriedByOne() async throws {
        try await withStage { stage in
            for path in ["/500", "/429", "/401", "/403", "/503"] { #expect(try await stage.end(path) != .resting) }
            #expect(try await stage.end("/200") == .resting)
            #expect(stage.mint.seen.count == 5)
            stage.clock.advance(by: .seconds(61))
            let ends = try await withThrowingTaskGroup(of: OutsideFailure?.self) { group in
                for _ in 0..<20 { group.addTask { try await stage.end("/503") } }
                return try await group.reduce(into: [OutsideFailure?]()) { $0.append($1) }
            }
            #expect(ends.filter { $0 == .failing(503) }.count == 1 && ends.filter { $0 == .resting }.count == 19)
            stage.clock.advance(by: .seconds(61))
            #expect(try await stage.end("/200") == nil)
            #expect(try await stage.end("/200") == nil)
        }
    }

    @Test func nobodyIsAskedInATransaction() async throws {
        try await withStage { stage in
            await #expect(throws: AskedInTransaction.self) {
                try await stage.database.transaction { _ in _ = try await stage.http.send(.get, "/200") }
            }
            #expect(stage.mint.seen.isEmpty)
        }
    }
}
