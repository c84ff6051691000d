import JSON
import Postgres
import Service
import Support
import Testing

/// `If-Match`, whatever the object is.
@Suite struct MatchingTests {
    private func thing(_ server: TestServer) async throws -> String {
        let created = try await server.send("POST", "/things", token: "reader", body: ["name": "Stool", "price": 30])
        return try #require(created.field("location"))
    }

    @Test func aChangeOnAnOldCopyIsRefused() async throws {
        try await withShop { server in
            let path = try await thing(server)
            try await server.checkMatching(MatchedChange(path, as: "reader", ["price": 31], ["price": 32]))
        }
    }

    /// Whoever has changed it goes on from what he was answered.
    @Test func aChangeAnswersTheNewTag() async throws {
        try await withShop { server in
            let path = try await thing(server)
            let changed = try await server.send("PATCH", path, token: "reader", body: ["price": 31])
            let tag = try #require(changed.field("etag"), "\(changed.fields)")
            #expect(try await server.send("GET", path, token: "reader").field("etag") == tag)
            let next = try await server.send("PATCH", path, token: "reader", fields: ["If-Match": tag], body: ["price": 32])
            #expect(next.status == 200 && next.field("etag") != tag)
            // Whoever may not read it is told of no representation.
            let other = try await server.send("PATCH", path, token: "other", body: ["price": 33])
            #expect(other.status == 200 && other.field("etag") == nil, "\(other.fields)")
        }
    }

    @Test func whatHasChangedIsNotDeletedOnAnOldCopy() async throws {
        try await withShop { server in
            let path = try await thing(server)
            try await server.checkDeletion(of: path, as: "reader") {
                let changed = try await server.send("PATCH", path, token: "reader", body: ["price": 31])
                #expect(changed.status == 200)
            }
            #expect(try await server.send("GET", path, token: "reader").status == 404)
        }
    }

    /// Several tags, weak ones, and one of an object packed by gzip.
    @Test func anyOfTheTagsMayMatchStrongly() async throws {
        try await withShop { server in
            let path = try await thing(server)
            for (form, status) in [
                ("\"x\", TAG", 200), ("W/TAG", 412), ("\"x\"", 412), ("TAG-gzip", 200), ("x", 412),
            ] {
                let tag = try #require(try await server.send("GET", path, token: "reader").field("etag"))
                let field = form.hasPrefix("TAG-") ? "\(tag.dropLast())-gzip\"" : form.replacing("TAG", with: tag)
                let answer = try await server.send(
                    "PATCH", path, token: "reader", fields: ["If-Match": field], body: ["price": .number("\(status)")])
                #expect(answer.status == status, "\(field)")
            }
        }
    }

    /// RFC 9110, 13.1.1: a read of this copy or of none.
    @Test func aReadOfAnotherCopyIsRefused() async throws {
        try await withShop { server in
            let path = try await thing(server)
            let tag = try #require(try await server.send("GET", path, token: "reader").field("etag"))
            for (field, status) in [(tag, 200), ("*", 200), ("\"x\"", 412), ("W/\(tag)", 412)] {
                for method in ["GET", "HEAD"] {
                    let answer = try await server.send(method, path, token: "reader", fields: ["If-Match": field])
                    #expect(answer.status == status, "\(method) \(field)")
                    if status == 412, method == "GET" { #expect(answer.code == "precondition_failed") }
                }
            }
        }
    }

    /// RFC 9110, 13.1.2: a change only where the object is not what the client knows.
    @Test func aChangeOfWhatIsKnownIsRefused() async throws {
        try await withShop { server in
            let path = try await thing(server)
            let tag = try #require(try await server.send("GET", path, token: "reader").field("etag"))
            for (field, status) in [(tag, 412), ("*", 412), ("\"x\"", 200)] {
                let answer = try await server.send(
                    "PATCH", path, token: "reader", fields: ["If-None-Match": field], body: ["price": 41])
                #expect(answer.status == status, "\(field)")
            }
        }
    }

    /// Whom GET refuses has no copy, and so cannot have an old one.
    @Test func whoMayChangeAndNotReadHasNoTag() async throws {
        try await withShop { server in
            let path = try await thing(server)
            let tag = try #require(try await server.send("GET", path, token: "reader").field("etag"))
            for (field, status) in [(tag, 412), ("*", 200)] {
                let answer = try await server.send(
                    "PATCH", path, token: "other", fields: ["If-Match": field], body: ["price": 40])
                #expect(answer.status == status, "\(field)")
            }
            let nothing = try await server.send(
                "PATCH", "/things/018f0000-0000-7000-8000-000000000000", token: "reader", fields: ["If-Match": "*"],
                body: ["price": 40])
            #expect(nothing.status == 404)
        }
    }

    @Test func theAnswerOfWhoNeverAskedIsWithheld() async throws {
        try await withShop { server in
            let body: JSONValue = ["price": 1]
            for fields in [[:], ["If-Match": "*"]] {
                let answer = try await server.send("PATCH", "/leaks", token: "reader", fields: fields, body: body)
                #expect(answer.status == 500 && answer.code == "internal_error")
            }
        }
    }
}
