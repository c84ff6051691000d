import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Files

@Suite struct FileAccessTests {
    @Test func privateFilesAreTheirOwnersAlone() async throws {
        try await withFiles { stage in
            let id = try await stage.file(Samples.png())
            for path in [id, "\(id)/content"] {
                let rows: [(String?, Int)] = [("anna", 200), ("boris", 404), ("keeper", 200), (nil, path == id ? 401 : 404)]
                for (token, status) in rows {
                    #expect(try await stage.get(path, as: token).status == status, "\(path) by \(token ?? "nobody")")
                }
            }
            #expect(try await stage.get("\(id)/content").field("cache-control") == "private, no-cache")
            for path in ["\(UUID.v7())", "\(UUID.v7())/content", "x", "x/content"] { #expect(try await stage.get(path).status == 404) }
            let sign = { (token: String?, body: JSONValue) in
                try await stage.server.send("POST", "/api/v1/files/\(id)/sign", token: token, body: body)
            }
            let rows: [(String?, JSONValue, Int)] = [
                (nil, [:], 401), ("boris", [:], 404), ("anna", ["expiresIn": 0], 422), ("anna", ["expiresIn": 604_801], 422),
                ("anna", ["x": 1], 422), ("anna", [:], 200), ("keeper", ["expiresIn": 604_800], 200),
            ]
            for (token, body, status) in rows { #expect(try await sign(token, body).status == status, "\(token ?? "nobody") \(body)") }
        }
    }

    @Test func aSignedAddressOpensItsFileForItsTime() async throws {
        try await withFiles { stage in
            let id = try await stage.file(Samples.png())
            let other = try await stage.file(Samples.png(2, 2))
            let signed = try await stage.server.send("POST", "/api/v1/files/\(id)/sign", token: "anna", body: ["expiresIn": 60])
            let url = try #require(signed.data["url"]?.string)
            #expect(url.hasPrefix("http://files.test/api/v1/files/\(id)/content?expires="))
            let query = String(url.split(separator: "?")[1])
            #expect(try await stage.get("\(id)/content?\(query)", as: nil).body == Samples.png())
            #expect(try await stage.get("\(id)/content?\(query)", as: "boris").status == 200)
            let expires = try #require(query.split(separator: "&").first)
            let seconds = try #require(Int(expires.dropFirst("expires=".count)))
            let refused = [
                "\(other)/content?\(query)", "\(id)/content?" + query.replacing("\(seconds)", with: "\(seconds + 1)"),
                "\(id)/content?\(expires)&signature=AAAA", "\(id)/content?\(expires)&signature=!", "\(id)/content?expires=-1&signature=AAAA",
            ]
            for path in refused {
                for token in [nil, "anna"] {
                    let answer = try await stage.get(path, as: token)
                    #expect(answer.status == 403 && answer.code == "signature_invalid", "\(path): \(answer.text)")
                }
            }
            #expect(try await stage.get("\(id)/content?\(expires)", as: nil).status == 422)
            #expect(try await stage.get("\(id)/content?signature=x", as: nil).status == 422)
            #expect(try await stage.get("\(id)/content?\(query)&x=1", as: nil).status == 422)
            stage.server.clock.advance(by: .seconds(61))
            #expect(try await stage.get("\(id)/content?\(query)", as: nil).status == 403, "its time is over")
        }
    }

    @Test func partsTagsAndHeads() async throws {
        try await withFiles { stage in
            let bytes = Samples.png(5, 5) + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let id = try await stage.file(bytes, name: "näme %22x%22.png")
            let whole = try await stage.get("\(id)/content")
            #expect(whole.body == bytes && whole.field("accept-ranges") == "bytes")
            let disposition = whole.field("content-disposition")
            #expect(disposition == "inline; filename=\"n__me _x_.png\"; filename*=UTF-8''n%C3%A4me%20%22x%22.png")
            #expect(whole.field("x-content-type-options") == "nosniff" && whole.field("content-security-policy") == "default-src 'none'")
            let tag = try #require(whole.field("etag"))
            let rows: [([String: String], Int, Range<Int>?)] = [
                (["Range": "bytes=0-9"], 206, 0..<10), (["Range": "bytes=299990-"], 206, 299_990..<bytes.count),
                (["Range": "bytes=-5"], 206, bytes.count - 5..<bytes.count), (["Range": "bytes=\(bytes.count)-"], 416, nil),
                (["If-None-Match": tag], 304, nil), (["Range": "bytes=0-9", "If-Range": tag], 206, 0..<10),
                (["Range": "bytes=0-9", "If-Range": "\"other\""], 200, 0..<bytes.count), (["If-Match": "\"other\""], 412, nil),
            ]
            for (fields, status, range) in rows {
                let answer = try await stage.get("\(id)/content", fields)
                #expect(answer.status == status, "\(fields)")
                if let range { #expect(answer.body == Array(bytes[range]), "\(fields)") }
                #expect(answer.fields.count { $0.name == "etag" } <= 1)
            }
            let head = try await stage.server.send("HEAD", "/api/v1/files/\(id)/content", token: "anna")
            #expect(head.status == 200 && head.body.isEmpty && head.field("content-length") == "\(bytes.count)")
            let text = try await stage.file(Array("a;b\n".utf8), "document", name: "t.csv")
            let download = try await stage.get("\(text)/content")
            #expect(download.field("content-type") == "text/csv; charset=utf-8")
            #expect(download.field("content-disposition")?.hasPrefix("attachment; ") == true)
        }
    }

    @Test func listsShowOnesOwnAndToKeepersAll() async throws {
        try await withFiles { stage in
            let first = try await stage.file(Samples.png())
            let second = try await stage.file(Samples.pdf, "document")
            let foreign = try await stage.file(Samples.png(), as: "boris")
            func ids(_ query: String, as token: String) async throws -> [String] {
                let answer = try await stage.server.send("GET", "/api/v1/files" + query, token: token)
                return (answer.data.array ?? []).compactMap { $0["id"]?.string }
            }
            #expect(try await ids("", as: "anna") == [second, first])
            #expect(try await ids("?sort=createdAt", as: "anna") == [first, second])
            #expect(try await ids("?purpose=document", as: "anna") == [second])
            #expect(try await ids("", as: "keeper") == [foreign, second, first])
            #expect(try await ids("?objectType=user&objectId=\(UUID.v7())", as: "keeper").isEmpty)
            #expect(try await stage.server.send("GET", "/api/v1/files").status == 401)
            #expect(try await stage.server.send("GET", "/api/v1/files?limit=101", token: "anna").status == 422)
            #expect(try await stage.server.send("GET", "/api/v1/files?x=1", token: "anna").status == 422)
        }
    }

    @Test func whatNothingUsesCanBeDeleted() async throws {
        try await withFiles { stage in
            let id = try await stage.file(Samples.png())
            let path = "/api/v1/files/\(id)"
            let rows: [(String?, [String: String], Int)] = [
                (nil, [:], 401), ("boris", [:], 404), ("anna", ["If-Match": "\"x\""], 412), ("anna", [:], 204), ("anna", [:], 404),
            ]
            for (token, fields, status) in rows {
                #expect(try await stage.server.send("DELETE", path, token: token, fields: fields).status == status)
            }
            #expect(try await stage.get("\(id)/content").status == 404)
            #expect(stage.objects().count == 1)
            try await stage.work()
            #expect(stage.objects().isEmpty)
            #expect(try await stage.rows() == 0)
            let tagged = try await stage.file(Samples.png())
            let tag = try #require(try await stage.get(tagged).field("etag"))
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(tagged)", token: "anna", fields: ["If-Match": tag]).status == 204)
            let seen = try await stage.file(Samples.png(), "logo")
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(seen)", token: "boris").status == 403)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(seen)", token: "keeper").status == 204)
        }
    }

    @Test func theAvatarIsAPublicPictureOfOnesOwn() async throws {
        try await withFiles { stage in
            func put(_ id: String, as token: String? = "anna") async throws -> TestAnswer {
                try await stage.server.send("PUT", "/api/v1/users/me/avatar", token: token, body: ["fileId": .string(id)])
            }
            let first = try await stage.file(Samples.png(), "avatar")
            let image = try await stage.file(Samples.png(), "image")
            let foreign = try await stage.file(Samples.png(), "avatar", as: "boris")
            let rows: [(String, String?, Int)] = [
                (first, nil, 401), (image, "anna", 404), (foreign, "anna", 404), ("\(UUID.v7())", "anna", 404), ("x", "anna", 422),
                (first, "anna", 200), (first, "anna", 200),
            ]
            for (id, token, status) in rows { #expect(try await put(id, as: token).status == status, "\(id) by \(token ?? "nobody")") }
            func avatar() async throws -> UUID? {
                try await stage.server.database.one(
                    Statement<UUID?>("select avatar_file_id from identity.users where first_name = 'anna'"))
            }
            #expect(try await avatar() == UUID(first))
            let content = try await stage.get("\(first)/content", as: nil)
            #expect(content.status == 200 && content.field("cache-control") == "public, max-age=31536000, immutable")
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(first)", token: "anna").code == "in_use")
            let second = try await stage.file(Samples.png(2, 2), "avatar")
            #expect(try await put(second).status == 200)
            #expect(try await avatar() == UUID(second))
            #expect(try await stage.get("\(first)/content", as: nil).status == 404)
            let removed = try await stage.server.send("DELETE", "/api/v1/users/me/avatar", token: "anna")
            #expect(removed.status == 204)
            #expect(try await avatar() == nil)
            #expect(try await stage.get("\(second)/content", as: nil).status == 404)
            #expect(try await stage.server.send("DELETE", "/api/v1/users/me/avatar", token: "anna").status == 204)
            #expect(try await stage.server.send("DELETE", "/api/v1/users/me/avatar").status == 401)
            try await stage.work()
            #expect(stage.objects().count == 2, "\(stage.objects())")
        }
    }

    @Test func whoIsErasedLeavesNoPicture() async throws {
        try await withFiles { stage in
            let id = try await stage.file(Samples.png(), "avatar")
            _ = try await stage.server.send("PUT", "/api/v1/users/me/avatar", token: "anna", body: ["fileId": .string(id)])
            let anna = try #require(FilePeople.ids.first?.1)
            let outbox = Outbox(database: stage.server.database, log: .silent)
            try await outbox.publish(Event("user.deleted", "user", anna))
            while try await outbox.dispatch(to: stage.module.eventHandlers) > 0 {}
            #expect(try await stage.get("\(id)/content", as: nil).status == 404)
            try await stage.work()
            #expect(stage.objects().isEmpty)
        }
    }

    /// Purposes of a module: others who read, objects at once, and an end.
    @Test func aPurposeSaysWhoReadsAndHoldsAndForHowLong() async throws {
        var purpose = FilePurpose("letter", [.pdf], limit: 1000)
        purpose.reader = { file, caller in file.object?.type == "desk" && caller.principal?.name == "boris" }
        purpose.holder = { object, _ in object.type == "desk" }
        purpose.retentionDays = 3
        try await withFiles(purposes: [purpose]) { stage in
            let desk = "\(UUID.v7())"
            func parts(_ type: String) -> [FileStage.Part] {
                [("objectType", nil, Array(type.utf8)), ("objectId", nil, Array(desk.utf8))]
            }
            #expect(try await stage.upload(Samples.pdf, "letter", more: parts("chair")).code == "object_not_allowed")
            let answer = try await stage.upload(Samples.pdf, "letter", more: parts("desk"))
            #expect(answer.status == 201 && answer.data["objectId"]?.string == desk)
            let id = try #require(answer.data["id"]?.string)
            let loose = try await stage.file(Samples.pdf, "letter")
            #expect(try await stage.get(id, as: "boris").status == 200)
            #expect(try await stage.get(loose, as: "boris").status == 404)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "boris").status == 403)
            #expect(try await stage.upload(Samples.pdf + [UInt8](repeating: 0, count: 1000), "letter").status == 413)
            stage.server.clock.advance(by: .seconds(4 * 86_400))
            try await stage.files.cleanUp()
            #expect(try await stage.get(id).status == 404)
        }
    }
}
