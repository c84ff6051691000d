import Glibc
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Files

@Suite struct UploadTests {
    @Test func aFileIsTakenWholeAndShownByItsContent() async throws {
        try await withFiles { stage in
            let bytes = Samples.png(20, 10) + [UInt8](repeating: 9, count: 700_000)
            let answer = try await stage.upload(bytes, "image", name: "../x.pdf")
            #expect(answer.status == 201, "\(answer.text)")
            let data = answer.data
            // 0-platform, scenario 36: a PNG named x.pdf is a PNG.
            #expect(data["mime"] == "image/png" && data["name"] == "x.pdf" && data["size"] == .number("\(bytes.count)"))
            #expect(data["width"] == 20 && data["height"] == 10 && data["visibility"] == "private")
            let id = try #require(data["id"]?.string)
            #expect(answer.field("location") == "/api/v1/files/\(id)")
            let content = try await stage.get("\(id)/content")
            #expect(content.status == 200 && content.body == bytes && content.field("content-type") == "image/png")
            #expect(stage.objects().count == 1 && stage.objects()[0].hasPrefix("image/platform/20"))
            #expect(stage.objects()[0].hasSuffix("/\(id).png"))
            let hash = try await stage.server.database.one(Statement<[UInt8]>("select sha256 from files.files"))
            #expect(hash == SHA256Sum.of(bytes))
        }
    }

    @Test func whatIsNotTakenLeavesNothing() async throws {
        try await withFiles { stage in
            let png = Samples.png()
            let over = png + [UInt8](repeating: 0, count: 10_000_001 - png.count)
            let rows: [([UInt8], String, Int, String)] = [
                (Array("<html><script>".utf8), "image", 415, "type_not_allowed"),
                (Array("<svg/>".utf8), "document", 415, "type_not_allowed"),
                (Array("\u{7f}ELF\u{2}\u{1}".utf8), "attachment", 415, "type_not_allowed"),
                (Samples.pdf, "image", 415, "type_not_allowed"), (Samples.gif(1, 1), "avatar", 415, "type_not_allowed"),
                ([UInt8](repeating: 0, count: 600), "image", 415, "type_not_allowed"),
                (over, "image", 413, "file_too_large"), (Samples.png(7000, 6000), "image", 422, "image_too_large"),
                (Samples.zip([("xl/a", 200_000_001)]), "sheet", 422, "image_too_large"),
                ([], "image", 422, "file_empty"), (png, "nothing", 422, "purpose_unknown"),
            ]
            for (bytes, purpose, status, code) in rows {
                let answer = try await stage.upload(bytes, purpose)
                #expect(answer.status == status && answer.code == code, "\(purpose): \(answer.text)")
            }
            #expect(try await stage.upload(Array(over.dropLast()), "image").status == 201, "exactly the limit")
            #expect(try await stage.rows() == 1 && stage.objects().count == 1)
        }
    }

    @Test func theFormIsHeldToItsShape() async throws {
        try await withFiles { stage in
            let png = Samples.png()
            let file = ("file", "a.png" as String?, png)
            let purpose = ("purpose", nil as String?, Array("image".utf8))
            let rows: [([FileStage.Part], Int, String)] = [
                ([file], 422, "purpose"), ([purpose], 422, "file"), ([file, file, purpose], 422, "file"),
                ([purpose, purpose, file], 422, "purpose"), ([purpose, file, ("colour", nil, [0x78])], 422, "colour"),
                ([purpose, file, ("objectType", nil, Array("user".utf8))], 422, "objectId"),
                ([purpose, ("objectId", nil, [0x78]), file], 422, "objectId"),
                ([purpose, file, ("objectType", nil, [0xff])], 422, "objectType"),
                ([("purpose", nil, [UInt8](repeating: 0x78, count: 2000)), file], 422, "purpose"),
                ([purpose, file, ("objectType", nil, Array("user".utf8)), ("objectId", nil, Array("\(UUID.v7())".utf8))], 422, "objectId"),
            ]
            for (parts, status, field) in rows {
                let answer = try await stage.post(FileStage.form(parts))
                #expect(answer.status == status && answer.refusedFields == [field], "\(field): \(answer.text)")
            }
            // The purpose may come after the file.
            #expect(try await stage.post(FileStage.form([file, purpose])).status == 201)
            let whole = FileStage.form([purpose, file])
            let others: [([UInt8], String, Int, String)] = [
                (Array("{}".utf8), "application/json", 415, "form_expected"), (whole, "multipart/form-data", 415, "form_expected"),
                (whole, "multipart/form-data; boundary=other", 400, "malformed"),
                (Array(whole.dropLast(10)), "multipart/form-data; boundary=xYz", 400, "malformed"),
            ]
            for (body, type, status, code) in others {
                let answer = try await stage.post(body, type: type)
                #expect(answer.status == status && answer.code == code, "\(type): \(answer.text)")
            }
            #expect(try await stage.post(whole, as: nil).status == 401)
            #expect(try await stage.server.send("POST", "/api/v1/uploads?x=1", token: "anna", raw: whole).status == 422)
            #expect(try await stage.rows() == 1 && stage.objects().count == 1)
        }
    }

