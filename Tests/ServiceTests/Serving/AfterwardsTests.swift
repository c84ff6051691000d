import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing

/// What is done when an operation has run.
@Suite struct AfterwardsTests {
    private final class Notes: Sendable {
        let lines = Mutex<[String]>([])

        func add(_ line: String) { lines.withLock { $0.append(line) } }
        func taken() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private struct Noted: WireOutput {
        static let shape = Shape<Noted>(output: "Noted", Field("isNoted", { _ in true }))
    }

    /// Says when what it does is committed; and the same, failing.
    private struct Noting: Module {
        let name = "noting"
        static var statements: [StatementSample] { [] }
        let database: Database
        let notes: Notes

        var operations: [Operation] {
            ["note", "fail"].map { name in
                .action("/\(name)", name, "Note", tag: "Noting", who: .signedIn, problems: [HouseProblem.notFound], answer: Noted.self) { _ in
                    if database.isInTransaction { database.afterCommit { notes.add("committed") } }
                    if name == "fail" { throw HouseProblem.notFound }
                    return Noted()
                }.afterwards(in: database) { notes.add("afterwards") }
            }
        }
    }

    @Test func itIsDoneAfterTheCommitAndNotWithoutOne() async throws {
        let notes = Notes()
        try await withServer { platform in
            TestComposition(authenticator: ShopAuthenticator(), modules: [Noting(database: platform.database, notes: notes)])
        } _: { (server: TestServer) async throws in
            func send(_ key: String?, fails: Bool = false) async throws -> Int {
                try await server.send(
                    "POST", fails ? "/fail" : "/note", token: "reader", fields: key.map { ["Idempotency-Key": $0] } ?? [:]).status
            }
            #expect(try await send(nil) == 200)
            #expect(notes.taken() == ["afterwards"])
            #expect(try await send("one") == 200)
            #expect(notes.taken() == ["committed", "afterwards"])
            // A kept answer is given again, and nothing is done.
            #expect(try await send("one") == 200)
            #expect(notes.taken() == [])
            // What fails outside a transaction may have changed something; inside it has not.
            #expect(try await send(nil, fails: true) == 404)
            #expect(notes.taken() == ["afterwards"])
            #expect(try await send("two", fails: true) == 404)
            #expect(notes.taken() == [])
        }
    }
}
