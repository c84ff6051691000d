import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Files

/// What the rest of the program, and those who watch it, learn of files.
@Suite struct FileNewsTests {
    private func told(_ stage: FileStage) async throws -> [String] {
        try await stage.server.database.all(
            Statement<String>(
                """
                select concat_ws(' ', data ->> 'purpose', data ->> 'thumbState', data ->> 'ownerId') from api.outbox
                 where event = 'file.ready' order by id
                """))
    }

    @Test func aFileIsReadyOnceItHasAllThatIsMadeOfIt() async throws {
        try await withFiles(thumbnails: ThumbnailMaker.installed) { stage in
            _ = try await stage.file(Samples.pdf, "document")
            #expect(try await told(stage) == ["document none"])
            #expect(try await stage.upload(Samples.png(), "nothing").status == 422)
            guard ThumbnailMaker.installed != nil else { return }
            let whole = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]
            _ = try await stage.file(whole)
            #expect(try await told(stage).count == 1, "not before its small picture")
            try await stage.work()
            #expect(try await told(stage).last == "image ready")
            // Its header is that of a picture, and nothing follows.
            _ = try await stage.file(Samples.png(20, 20))
            try await stage.work()
            let all = try await told(stage)
            #expect(all == ["document none", "image ready", "image failed"])
            let page = String(decoding: stage.server.metrics.prometheusText(), as: UTF8.self)
            for line in [
                #"files_uploads_total{outcome="stored"} 3"#, #"files_uploads_total{outcome="refused"} 1"#,
                #"files_uploads_total{outcome="failed"} 0"#, #"files_thumbnails_total{outcome="ready"} 1"#,
                #"files_thumbnails_total{outcome="failed"} 1"#, "files_stored_bytes_total{purpose=\"document\"} \(Samples.pdf.count)",
            ] {
                #expect(page.contains(line), "\(line)")
            }
        }
    }

    /// 0-platform, 4.9: the size of a purpose is also one of roles.
    @Test func rolesMayHaveMore() async throws {
        var plan = FilePurpose("plan", [.png], limit: 1_000)
        plan.roleLimits = ["r": 5_000, "other": 100_000]
        try await withFiles(purposes: [plan]) { stage in
            let rows: [(Int, String, Int)] = [
                (1_000, "anna", 201), (1_001, "anna", 413), (1_001, "keeper", 201), (5_000, "keeper", 201), (5_001, "keeper", 413),
                (100_001, "keeper", 413),
            ]
            for (size, token, status) in rows {
                let answer = try await stage.upload(Samples.png() + [UInt8](repeating: 0, count: size - Samples.png().count), "plan", as: token)
                #expect(answer.status == status, "\(size) by \(token): \(answer.text)")
            }
        }
    }

    /// Somebody who asked without his name is not told by his pictures.
    @Test func whoseAFileIsNotEverybodyIsTold() async throws {
        var shared = FilePurpose("shared", [.png], limit: 1_000)
        shared.reader = { _, caller in caller.userID != nil }
        try await withFiles(purposes: [shared]) { stage in
            let id = try await stage.file(Samples.png(), "shared")
            let owner = "\(FilePeople.ids[0].1)"
            for (token, told) in [("anna", owner), ("keeper", owner), ("boris", nil)] as [(String, String?)] {
                let answer = try await stage.get(id, as: token)
                #expect(answer.status == 200 && answer.data["ownerId"]?.string == told, "\(token)")
            }
        }
    }

    /// Several at once, by one statement: all of them or none.
    @Test func filesAreTakenIntoUseTogether() async throws {
        try await withFiles { stage in
            let (anna, boris) = (FilePeople.ids[0].1, FilePeople.ids[1].1)
            var ids: [ID<StoredFile>] = []
            for _ in 0..<3 { ids.append(ID(UUID(try await stage.file(Samples.png()))!)) }
            let avatar = ID<StoredFile>(UUID(try await stage.file(Samples.png(), "avatar"))!)
            let use = stage.files.use
            let (one, other) = (FileObject(type: "ticket", id: .v7()), FileObject(type: "ticket", id: .v7()))
            let database = stage.server.database
            let attach = { (list: [ID<StoredFile>], object: FileObject, user: UUID) in
                try await TestLoops.run {
                    try await database.transaction { _ in try await use.attach(list, to: object, purpose: "image", of: user) }
                }
            }
            let refusals: [([ID<StoredFile>], UUID, String)] = [
                ([ids[0], avatar], anna, "fileIds[1]"), ([ids[0]], boris, "fileIds[0]"), ([ids[0], ids[1], ID(.v7())], anna, "fileIds[2]"),
            ]
            for (list, user, field) in refusals {
                let error = await #expect(throws: InvalidInput.self) { try await attach(list, one, user) }
                #expect(error?.errors.first?.field == field)
            }
            let taken = Statement<Int>("select count(*) from files.files where object_id is not null")
            #expect(try await database.one(taken) == 0)
            try await attach([], one, anna)
            try await attach([ids[0], ids[1]], one, anna)
            try await attach([ids[0]], one, anna)
            let error = await #expect(throws: InvalidInput.self) { try await attach([ids[2], ids[1]], other, anna) }
            #expect(error?.errors.first?.field == "fileIds[1]")
            #expect(try await database.one(taken) == 2)
            try await TestLoops.run { try await use.release(one, purpose: "image") }
            try await stage.work()
            #expect(try await stage.rows() == 2)
        }
    }
}