    @Test func whoGoesInTheMiddleLeavesNothing() async throws {
        try await withFiles { stage in
            let body = FileStage.form([("purpose", nil, Array("image".utf8)), ("file", "a.png", Samples.png() + [UInt8](repeating: 1, count: 300_000))])
            let head = "POST /api/v1/uploads HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer anna\r\nContent-Type: multipart/form-data; boundary=xYz\r\nContent-Length: \(body.count)\r\n\r\n"
            let address = stage.server.client.address
            for cut in [body.count / 2, body.count - 1] {
                try HalfClient.send(Array(head.utf8) + body.prefix(cut), to: address)
                while !stage.objects().isEmpty || stage.server.http.counters.reduce(0, { $0 + $1.inFlight.current() }) > 0 {
                    _ = try await stage.server.database.one(Statement<Int>("select 1"))
                }
            }
            #expect(try await stage.rows() == 0)
        }
    }

    @Test func anOwnersFilesKeepWithinTheQuotaAlsoAtOnce() async throws {
        try await withFiles(quota: 3_000) { stage in
            let file = Samples.png() + [UInt8](repeating: 0, count: 967)
            let answers = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let answer = try await stage.upload(file)
                        return (answer.status, answer.code)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.0 == 201 } == 3)
            #expect(answers.count { $0.0 == 413 && $0.1 == "quota_exceeded" } == 5, "\(answers)")
            #expect(try await stage.rows() == 3 && stage.objects().count == 3)
            #expect(try await stage.upload(file, as: "boris").status == 201, "another's quota is his own")
        }
    }

    /// A disk of 256 KiB. Only where the tests may mount one.
    @Test(.enabled(if: SmallDisk.isPossible)) func aFullDiskIsToldAndLeavesNothing() async throws {
        let disk = try SmallDisk(kilobytes: 256)
        defer { disk.unmount() }
        try await withFiles(folder: disk.path) { stage in
            let large = Samples.png() + [UInt8](repeating: 1, count: 400_000)
            for _ in 0..<3 {
                let answer = try await stage.upload(large)
                #expect(answer.status == 507 && answer.code == "storage_full", "\(answer.text)")
                #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
            }
            #expect(try await stage.upload(Samples.png()).status == 201, "what fits is taken")
        }
    }

    /// The row cannot be written: the object does not stay.
    @Test func aFailedRowLeavesNoObject() async throws {
        try await withFiles { stage in
            try await stage.server.database.execute(
                Command("alter table files.files add constraint refuse check (deleted_at is not null)"))
            #expect(try await stage.upload(Samples.png()).status == 500)
            #expect(try await stage.rows() == 0 && stage.objects().isEmpty)
        }
    }

    @Test func theCleanUpTakesWhatNothingHolds() async throws {
        try await withFiles { stage in
            let loose = try await stage.file(Samples.png())
            let avatar = try await stage.file(Samples.png(), "avatar")
            #expect(try await stage.server.send("PUT", "/api/v1/users/me/avatar", token: "anna", body: ["fileId": .string(avatar)]).status == 200)
            stage.server.clock.advance(by: .seconds(86_000))
            try await stage.files.cleanUp()
            #expect(try await stage.get(loose).status == 200)
            stage.server.clock.advance(by: .seconds(500))
            let young = try await stage.file(Samples.png())
            try await stage.files.cleanUp()
            #expect(try await stage.get(loose).status == 404)
            try await stage.work()
            #expect(try await stage.rows() == 2 && stage.objects().count == 2)
            for id in [avatar, young] { #expect(try await stage.get(id).status == 200) }
            // What an interrupted upload has left: a row that never appeared, with its object.
            try await stage.server.database.execute(Command("update files.files set deleted_at = now() - interval '1 day' where id = \(UUID(young)!)"))
            try await stage.files.cleanUp()
            try await stage.work()
            #expect(try await stage.rows() == 1 && stage.objects().count == 1)
        }
    }
}
