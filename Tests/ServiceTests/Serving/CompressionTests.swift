import JSON
import Postgres
import Runtime
import Service
import Support
import Testing

/// Large answers and files, packed for whoever takes gzip. Unpacked here by the system's own gzip.
@Suite struct CompressionTests {
    private struct Library: Module {
        let name = "library"
        static var statements: [StatementSample] { [] }

        struct Book: WireOutput {
            let pages: [String]
            static let shape = Shape<Self>(output: "Book", Field("pages", { $0.pages }))
            static let large = Book(pages: (0..<4_000).map { "page \($0) of a long story, longer than an answer is usually" })
        }

        var operations: [Operation] {
            [
                .get("/book", "getBook", "Read", tag: "Books", who: .anyone, answer: Book.self) { _ in Book.large },
                .get("/secret", "getSecret", "Read", tag: "Books", who: .anyone, answer: Book.self) { _ in Book.large }
                    .uncompressed(),
            ]
        }
    }

    private func serve(_ module: some Module, _ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withServer(
            compose: { _ in TestComposition(authenticator: ShopAuthenticator(), modules: [module]) }, body)
    }

    private func unpacked(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await TestLoops.run {
            let output = try await ChildProcess.run(
                "/bin/gzip", ["-dc"], environment: [:], input: bytes, timeLimit: .seconds(60), outputLimit: 64 << 20)
            #expect(output.succeeded, "\(output.errorText)")
            return output.standardOutput
        }
    }

    private let gzip = ["Accept-Encoding": "gzip"]

    @Test func aLargeAnswerIsPackedAsAWhole() async throws {
        try await serve(Library()) { server in
            let plain = try await server.send("GET", "/book")
            #expect(plain.status == 200 && plain.body.count > 200_000 && plain.field("content-encoding") == nil)
            #expect(plain.fields.contains { $0 == ("vary", "Accept-Encoding") })
            let packed = try await server.send("GET", "/book", fields: gzip)
            #expect(packed.field("content-encoding") == "gzip" && packed.body.count < plain.body.count / 4)
            #expect(packed.field("content-length") == "\(packed.body.count)")
            #expect(try await unpacked(packed.body) == plain.body)
            let (tag, other) = (try #require(plain.field("etag")), try #require(packed.field("etag")))
            #expect(other == String(tag.dropLast()) + "-gzip\"")
            for known in [tag, other] {
                let again = try await server.send("GET", "/book", fields: ["If-None-Match": known, "Accept-Encoding": "gzip"])
                #expect(again.status == 304 && again.body.isEmpty && again.field("etag") == other, "\(again.fields)")
            }
            #expect(try await server.send("GET", "/book", fields: ["If-None-Match": tag]).field("etag") == tag)
            let head = try await server.send("HEAD", "/book", fields: gzip)
            #expect(head.body.isEmpty && head.field("content-encoding") == "gzip")
            #expect(try await server.send("GET", "/secret", fields: gzip).field("content-encoding") == nil)
        }
    }

    /// In slices, while its rows are read.
    @Test func aFileIsPackedOnItsWay() async throws {
        try await serve(Archive()) { server in
            let plain = try await server.send("GET", Archive.path, token: "reader")
            let packed = try await server.send("GET", Archive.path, token: "reader", fields: gzip)
            #expect(packed.field("content-encoding") == "gzip" && packed.isWhole)
            #expect(packed.fields.contains { $0 == ("vary", "Accept-Encoding") })
            #expect(packed.body.count < plain.body.count / 4)
            #expect(try await unpacked(packed.body) == plain.body)
            let broken = try await server.send("GET", "/archive/broken", token: "reader", fields: gzip)
            #expect(!broken.isWhole)
        }
    }

    /// Streams are let go with their answers: more in a row than there may be at once.
    @Test func streamsAreGivenBack() async throws {
        try await serve(Archive()) { server in
            for _ in 0..<140 {
                let packed = try await server.send(
                    "GET", Archive.path + "?from=49990", token: "reader", fields: gzip)
                #expect(packed.field("content-encoding") == "gzip")
            }
        }
    }
}
