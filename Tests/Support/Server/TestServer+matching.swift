import JSON
import Postgres
import Testing

/// A change of an object that has a GET of its own, and two bodies that differ in what they change.
package struct MatchedChange: Sendable {
    package let method: String
    package let path: String
    package let token: String?
    package let first: JSONValue
    package let second: JSONValue

    package init(
        _ path: String, by method: String = "PATCH", as token: String?, _ first: JSONValue, _ second: JSONValue
    ) {
        self.method = method
        self.path = path
        self.token = token
        self.first = first
        self.second = second
    }
}

extension TestServer {
    /// Holds an operation to `If-Match`: the tag of GET lets the change through once, `*` lets every change through.
    package func checkMatching(_ change: MatchedChange) async throws {
        let (method, path) = (change.method, change.path)
        let tag = try await tag(of: change.path, as: change.token)
        let made = try await make(change, change.first, on: tag)
        #expect(made.status == 200, "\(method) \(path): \(made.text)")
        let after = try await send("GET", path, token: change.token)
        let late = try await make(change, change.second, on: tag)
        #expect(late.status == 412 && late.code == "precondition_failed", "\(method) \(path): \(late.text)")
        let still = try await send("GET", path, token: change.token)
        #expect(still.text == after.text, "\(method) \(path)")
        let any = try await make(change, change.second, on: "*")
        #expect(any.status == 200, "\(method) \(path): \(any.text)")
    }

    /// Makes both changes on one copy at once: one is made, the other refused.
    ///
    /// - Parameter row: locks what the operation locks, so that both changes have come that far before either goes on.
    package func raceMatching(_ change: MatchedChange, holding row: Statement<Int>) async throws {
        let tag = try await tag(of: change.path, as: change.token)
        let changes = try await database.transaction { _ in
            _ = try await database.first(row)
            let changes = [change.first, change.second].map { body in
                Task { try await self.make(change, body, on: tag) }
            }
            try await waitForLocks(2)
            return changes
        }
        var answers: [TestAnswer] = []
        for change in changes { answers.append(try await change.value) }
        #expect(answers.map(\.status).sorted() == [200, 412], "\(change.path): \(answers.map(\.text))")
    }

    /// Holds a deletion to `If-Match`: what `change` has made another is deleted by its new tag alone.
    ///
    /// - Parameter body: what the deletion itself takes.
    package func checkDeletion(
        of path: String, as token: String?, _ body: JSONValue? = nil, after change: () async throws -> Void
    ) async throws {
        let tag = try await tag(of: path, as: token)
        try await change()
        let after = try await send("GET", path, token: token)
        let late = try await send("DELETE", path, token: token, fields: ["If-Match": tag], body: body)
        #expect(late.status == 412 && late.code == "precondition_failed", "DELETE \(path): \(late.text)")
        let still = try await send("GET", path, token: token)
        #expect(still.text == after.text, "DELETE \(path)")
        let now = try #require(after.field("etag"))
        let gone = try await send("DELETE", path, token: token, fields: ["If-Match": now], body: body)
        #expect(gone.status == 204, "DELETE \(path): \(gone.text)")
    }

    private func tag(of path: String, as token: String?) async throws -> String {
        let read = try await send("GET", path, token: token)
        return try #require(read.field("etag"), "\(path): \(read.text)")
    }

    private func make(_ change: MatchedChange, _ body: JSONValue, on tag: String) async throws -> TestAnswer {
        try await send(change.method, change.path, token: change.token, fields: ["If-Match": tag], body: body)
    }

    /// Returns when so many of the database's connections wait for a lock: what is under way stands where the test has it.
    package func waitForLocks(_ count: Int) async throws {
        let waiting = Statement<Int>(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
        for _ in 0..<10_000 {
            // Within a transaction the activity is looked at once otherwise.
            try await database.execute(Command("select pg_stat_clear_snapshot()"))
            if try await database.one(waiting) >= count { return }
        }
        throw NobodyWaits()
    }

    struct NobodyWaits: Error {}
}
