import JSON
import Postgres
import Runtime
import Support
import Testing
import Values

@testable import Service

/// The operations of a running instance, and one to be seen in them.
private struct RuntimeModule: Module {
    let name = "runtime"
    let operations: [Service.Operation]
    static var statements: [StatementSample] { [] }

    init(_ platform: TestPlatform) {
        operations = RuntimeOperations(journal: platform.journal).operations + [
            .raw(.get, "/seen", "getSeen", "Is counted", tag: "Tests", who: .anyone, success: Success(200, isBare: true)) { _ in
                .json(Array("1".utf8))
            }
        ]
    }
}

/// One token for each answer to who may read settings, and where.
private struct SettingsReaders: Authenticator {
    private let staff = UUID.v7()

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        let grants: [String: (Scope, Permission)] = [
            "platform": (.platform, "settings:read"), "below": (Scope("company", UUID.v7()), "settings:read"),
            "other": (.platform, "users:read"),
        ]
        guard let (scope, code) = grants[token] else { return nil }
        return Principal(
            kind: .user, userID: staff, name: token,
            grants: [Grant(role: "r", level: 1, scope: scope, permissions: PermissionSet(role: [code]))], sessionID: nil,
            expiresAt: .distantFuture)
    }
}

@Suite struct RuntimeOperationsTests {
    private func serve(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withServer(
            compose: { TestComposition(authenticator: SettingsReaders(), modules: [RuntimeModule($0)]) }, body)
    }

    @Test func onlyReadersOfThePlatformsSettingsSeeTheProcess() async throws {
        try await serve { server in
            for path in ["/admin/runtime/operations", "/admin/runtime/slow-requests"] {
                for (token, status) in [(nil, 401), ("other", 403), ("below", 403), ("platform", 200)] {
                    let answer = try await server.send("GET", path, token: token)
                    #expect(answer.status == status, "\(path) as \(token ?? "guest")")
                }
                let query = try await server.send("GET", path + "?limit=1", token: "platform")
                #expect(query.status == 422)
            }
        }
    }

    @Test func whatWasAskedIsCountedAndTheSlowIsKept() async throws {
        try await serve { server in
            let asked = try await server.send("GET", "/seen")
            _ = try await server.send("GET", "/seen")
            let figures = try await server.send("GET", "/admin/runtime/operations", token: "platform").text
            #expect(figures.contains(#""operation":"getSeen","requests":2,"refused":0,"failed":0"#))
            #expect(!figures.contains("listSlowRequests"), "nobody has asked for it yet")
            let slow = try await server.send("GET", "/admin/runtime/slow-requests", token: "platform").text
            let id = try #require(asked.field("x-request-id"))
            #expect(slow.contains(#""requestId":"\#(id)","operation":"getSeen","status":200"#))
        }
    }

    @Test func theOldestSlowRequestGoesFirst() {
        let journal = RequestJournal(slowerThan: .milliseconds(250))
        for n in 0..<RequestJournal.capacity + 3 {
            journal.keep(
                SlowRequest(
                    at: Instant(microseconds: 0), requestID: "\(n)", operation: "o", status: 200, milliseconds: 1000 + n,
                    userID: nil))
        }
        #expect(journal.slow.count == RequestJournal.capacity)
        #expect(journal.slow.map(\.milliseconds).max() == 1000 + RequestJournal.capacity + 2)
        #expect(journal.slow.map(\.milliseconds).min() == 1003)
        #expect(journal.slow.first?.milliseconds == 1000 + RequestJournal.capacity + 2)
    }
}
