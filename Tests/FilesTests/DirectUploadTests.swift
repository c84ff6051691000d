import Crypto
import HTTP
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Files

/// Files that clients bring by themselves.
@Suite struct DirectUploadTests {
    private static let base = "/api/v1/uploads/direct"

    private func begin(
        _ stage: FileStage, _ size: Int, _ purpose: String = "image", name: String = "../a.pdf", as token: String? = "anna",
        more: [(name: String, value: JSONValue)] = []
    ) async throws -> TestAnswer {
        let members: [(name: String, value: JSONValue)] = [
            ("purpose", .string(purpose)), ("name", .string(name)), ("size", .number("\(size)")),
        ]
        return try await stage.server.send("POST", Self.base, token: token, body: .object(members + more))
    }

    /// The address without its server.
    private func place(_ answer: TestAnswer) throws -> String {
        let url = try #require(answer.data["url"]?.string, "\(answer.text)")
        return String(url[url.firstRange(of: "/api/v1")!.lowerBound...])
    }

    private func put(_ stage: FileStage, _ place: String, _ bytes: [UInt8]) async throws -> TestAnswer {
        try await stage.server.send("PUT", place, fields: ["Content-Type": "image/png"], raw: bytes)
    }

    private func complete(_ stage: FileStage, _ id: String, as token: String? = "anna") async throws -> TestAnswer {
        try await stage.server.send("POST", "\(Self.base)/\(id)/complete", token: token)
    }

    /// To the storage itself, as a client does: with the fields that it was given, and its length.
    private func bring(_ bytes: [UInt8], to answer: TestAnswer) async throws -> Int {
        let url = try #require(answer.data["url"]?.string.flatMap { ClientURL($0) }, "\(answer.text)")
        let client = try TestLoops.client()
        defer { client.close() }
        return try await client.send(ClientRequest(.put, url, body: bytes)).status
    }

    // MARK: Through this server

    @Test func whatComesThroughUsIsThereWhenItIsComplete() async throws {
        try await withFiles { stage in
            let bytes = Samples.png(20, 10) + [UInt8](repeating: 9, count: 300_000)
            let begun = try await begin(stage, bytes.count)
            #expect(begun.status == 201 && begun.data["method"] == "PUT" && begun.data["fields"] == [], "\(begun.text)")
            let id = try #require(begun.data["id"]?.string), place = try place(begun)
            #expect(try await stage.get(id).status == 404)
            let early = try await complete(stage, id)
            #expect(early.status == 409 && early.code == "not_uploaded")
            // Nobody has to be signed in for that: the address is the proof.
            #expect(try await put(stage, place, bytes).status == 204)
            let done = try await complete(stage, id)
            #expect(done.status == 200 && done.data["mime"] == "image/png" && done.data["name"] == "a.pdf", "\(done.text)")
            #expect(done.data["width"] == 20 && done.data["size"] == .number("\(bytes.count)") && done.data["id"]?.string == id)
            #expect(try await stage.get("\(id)/content").body == bytes)
            #expect(try await complete(stage, id).data["id"]?.string == id, "once more")
            #expect(try await put(stage, place, bytes).status == 404, "its bytes never change")
            #expect(try await stage.rows() == 1 && stage.objects().count == 1)
        }
    }

    @Test func whatIsNotAsWasSaidIsRefusedAndMayBeBroughtAnew() async throws {
        try await withFiles { stage in
            let png = Samples.png()
            let begun = try await begin(stage, png.count)
            let id = try #require(begun.data["id"]?.string), place = try place(begun)
            let html = Array("<html><script>".utf8) + [UInt8](repeating: 0x20, count: png.count - 14)
            let large = Array(Samples.png(7000, 6000).prefix(png.count))
            let rows: [([UInt8], Int, String)] = [
                (Array(png.dropLast()), 422, "upload_mismatch"), (png + [0], 422, "upload_mismatch"),
                (html, 415, "type_not_allowed"), (large, 422, "image_too_large"),
            ]
            for (bytes, status, code) in rows {
                let answer = try await put(stage, place, bytes)
                #expect(answer.status == status && answer.code == code, "\(answer.text)")
                #expect(try await complete(stage, id).code == "not_uploaded")
                #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
            }
            #expect(try await put(stage, place, png).status == 204)
            #expect(try await complete(stage, id).status == 200)
        }
    }

