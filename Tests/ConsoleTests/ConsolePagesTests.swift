import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Console

private struct ConsoleModule: Module {
    let name = "console"
    let operations = ConsolePages(document: LazyDocument(on: TestLoops.blocking) { Array(#"{"openapi":"3.1.0"}"#.utf8) }).operations
    static var statements: [StatementSample] { [] }
}

private struct Someone: Authenticator {
    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        token == "someone"
            ? Principal(kind: .user, userID: .v7(), name: token, grants: [], sessionID: nil, expiresAt: .distantFuture) : nil
    }
}

@Suite struct ConsolePagesTests {
    private func serve(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withServer(
            compose: { _ in TestComposition(authenticator: Someone(), modules: [ConsoleModule()]) }, body)
    }

    @Test func thePagesAreForEverybodyAndRunNothingFromElsewhere() async throws {
        try await serve { server in
            for (path, type, text) in [
                ("/admin", "text/html", "<title>Atrium console</title>"), ("/admin/style.css", "text/css", "color-scheme"),
                ("/admin/client.js", "text/javascript", "sessionStorage"), ("/admin/catalogue.js", "text/javascript", "Catalogue"),
                ("/admin/views.js", "text/javascript", "menu"), ("/admin/parts.js", "text/javascript", "export function form"),
                ("/admin/app.js", "text/javascript", "start();"), ("/favicon.ico", "image/svg+xml", "<svg"),
            ] {
                let answer = try await server.send("GET", path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.field("content-type") == "\(type); charset=utf-8", "\(path)")
                #expect(answer.text.contains(text), "\(path)")
                let policy = try #require(answer.field("content-security-policy"))
                #expect(policy.contains("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "\(path)")
            }
        }
    }

    @Test func whatCanBeAskedIsToldToWhoeverIsSignedIn() async throws {
        try await serve { server in
            #expect(try await server.send("GET", "/admin/api.json").status == 401)
            let answer = try await server.send("GET", "/admin/api.json", token: "someone")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"openapi":"3.1.0"}"#)
        }
    }

    /// Every file that the page and its scripts name is served.
    @Test func nothingIsMissing() {
        let paths = Set(ConsolePages(document: LazyDocument(on: TestLoops.blocking) { [] }).operations.map(\.path.text))
        for text in [ConsoleAssets.page, ConsoleAssets.app, ConsoleAssets.parts, ConsoleAssets.client] {
            for match in text.matches(of: #/"(\/admin\/[a-z]+\.(?:js|css|json))"/#) {
                #expect(paths.contains(String(match.1)), "\(match.1)")
            }
        }
    }
}
