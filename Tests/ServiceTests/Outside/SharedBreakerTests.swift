import HTTP
import Postgres
import Runtime
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Service

@Suite struct SharedBreakerTests {
    /// A service as two instances of the program see it.
    struct Stage: Sendable {
        let instances: [SharedBreaker]
        let clock: TestClock
        let metrics: MetricRegistry

        func ask(_ failure: OutsideFailure?, on instance: Int = 0) async -> OutsideFailure? {
            do {
                try await instances[instance].ask { if let failure { throw failure } }
                return nil
            } catch {
                return error as? OutsideFailure
            }
        }
    }

    final class Tally: Sendable {
        let count = Atomic<Int>(0)
    }

    private func withStage(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let metrics = MetricRegistry(loops: TestLoops.group.loops.count)
            let instances = (0..<2).map { _ in
                SharedBreaker("mint", database: database, clock: clock.clock, log: .silent)
            }
            try await body(Stage(instances: instances, clock: clock, metrics: metrics))
        }
    }

    @Test func fiveFailuresWithinAMinuteAndItIsLeftAloneByAllInstances() async throws {
        try await withStage { stage in
            for round in 1...5 {
                stage.clock.advance(by: .seconds(10))
                #expect(await stage.ask(.failing(500), on: round % 2) == .failing(500))
            }
            for instance in 0...1 { #expect(await stage.ask(nil, on: instance) == .resting) }
            stage.clock.advance(by: .seconds(61))
            #expect(await stage.ask(nil) == nil)
            #expect(await stage.ask(nil, on: 1) == nil)
        }
    }

    @Test func failuresSpreadOverMoreThanAMinuteAreBorne() async throws {
        try await withStage { stage in
            for _ in 1...20 {
                stage.clock.advance(by: .seconds(16))
                #expect(await stage.ask(.unreachable("no")) == .unreachable("no"))
            }
            #expect(await stage.ask(nil) == nil)
        }
    }

    @Test func ofManyOneTriesAndAFailedTrialMeansAnotherMinute() async throws {
        try await withStage { stage in
            for _ in 1...5 { _ = await stage.ask(.unanswered("no")) }
            stage.clock.advance(by: .seconds(61))
            let tries = Tally()
            let ends = await withTaskGroup(of: OutsideFailure?.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        do {
                            try await stage.instances[index % 2].ask {
                                tries.count.add(1, ordering: .relaxed)
                                throw OutsideFailure.failing(503)
                            }
                            return nil
                        } catch {
                            return error as? OutsideFailure
                        }
                    }
                }
                return await group.reduce(into: [OutsideFailure?]()) { $0.append($1) }
            }
            #expect(tries.count.load(ordering: .relaxed) == 1)
            #expect(ends.filter { $0 == .resting }.count == 19)
            stage.clock.advance(by: .seconds(59))
            #expect(await stage.ask(nil) == .resting)
            stage.clock.advance(by: .seconds(2))
            #expect(await stage.ask(nil) == nil)
            #expect(await stage.ask(nil, on: 1) == nil)
        }
    }

    /// The process that tried was killed: somebody else may.
    @Test func aTrialWithoutAnEndIsOverAfterAMinute() async throws {
        try await withStage { stage in
            for _ in 1...5 { _ = await stage.ask(.failing(500)) }
            stage.clock.advance(by: .seconds(61))
            let leave = try await stage.instances[0].admit()
            #expect(leave == .trial)
            #expect(await stage.ask(nil) == .resting)
            stage.clock.advance(by: .seconds(61))
            #expect(await stage.ask(nil) == nil)
        }
    }

    @Test func whatIsRefusedIsAnAnswer() async throws {
        struct Refused: Error {}
        try await withStage { stage in
            for _ in 1...10 {
                await #expect(throws: Refused.self) { try await stage.instances[0].ask { throw Refused() } }
            }
            #expect(await stage.ask(nil) == nil)
        }
    }

    @Test func nobodyIsAskedInATransaction() async throws {
        try await withStage { stage in
            await #expect(throws: AskedInTransaction.self) {
                try await stage.instances[0].database.transaction { _ in try await stage.instances[0].ask {} }
            }
        }
    }

    /// Over real sockets: which ends are failures, and whether the request may have been carried out.
    @Test func whatHTTPEndsMean() async throws {
        try await withStage { stage in
            let service = try EmulatedService { request in
                switch request.path {
                case "/v1/silent": .brokenOff
                case "/v1/form": .answer(200, fields: [], body: request.body)
                default: .empty(Int(request.path.dropFirst(4)) ?? 200)
                }
            }
            let parts = OutsideParts(
                client: try TestLoops.client(), database: stage.instances[0].database, clock: stage.clock.clock,
                metrics: stage.metrics, log: .silent)
            let http = OutsideHTTP(
                "mint", base: service.url + "/v1", fields: [("Authorization", "Bearer k")], through: parts)
            func end(_ path: String) async throws -> OutsideFailure? {
                stage.clock.advance(by: .seconds(61))
                do { _ = try await http.send(.get, path) } catch let failure as OutsideFailure { return failure }
                return nil
            }
            for status in [200, 204, 302, 400, 404, 409, 422] { #expect(try await end("/\(status)") == nil) }
            for status in [401, 403] { #expect(try await end("/\(status)") == .rejectingUs(status)) }
            for status in [429, 500, 503] { #expect(try await end("/\(status)") == .failing(status)) }
            let silent = try await end("/silent")
            #expect(silent?.mayHaveActed == true, "\(String(describing: silent))")
            #expect(service.seen.allSatisfy { $0.field("authorization") == "Bearer k" })
            let form = try await http.send(.post, "/form", body: .form([("a[b]", "c d&e=ü")]))
            #expect(form.text == "a%5Bb%5D=c%20d%26e%3D%C3%BC")
            service.stop()
            let gone = try await end("/200")
            #expect(gone?.mayHaveActed == false, "\(String(describing: gone))")
            let text = String(decoding: stage.metrics.prometheusText(), as: UTF8.self)
            #expect(text.contains(#"provider_calls_total{provider="mint",outcome="failed"}"#), "\(text)")
        }
    }
}