    @Test func theAddressIsHeldTo() async throws {
        try await withFiles { stage in
            let png = Samples.png()
            let begun = try await begin(stage, png.count), place = try place(begun)
            let id = try #require(begun.data["id"]?.string)
            let other = try self.place(try await begin(stage, png.count))
            let mark = try #require(place.firstIndex(of: "?"))
            let rows: [(String, Int)] = [
                (String(place[..<mark]), 403), (place.replacing("expires=", with: "expires=1"), 403), (place + "x", 403),
                (String(other[..<other.firstIndex(of: "?")!]) + place[mark...], 403), (place + "&x=1", 422),
                (place.replacing("uploads/direct/\(id)/content", with: "files/\(id)/content"), 405),
            ]
            for (address, status) in rows {
                let answer = try await put(stage, address, png)
                #expect(answer.status == status, "\(address): \(answer.text)")
            }
            for (token, status) in [(nil, 401), ("boris", 404), ("keeper", 404)] {
                #expect(try await complete(stage, id, as: token).status == status)
            }
            #expect(try await complete(stage, UUID.v7().description).status == 404)
            stage.server.clock.advance(by: .minutes(16))
            #expect(try await put(stage, place, png).status == 403)
            #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
        }
    }

    @Test func whatMayBeBegun() async throws {
        try await withFiles { stage in
            let object: [(name: String, value: JSONValue)] = [("objectType", "user"), ("objectId", .string("\(UUID.v7())"))]
            let rows: [(TestAnswer, Int, String?)] = [
                (try await begin(stage, 10, as: nil), 401, "unauthorized"), (try await begin(stage, 10, "nothing"), 422, "purpose_unknown"),
                (try await begin(stage, 10_000_001), 413, "file_too_large"), (try await begin(stage, 0), 422, "invalid_input"),
                (try await begin(stage, 10, more: object), 422, "object_not_allowed"),
                (try await begin(stage, 10, more: [object[0]]), 422, "invalid_input"),
                (try await begin(stage, 10, name: ""), 422, "invalid_input"), (try await begin(stage, 10_000_000), 201, nil),
            ]
            for (answer, status, code) in rows { #expect(answer.status == status && answer.code == code, "\(answer.text)") }
        }
    }

    // MARK: Room

    @Test func roomIsKeptWithinTheQuotaAlsoAtOnce() async throws {
        try await withFiles(quota: 3_000) { stage in
            let size = 1_000
            let answers = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let answer = try await begin(stage, size)
                        return (answer.status, answer.code)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.0 == 201 } == 3)
            #expect(answers.count { $0.0 == 413 && $0.1 == "quota_exceeded" } == 5, "\(answers)")
            #expect(try await stage.upload(Samples.png()).code == "quota_exceeded", "kept is kept")
            #expect(try await begin(stage, size, as: "boris").status == 201, "another's quota is his own")
            // Nobody came: an hour after the address's end the room is back.
            stage.server.clock.advance(by: .minutes(74))
            #expect(try await begin(stage, size).status == 413)
            stage.server.clock.advance(by: .minutes(2))
            #expect(try await begin(stage, size).status == 201)
        }
    }

    @Test func aRoleMayHaveMore() async throws {
        try await withFiles(quota: 3_000, roleQuotas: ["r": 5_000, "other": 9_000]) { stage in
            let anna = try await begin(stage, 3_001)
            #expect(anna.code == "quota_exceeded")
            #expect(try await begin(stage, 3_001, as: "keeper").status == 201)
            #expect(try await begin(stage, 2_000, as: "keeper").code == "quota_exceeded")
            let file = Samples.png() + [UInt8](repeating: 0, count: 1_000)
            #expect(try await stage.upload(file, as: "keeper").status == 201)
            #expect(try await stage.upload(file, as: "keeper").code == "quota_exceeded")
        }
        #expect(RoleQuota(setting: "admin=50M")?.bytes == 50 << 20 && RoleQuota(setting: "admin=50M")?.settingText == "admin=50M")
        for wrong in ["admin", "admin=", "=5", "admin=0", "a=1=2", "admin=x"] { #expect(RoleQuota(setting: wrong) == nil, "\(wrong)") }
    }

    // MARK: To the storage itself

    @Test func whatIsBroughtToS3IsLookedAtAndKept() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: RemoteSetup(s3, sendsThere: true)) { stage in
            let bytes = Samples.png(8, 4) + [UInt8](repeating: 3, count: 5_000)
            let begun = try await begin(stage, bytes.count)
            let id = try #require(begun.data["id"]?.string, "\(begun.text)")
            #expect(try await complete(stage, id).code == "not_uploaded")
            // The length is signed: nothing else is taken.
            #expect(try await bring(bytes + [1], to: begun) == 403 && s3.objects.isEmpty)
            #expect(try await bring(bytes, to: begun) == 200)
            #expect(Array(s3.objects.keys) == ["incoming/\(id)"])
            #expect(try await stage.get(id).status == 404)
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<4 { group.addTask { try await complete(stage, id) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.contains { $0.status == 200 })
            #expect(answers.allSatisfy { $0.status == 200 || $0.code == "upload_busy" }, "\(answers.map(\.text))")
            let key = try #require(s3.objects.keys.first)
            #expect(s3.objects.count == 1 && key.hasPrefix("image/platform/20") && key.hasSuffix("/\(id).png"))
            #expect(s3.objects[key] == .init(bytes: bytes, type: "image/png"))
            // By the same address other bytes may come: they change nothing, and go with the cleaning.
            let other = [UInt8](repeating: 0x3c, count: bytes.count)
            #expect(try await bring(other, to: begun) == 200)
            #expect(try await complete(stage, id).data["mime"] == "image/png")
            #expect(s3.objects[key]?.bytes == bytes)
            stage.server.clock.advance(by: .minutes(76))
            try await stage.files.cleanUp()
            try await stage.work()
            #expect(Array(s3.objects.keys) == [key] && stage.objects().isEmpty)
            #expect(try await stage.server.database.one(Statement<Int>("select count(*) from files.direct_uploads")) == 0)
        }
    }

    @Test func whatNobodyMayHaveIsRefusedThereToo() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: RemoteSetup(s3, sendsThere: true)) { stage in
            let html = Array("<html><script>alert(1)</script>".utf8)
            let begun = try await begin(stage, html.count)
            let id = try #require(begun.data["id"]?.string)
            #expect(try await bring(html, to: begun) == 200)
            let refused = try await complete(stage, id)
            #expect(refused.status == 415 && refused.code == "type_not_allowed", "\(refused.text)")
            // A store that takes more than was signed is not read to its end.
            s3.put("incoming/\(id)", Samples.png() + [UInt8](repeating: 0, count: 10_000))
            #expect(try await complete(stage, id).code == "upload_mismatch")
            s3.trouble(.status(503), .status(503), .status(503), .status(503))
            #expect(try await complete(stage, id).code == "storage_unavailable")
            #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
            stage.server.clock.advance(by: .minutes(76))
            #expect(try await complete(stage, id).status == 404)
            try await stage.files.cleanUp()
            try await stage.work()
            #expect(s3.objects.isEmpty)
        }
    }

    /// Without FILES_DIRECT clients need not reach the store.
    @Test func elseItComesThroughUsToTheStore() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: RemoteSetup(s3)) { stage in
            let png = Samples.png()
            let begun = try await begin(stage, png.count)
            #expect(try await put(stage, try place(begun), png).status == 204)
            #expect(try await complete(stage, try #require(begun.data["id"]?.string)).status == 200)
            #expect(s3.objects.values.first == .init(bytes: png, type: "image/png"))
        }
    }

    @Test func whoIsGoneBringsNothing() async throws {
        try await withFiles { stage in
            let png = Samples.png()
            let begun = try await begin(stage, png.count)
            try await stage.files.personal.erase(FilePeople.ids[0].1)
            #expect(try await put(stage, try place(begun), png).status == 404)
            #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
        }
    }
}
