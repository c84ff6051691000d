import HTTP
import JSON
import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Files

/// Files in S3, as clients see them and as the store is asked.
@Suite struct S3StoreTests {
    private func setup(_ s3: S3Emulator, sendsThere: Bool = false, secret: String = S3Emulator.secretKey) -> RemoteSetup {
        RemoteSetup(s3, sendsThere: sendsThere, secret: secret)
    }

    @Test func aFileGoesThereAndComesBackInEveryWay() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            let bytes = Samples.png(5, 5) + (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let id = try await stage.file(bytes)
            let key = try #require(s3.objects.keys.first)
            #expect(key.hasPrefix("image/platform/20") && key.hasSuffix("/\(id).png"))
            #expect(s3.objects[key] == .init(bytes: bytes, type: "image/png") && s3.objects.count == 1)
            #expect(stage.objects().isEmpty, "nothing stays here")
            #expect(try await stage.server.database.one(Statement<String>("select storage from files.files")) == "s3")
            let whole = try await stage.get("\(id)/content")
            #expect(whole.status == 200 && whole.body == bytes && whole.field("content-length") == "\(bytes.count)")
            #expect(whole.field("content-type") == "image/png" && whole.field("accept-ranges") == "bytes")
            #expect(whole.field("content-disposition")?.hasPrefix("inline; ") == true)
            #expect(whole.field("cache-control") == "private, no-cache")
            let tag = try #require(whole.field("etag"))
            let asked = s3.seen.count
            let rows: [([String: String], Int, Range<Int>?, Int)] = [
                (["Range": "bytes=0-9"], 206, 0..<10, 1), (["Range": "bytes=-5"], 206, bytes.count - 5..<bytes.count, 1),
                (["Range": "bytes=0-9", "If-Range": tag], 206, 0..<10, 1),
                (["Range": "bytes=0-9", "If-Range": "\"other\""], 200, 0..<bytes.count, 1),
                (["Range": "bytes=\(bytes.count)-"], 416, nil, 0), (["If-None-Match": tag], 304, nil, 0),
                (["If-Match": "\"other\""], 412, nil, 0),
            ]
            var expected = asked
            for (fields, status, range, calls) in rows {
                let answer = try await stage.get("\(id)/content", fields)
                expected += calls
                #expect(answer.status == status && s3.seen.count == expected, "\(fields): \(answer.status)")
                if let range { #expect(answer.body == Array(bytes[range]), "\(fields)") }
                if status == 206, let range {
                    #expect(answer.field("content-range") == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)")
                }
            }
            let head = try await stage.server.send("HEAD", "/api/v1/files/\(id)/content", token: "anna")
            #expect(head.status == 200 && head.body.isEmpty && head.field("content-length") == "\(bytes.count)")
            #expect(s3.seen.count == expected, "a head is known here")
            #expect(try await stage.get("\(id)/content", as: "boris").status == 404)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(s3.objects.isEmpty && s3.refused == 0)
            #expect(try await stage.rows() == 0)
        }
    }

