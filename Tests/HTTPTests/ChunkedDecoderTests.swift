import Testing

@testable import HTTP

@Suite struct ChunkedDecoderTests {
    enum Result: Equatable {
        case body(String, rest: String)
        case incomplete
        case refused(Refusal)
    }

    private func decode(_ text: String, in step: Int = .max) -> Result {
        let bytes = Array(text.utf8)
        var decoder = ChunkedDecoder(extensionLimit: 16, trailerLimit: 32)
        var body: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + min(step, bytes.count))])
            var offset = 0
            var more = false
            while !more {
                switch piece.withUnsafeBytes({ decoder.next($0, at: &offset) }) {
                case .data(let at, let count): body += piece[at..<at + count]
                case .needMore: more = true
                case .refused(let refusal): return .refused(refusal)
                case .finished:
                    return .body(
                        String(decoding: body, as: UTF8.self),
                        rest: String(decoding: bytes[(start + offset)...], as: UTF8.self))
                }
            }
            start += piece.count
        }
        return .incomplete
    }

    static let table: [(String, Result)] = [
        ("0\r\n\r\n", .body("", rest: "")),
        ("5\r\nhello\r\n0\r\n\r\nGET", .body("hello", rest: "GET")),
        ("1\r\na\r\n00a\r\n0123456789\r\n000\r\n\r\n", .body("a0123456789", rest: "")),
        ("A\r\n0123456789\r\n0\r\n\r\n", .body("0123456789", rest: "")),
        ("1;x=\"y\"; z\r\na\r\n0;q\r\n\r\n", .body("a", rest: "")),
        ("1\r\na\r\n0\r\nA: b\r\nC:\r\n\r\n", .body("a", rest: "")),
        ("5\r\nhel", .incomplete),
        ("5\r\nhello\r\n0\r\n", .incomplete),
        ("\r\n", .refused(.malformedChunk)),
        ("g\r\n", .refused(.malformedChunk)),
        ("-1\r\n", .refused(.malformedChunk)),
        ("+1\r\n", .refused(.malformedChunk)),
        (" 1\r\na", .refused(.malformedChunk)),
        ("1 \r\na", .refused(.malformedChunk)),
        ("0x1\r\na", .refused(.malformedChunk)),
        ("1\na\r\n", .refused(.malformedChunk)),
        ("1\r\rn", .refused(.malformedChunk)),
        ("1\r\nab\r\n", .refused(.malformedChunk)),
        ("1\r\na\n0\r\n\r\n", .refused(.malformedChunk)),
        ("1;\u{0}\r\na", .refused(.malformedChunk)),
        ("1;a\nb\r\n", .refused(.malformedChunk)),
        ("8000000000000000\r\n", .refused(.chunkTooLarge)),
        ("fffffffffffffffff\r\n", .refused(.chunkTooLarge)),
        ("00000000000000001\r\n", .refused(.chunkTooLarge)),
        ("1;0123456789abcdefg\r\na", .refused(.chunkExtensionsTooLong)),
        ("1;01234567\r\na\r\n1;012345678\r\na", .refused(.chunkExtensionsTooLong)),
        ("0\r\n A: b\r\n\r\n", .refused(.malformedTrailer)),
        ("0\r\nA: b\r\n c\r\n\r\n", .refused(.malformedTrailer)),
        ("0\r\nA b\r\n\r\n", .refused(.malformedTrailer)),
        ("0\r\nA: b\nC: d\r\n\r\n", .refused(.malformedTrailer)),
        ("0\r\n\rX", .refused(.malformedTrailer)),
        ("0\r\nA: 0123456789012345678901234567890\r\n\r\n", .refused(.trailersTooLarge)),
    ]

    @Test(arguments: table)
    func decodes(_ text: String, _ result: Result) {
        #expect(decode(text) == result)
        // Byte by byte it is the same.
        #expect(decode(text, in: 1) == result)
        #expect(decode(text, in: 3) == result)
    }
}
