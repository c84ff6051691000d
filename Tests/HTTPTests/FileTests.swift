import Glibc
import Runtime
import Testing

@testable import HTTP

/// Files with ranges and conditions, over the wire.
@Suite struct FileTests {
    private final class FileResponder: Responder {
        let file: OpenFile
        init(_ path: String) throws { file = try OpenFile(path: path) }
        func admit(_ x: Exchange) -> Admission { .buffer(limit: 0) }
        func respond(_ x: Exchange) { x.serve(file) { $0.field("Content-Type", "text/plain") } }
        func cancelled(_ x: Exchange) {}
    }

    private final class Fixture {
        let path = "/tmp/atrium-file-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let content: [UInt8]
        let responder: FileResponder
        let group: LoopGroup
        let server: HTTPServer
        let client: RawClient

        init(_ size: Int) throws {
            content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let file = fopen(path, "w")
            fwrite(content, 1, size, file)
            fclose(file)
            responder = try FileResponder(path)
            group = try LoopGroup(count: 1)
            server = HTTPServer(loops: group, responder: responder)
            group.start()
            try server.start(on: SocketAddress(ip: "127.0.0.1", port: 0)!)
            client = try RawClient(port: server.address!.port)
        }

        deinit {
            server.stopAtOnce()
            group.stopAndJoin()
            unlink(path)
        }

        func ask(_ fields: String = "", method: String = "GET") throws -> RawClient.Answer {
            try client.send("\(method) / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            return try client.answer(toHead: method == "HEAD")
        }
    }

    @Test func aWholeFileIsSent() throws {
        let fixture = try Fixture(3_000_000)
        let answer = try fixture.ask()
        #expect(answer.status == 200 && answer.body == fixture.content)
        #expect(answer.field("accept-ranges") == "bytes")
        #expect(answer.field("content-type") == "text/plain")
        #expect(answer.field("etag") == fixture.responder.file.tag.description)
        let head = try fixture.ask(method: "HEAD")
        #expect(head.field("content-length") == "3000000")
        #expect(try fixture.ask("Range: bytes=2999990-\r\n").body == Array(fixture.content.suffix(10)))
    }

    @Test func anEmptyFileIsSent() throws {
        let fixture = try Fixture(0)
        #expect(try fixture.ask().field("content-length") == "0")
        #expect(try fixture.ask("Range: bytes=0-\r\n").status == 416)
    }

    @Test(arguments: [
        ("bytes=0-0", 206, "bytes 0-0/1000"), ("bytes=10-19", 206, "bytes 10-19/1000"),
        ("bytes=990-2000", 206, "bytes 990-999/1000"), ("bytes=-1", 206, "bytes 999-999/1000"),
        ("bytes=-5000", 206, "bytes 0-999/1000"), ("BYTES=5-", 206, "bytes 5-999/1000"),
        ("bytes=1000-", 416, "bytes */1000"), ("bytes=-0", 416, "bytes */1000"),
        ("bytes=9-5", 200, ""), ("bytes=a-b", 200, ""), ("bytes=1-2,4-5", 200, ""), ("lines=1-2", 200, ""),
        ("bytes=0-99999999999999999999", 200, ""),
    ])
    func ranges(_ range: String, _ status: Int, _ contentRange: String) throws {
        let fixture = try Fixture(1000)
        let answer = try fixture.ask("Range: \(range)\r\n")
        #expect(answer.status == status)
        #expect(answer.field("content-range") ?? "" == contentRange)
        if status == 206, case .part(let part) = ByteRange(Array(range.utf8), 1000) {
            #expect(answer.body == Array(fixture.content[part]))
        }
    }

    @Test func conditionsAreEvaluatedInTheirOrder() throws {
        let fixture = try Fixture(100)
        let tag = fixture.responder.file.tag.description
        let modified = fixture.responder.file.modified
        let date = HTTPDate.format(modified), before = HTTPDate.format(modified - 1)
        let table: [(String, Int)] = [
            ("If-None-Match: \(tag)\r\n", 304), ("If-None-Match: \"x\", W/\(tag)\r\n", 304), ("If-None-Match: *\r\n", 304),
            ("If-None-Match: \"x\"\r\n", 200), ("If-None-Match: x\r\n", 200),
            ("If-None-Match: \"x\"\r\nIf-Modified-Since: \(date)\r\n", 200),
            ("If-Modified-Since: \(date)\r\n", 304), ("If-Modified-Since: \(before)\r\n", 200),
            ("If-Modified-Since: yesterday\r\n", 200),
            ("If-Match: \(tag)\r\n", 200), ("If-Match: *\r\n", 200), ("If-Match: W/\(tag)\r\n", 412),
            ("If-Match: \"x\"\r\n", 412), ("If-Match: \"x\"\r\nIf-Match: \(tag)\r\n", 200),
            ("If-Match: \"x\"\r\nIf-None-Match: \(tag)\r\n", 412),
            ("If-Unmodified-Since: \(date)\r\n", 200), ("If-Unmodified-Since: \(before)\r\n", 412),
            ("Range: bytes=0-9\r\nIf-Range: \(tag)\r\n", 206), ("Range: bytes=0-9\r\nIf-Range: \"x\"\r\n", 200),
            ("Range: bytes=0-9\r\nIf-Range: W/\(tag)\r\n", 200), ("Range: bytes=0-9\r\nIf-Range: \(date)\r\n", 206),
            ("Range: bytes=0-9\r\nIf-Range: \(before)\r\n", 200),
        ]
        for (fields, status) in table { #expect(try fixture.ask(fields).status == status, "\(fields)") }
    }

    @Test func aFileThatShrinksBreaksTheAnswerOff() throws {
        let fixture = try Fixture(5_000_000)
        #expect(truncate(fixture.path, 1000) == 0)
        #expect(throws: (any Error).self) { try fixture.ask() }
    }
}

extension ByteRange {
    init(_ text: [UInt8], _ size: Int) { self = text.withUnsafeBytes { ByteRange($0, size: size) } }
}