    @Test func whatIsLargeGoesInParts() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            let bytes = Samples.png() + (0..<350_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
            // The second part fails twice, the end once.
            s3.trouble(.on("partNumber", .status(503)), .on("partNumber", .brokenOff))
            let id = try await stage.file(bytes)
            #expect(s3.objects.values.first == .init(bytes: bytes, type: "image/png") && s3.openUploads == 0 && s3.refused == 0)
            #expect(s3.seen.count { $0.query("partNumber") != nil } == 6, "four parts, two of them again")
            #expect(s3.seen.compactMap { $0.query("partNumber") != nil ? $0.body.count : nil }.max() == 100_000)
            #expect(try await stage.get("\(id)/content").body == bytes)
            #expect(stage.objects().isEmpty)
        }
    }

    /// Whatever the store does meanwhile: 503 with Retry-After, nothing that looks stored, and nothing left once the clean-up
    /// has run.
    @Test(arguments: [80_000, 250_000]) func aStoreThatFailsIsToldAndNothingStays(_ count: Int) async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            let bytes = Samples.png() + [UInt8](repeating: 5, count: count)
            let id = try await stage.file(bytes)
            for trouble in [S3Emulator.Trouble.status(503), .status(500), .brokenOff, .unanswered] {
                s3.trouble(trouble, trouble, trouble, trouble)
                let answer = try await stage.upload(bytes)
                #expect(answer.status == 503 && answer.code == "storage_unavailable", "\(trouble): \(answer.text)")
                #expect(answer.field("retry-after") != nil)
                s3.trouble()
                #expect(stage.objects().isEmpty)
                stage.server.clock.advance(by: .seconds(40))
            }
            #expect(try await stage.rows() == 5, "their rows stay, so that what may have come is found")
            let answer = try await stage.server.send("GET", "/api/v1/files", token: "anna")
            #expect(answer.json["meta"]?["total"]?.int == 1, "and nobody sees them")
            stage.server.clock.advance(by: .seconds(4000))
            try await stage.files.cleanUp()
            try await stage.work()
            #expect(try await stage.rows() == 1 && s3.objects.count == 1 && s3.openUploads == 0)
            #expect(try await stage.get("\(id)/content").body == bytes, "what was acknowledged is there")
        }
    }

    @Test func aShortFailureIsNotNoticed() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            s3.trouble(.status(503), .brokenOff, .status(429))
            let id = try await stage.file(Samples.png())
            // Five within a minute would be a store that is down.
            stage.server.clock.advance(by: .seconds(61))
            s3.trouble(.status(500), .brokenOff, .status(503))
            #expect(try await stage.get("\(id)/content").body == Samples.png())
            stage.server.clock.advance(by: .seconds(61))
            s3.trouble(.status(500), .status(500), .status(500), .status(500))
            let answer = try await stage.get("\(id)/content")
            #expect(answer.status == 503 && answer.code == "storage_unavailable" && answer.field("retry-after") != nil)
            #expect(answer.field("content-type") == "application/problem+json")
        }
    }

    /// After some failures in a row it is not asked any more, for a while.
    @Test func aStoreThatIsDownIsLeftAlone() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            let id = try await stage.file(Samples.png())
            #expect(stage.module.healthChecks.count == 2)
            #expect(stage.files.stores.isWell)
            s3.trouble(.brokenOff, .brokenOff, .brokenOff, .brokenOff, .brokenOff, .brokenOff, .brokenOff, .brokenOff)
            for _ in 0..<2 { #expect(try await stage.get("\(id)/content").status == 503) }
            let asked = s3.seen.count
            #expect(!stage.files.stores.isWell)
            #expect(try await stage.get("\(id)/content").status == 503)
            #expect(s3.seen.count == asked)
            s3.trouble()
            stage.server.clock.advance(by: .seconds(61))
            #expect(try await stage.get("\(id)/content").status == 200)
            #expect(stage.files.stores.isWell)
        }
    }

    /// Completing an upload may be answered 200 with an error in the body.
    @Test func anErrorInsideASuccessIsAnError() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            s3.trouble(.on("POST", .errorInside))
            let answer = try await stage.upload(Samples.png() + [UInt8](repeating: 1, count: 250_000))
            #expect(answer.status == 503 && answer.code == "storage_unavailable")
            #expect(s3.objects.isEmpty && s3.openUploads == 0)
        }
    }

    @Test func wrongKeysStoreNothing() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3, secret: "another")) { stage in
            let answer = try await stage.upload(Samples.png())
            #expect(answer.status == 503 && answer.code == "storage_unavailable")
            #expect(s3.refused == 1 && s3.objects.isEmpty)
        }
    }

    /// The row cannot be made to count: the object goes again.
    @Test func aFailedRowLeavesNoObject() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            try await stage.server.database.execute(
                Command("alter table files.files add constraint refuse check (deleted_at is not null)"))
            #expect(try await stage.upload(Samples.png()).status == 500)
            #expect(try await stage.rows() == 0 && s3.objects.isEmpty && stage.objects().isEmpty)
        }
    }

    /// What the store no longer has is our fault, and told as such; a body that ends early is no whole one.
    @Test func whatIsMissingOrShorterIsNotShownAsWhole() async throws {
        let s3 = try S3Emulator()
        try await withFiles(remote: setup(s3)) { stage in
            let id = try await stage.file(Samples.png())
            let key = try #require(s3.objects.keys.first)
            s3.put(key, Array(Samples.png().dropLast()))
            let cut = try? await stage.get("\(id)/content")
            #expect(cut.map { $0.field("content-length") != "\($0.body.count)" } ?? true, "as much as was promised never came")
            s3.forget(key)
            #expect(try await stage.get("\(id)/content").status == 500)
        }
    }

    /// Files stay where they were stored.
    @Test func filesOfAnotherStorageAreStillShown() async throws {
        let s3 = try S3Emulator()
        let folder = "\(Scratch.folder)/files-moved-\(UInt64.random(in: 0 ... .max))"
        try await withFiles(folder: folder, remote: setup(s3)) { stage in
            let id = try await stage.file(Samples.pdf, "document")
            let key = try #require(s3.objects.keys.first)
            // As it was before STORAGE was changed.
            try StorageFailure.makeFolder(folder + "/" + key.split(separator: "/").dropLast().joined(separator: "/"))
            try Splash.write(Samples.pdf, to: folder + "/" + key)
            s3.forget(key)
            try await stage.server.database.execute(Command("update files.files set storage = 'local'"))
            #expect(try await stage.get("\(id)/content").body == Samples.pdf)
            try await stage.server.database.execute(Command("update files.files set storage = 'supabase'"))
            let answer = try await stage.get("\(id)/content")
            #expect(answer.status == 503 && answer.code == "storage_unavailable", "a storage that is not set up")
        }
    }

    @Test func clientsMayBeSentThere() async throws {
        let s3 = try S3Emulator()
        try await withFiles(thumbnails: ThumbnailMaker.installed, remote: setup(s3, sendsThere: true)) { stage in
            let id = try await stage.file(Array("a;b\n".utf8), "document", name: "täble.csv")
            for token in ["boris", nil] { #expect(try await stage.get("\(id)/content", as: token).status == 404) }
            let answer = try await stage.get("\(id)/content")
            #expect(answer.status == 302 && answer.field("cache-control") == "no-store")
            let place = try #require(answer.field("location").flatMap { ClientURL($0) })
            let client = try TestLoops.client()
            let there = try await client.send(ClientRequest(.get, place))
            #expect(there.status == 200 && there.text == "a;b\n" && there.field("content-type") == "text/csv; charset=utf-8")
            let disposition = s3.seen.last?.query("response-content-disposition")
            #expect(disposition?.hasPrefix("attachment; filename=") == true)
            // What it says about the answer is signed, too.
            let changed = place.target.replacing("attachment", with: "inline")
            let refused = try await client.send(ClientRequest(.get, try #require(place.with(target: changed))))
            #expect(refused.status == 403)
            client.close()
        }
    }

    @Test func publicFilesHaveTheAddressOfTheirNetwork() async throws {
        let s3 = try S3Emulator()
        try await withFiles(publicBase: "https://cdn.example", remote: setup(s3)) { stage in
            let avatar = try await stage.upload(Samples.png(), "avatar")
            let key = try #require(s3.objects.keys.first)
            #expect(avatar.data["url"]?.string == "https://cdn.example/\(key)")
            let own = try await stage.upload(Samples.png(), "image")
            #expect(own.data["url"]?.string?.hasPrefix("http://files.test/api/v1/files/") == true, "private ones have none")
        }
    }

    @Test(.enabled(if: ThumbnailMaker.installed != nil)) func picturesFromThereGetTheirSmallOnes() async throws {
        let gif = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]
        let s3 = try S3Emulator()
        try await withFiles(thumbnails: ThumbnailMaker.installed, remote: setup(s3)) { stage in
            let id = try await stage.file(gif)
            try await stage.work()
            #expect(s3.objects.keys.count { $0.hasSuffix(".thumb.jpg") } == 1 && stage.objects().isEmpty)
            let picture = try await stage.get("\(id)/thumbnail")
            #expect(picture.status == 200 && picture.field("content-type") == "image/jpeg" && picture.body.starts(with: [0xff, 0xd8]))
            #expect(try await stage.get("\(id)/thumbnail", ["If-None-Match": picture.field("etag") ?? ""]).status == 304)
            #expect(try await stage.server.send("DELETE", "/api/v1/files/\(id)", token: "anna").status == 204)
            try await stage.work()
            #expect(s3.objects.isEmpty)
        }
    }
}

extension RemoteSetup {
    /// The emulator's bucket; what is larger than a hundred thousand bytes goes in parts.
    init(_ s3: S3Emulator, sendsThere: Bool = false, secret: String = S3Emulator.secretKey) {
        let bucket = ClientURL("\(s3.url)/\(S3Emulator.bucket)")!
        self.init(sendsThere: sendsThere) { parts in
            S3Objects(
                bucket: bucket, signer: SigV4(accessKey: S3Emulator.accessKey, secretKey: secret, region: S3Emulator.region),
                calls: StoreCalls("s3", through: parts, pauses: [.zero, .zero, .zero]), clock: parts.clock, partSize: 100_000)
        }
    }
}
