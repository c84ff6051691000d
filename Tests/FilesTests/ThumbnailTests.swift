import Glibc
import JSON
import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Files

/// Small pictures, by the programs that make them; only where those are installed.
@Suite(.enabled(if: ThumbnailMaker.installed != nil)) struct ThumbnailTests {
    /// A whole picture of one pixel.
    private static let gif: [UInt8] =
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]

    private func isThumbnail(_ bytes: [UInt8]) throws -> Bool {
        let path = "\(Scratch.folder)/thumb-\(UInt64.random(in: 0 ... .max))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        guard write(descriptor, bytes, bytes.count) == bytes.count else { return false }
        let found = try FileInspection(ReadableFile(descriptor: descriptor, size: bytes.count), name: "x")
        return found?.type == .jpeg && found?.width == 400 && found?.height == 400
    }

    /// 0-platform, scenario 36: exactly 400 x 400, of whatever size the picture is.
    @Test func aPictureGetsASmallOneThatItsReadersSee() async throws {
        try await withFiles(thumbnails: ThumbnailMaker.installed) { stage in
            let answer = try await stage.upload(Self.gif, "image")
            #expect(answer.data["thumbState"] == "pending" && answer.data["thumbnailUrl"] == .null, "\(answer.text)")
            let id = try #require(answer.data["id"]?.string)
            #expect(try await stage.get("\(id)/thumbnail").status == 404, "not yet")
            try await stage.work()
            let file = try await stage.get(id)
            #expect(file.data["thumbState"] == "ready")
            #expect(file.data["thumbnailUrl"]?.string == "http://files.test/api/v1/files/\(id)/thumbnail")
            let rows: [(String?, Int)] = [("anna", 200), ("keeper", 200), ("boris", 404), (nil, 404)]
            for (token, status) in rows { #expect(try await stage.get("\(id)/thumbnail", as: token).status == status) }
            let picture = try await stage.get("\(id)/thumbnail")
            #expect(picture.field("content-type") == "image/jpeg" && picture.field("etag") != nil)
            #expect(try isThumbnail(picture.body))
            let signed = try await stage.server.send("POST", "/api/v1/files/\(id)/sign", token: "anna", body: [:])
            let url = try #require(signed.data["thumbnailUrl"]?.string)
            let query = try #require(url.split(separator: "?").last)
            #expect(try await stage.get("\(id)/thumbnail?\(query)", as: nil).status == 200)
            #expect(try await stage.get("\(id)/content?\(query)", as: nil).status == 403, "an address of the one opens not the other")
            #expect(stage.objects().count == 2)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(stage.objects().isEmpty)
        }
    }

    @Test func anUploadWaitsForIt() async throws {
        try await withFiles(thumbnails: ThumbnailMaker.installed, wait: .seconds(60)) { stage in
            let upload = Task { try await stage.upload(Self.gif, "image") }
            while try await stage.server.database.one(Statement<Int>("select count(*) from jobs.jobs")) == 0 {}
            try await stage.work()
            let answer = try await upload.value
            #expect(answer.status == 201 && answer.data["thumbState"] == "ready", "\(answer.text)")
        }
    }

    @Test func whatIsNoPictureHasNoneAndWhatIsBrokenFails() async throws {
        try await withFiles(thumbnails: ThumbnailMaker.installed) { stage in
            #expect(try await stage.upload(Samples.pdf, "document").data["thumbState"] == "none")
            // Its header is that of a picture, and nothing follows.
            let broken = try await stage.file(Samples.png(20, 20))
            try await stage.work()
            #expect(try await stage.get(broken).data["thumbState"] == "failed")
            #expect(try await stage.get("\(broken)/thumbnail").status == 404)
            let tries = Statement<Int>("select attempts_made from jobs.jobs where name = 'thumbnail'")
            #expect(try await stage.server.database.one(tries) == 3)
            #expect(stage.objects().count == 2, "nothing half made: \(stage.objects())")
        }
    }

    @Test func whatIsDeletedMeanwhileGetsNone() async throws {
        try await withFiles(thumbnails: ThumbnailMaker.installed) { stage in
            let id = try await stage.file(Self.gif)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(stage.objects().isEmpty)
            #expect(try await stage.rows() == 0)
        }
    }

    @Test func aFilmGetsAStill() async throws {
        let path = "\(Scratch.folder)/film-\(UInt64.random(in: 0 ... .max)).mp4"
        let made = try await TestLoops.run {
            try await ChildProcess.run(
                "/usr/bin/ffmpeg",
                ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=0.5:size=64x48:rate=4", "-c:v", "mpeg4", "-y", path],
                environment: [:], timeLimit: .seconds(60))
        }
        try #require(made.succeeded, "\(made.errorText)")
        let film = try await TestLoops.blocking.run {
            let descriptor = open(path, O_RDONLY)
            defer {
                close(descriptor)
                unlink(path)
            }
            return try ReadableFile(descriptor: descriptor, size: Int(lseek(descriptor, 0, SEEK_END))).read(0, 1 << 20)
        }
        try await withFiles(thumbnails: ThumbnailMaker.installed) { stage in
            let id = try await stage.file(film, "video", name: "a.mp4")
            try await stage.work()
            #expect(try await stage.get(id).data["thumbState"] == "ready")
            #expect(try isThumbnail(try await stage.get("\(id)/thumbnail").body))
        }
    }
}

/// The programs of this machine, if it has them.
enum ThumbnailMaker {
    static let installed = Thumbnails(path: "/usr/local/bin:/usr/bin:/bin")
}
