import Glibc
import Testing

@testable import HTTP

/// What is sent, and what must come back: frames, fragments, control frames, UTF-8 and close codes (RFC 6455 sections 5
/// to 8).
@Suite struct WebSocketFrameTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        /// First byte and payload of each frame.
        let sent: [(UInt8, [UInt8])]
        /// First byte and payload of what comes back before the close frame.
        let expected: [(UInt8, [UInt8])]
        /// The code of the close frame that must come, or nil when the client ends it.
        let closes: Int?

        init(_ name: String, _ sent: [(UInt8, [UInt8])], echo: [(UInt8, [UInt8])] = [], closes: Int? = nil) {
            self.name = name
            self.sent = sent
            expected = echo
            self.closes = closes
        }

        var testDescription: String { name }
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x2a, count: count) }
    private static func code(_ code: Int, _ reason: [UInt8] = []) -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 255)] + reason
    }

    static let sizes: [Case] = [0, 1, 125, 126, 127, 128, 1000, 16_370, 16_384, 65_535, 65_536].flatMap { size in
        [
            Case("text of \(size)", [(0x81, zeros(size))], echo: [(0x81, zeros(size))]),
            Case("binary of \(size)", [(0x82, zeros(size))], echo: [(0x82, zeros(size))]),
        ]
    }

    static let control: [Case] = [
        Case("empty ping", [(0x89, [])], echo: [(0x8a, [])]),
        Case("ping with data", [(0x89, text("Hello"))], echo: [(0x8a, text("Hello"))]),
        Case("ping with bytes that are no text", [(0x89, [0, 0xff, 0xfe])], echo: [(0x8a, [0, 0xff, 0xfe])]),
        Case("longest ping", [(0x89, zeros(125))], echo: [(0x8a, zeros(125))]),
        Case("ping too long", [(0x89, zeros(126))], closes: 1002),
        Case("pong nobody asked for", [(0x8a, text("x")), (0x89, text("y"))], echo: [(0x8a, text("y"))]),
        Case("ten pings", (0..<10).map { (0x89, [$0]) }, echo: (0..<10).map { (0x8a, [$0]) }),
        Case("ping in pieces", [(0x09, text("a")), (0x80, text("b"))], closes: 1002),
        Case("pong in pieces", [(0x0a, text("a")), (0x80, text("b"))], closes: 1002),
    ]

    static let reserved: [Case] =
        [0x91, 0xa1, 0xb1, 0xc1, 0xd1, 0xe1, 0xf1, 0xd9, 0xc8].map { first in
            Case("reserved bits \(String(first, radix: 16))", [(0x81, text("ok")), (first, text("no"))], echo: [(0x81, text("ok"))], closes: 1002)
        }
        + [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf].map { kind in
            Case("kind \(kind)", [(0x80 | kind, [])], closes: 1002)
        }

    static let fragments: [Case] = [
        Case("two fragments", [(0x01, text("a")), (0x80, text("b"))], echo: [(0x81, text("ab"))]),
        Case("fragments without content", [(0x01, []), (0x00, []), (0x80, [])], echo: [(0x81, [])]),
        Case("content in the middle", [(0x01, []), (0x00, text("x")), (0x80, [])], echo: [(0x81, text("x"))]),
        Case(
            "ping between", [(0x01, text("a")), (0x89, text("p")), (0x80, text("b"))],
            echo: [(0x8a, text("p")), (0x81, text("ab"))]),
        Case("continuation of nothing", [(0x80, text("x"))], closes: 1002),
        Case("continuation of nothing, unfinished", [(0x00, text("x"))], closes: 1002),
        Case("text within a message", [(0x01, text("a")), (0x81, text("b"))], closes: 1002),
        Case(
            "one message, then a continuation", [(0x01, text("a")), (0x80, text("b")), (0x80, text("c"))],
            echo: [(0x81, text("ab"))], closes: 1002),
        Case(
            "twenty large fragments", (0..<20).map { ($0 == 0 ? 0x02 : $0 == 19 ? 0x80 : 0x00, zeros(40_000)) },
            echo: [(0x82, zeros(800_000))]),
        Case("more than a message may have", (0..<20).map { ($0 == 0 ? 0x02 : 0x00, zeros(60_000)) }, closes: 1009),
    ]

    static let utf8: [Case] =
        [
            "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\u{7f}", "\u{7ff}", "\u{ffff}", "\u{10ffff}", "\u{d7ff}\u{e000}\u{fffd}", "\u{0}",
            "😀 eight ascii bytes 😀",
        ].map { Case("text \($0)", [(0x81, text($0))], echo: [(0x81, text($0))]) }
        + [
            [0xce, 0xba, 0xed, 0xa0, 0x80, 0x65], [0xf5], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xf0, 0x80, 0x80, 0xaf],
            [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80],
            [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], [0xed, 0xbf, 0xbf], [0x80], [0xbf], [0xfe], [0xff], [0xce], [0xe2, 0x82],
            [0xf0, 0x9f, 0x98], [0x61, 0x80], text("12345678") + [0xff],
        ].map { Case("no text \($0)", [(0x81, $0)], closes: 1007) }
        + [
            Case(
                "a character in two frames", [(0x01, [0xe2, 0x82]), (0x80, [0xac])], echo: [(0x81, text("€"))]),
            Case("wrong in the first of two frames", [(0x01, [0xff]), (0x00, [])], closes: 1007),
            Case("unfinished at the end", [(0x01, [0xe2]), (0x80, [0x82])], closes: 1007),
            Case("bytes need not be text", [(0x82, [0xff, 0x80])], echo: [(0x82, [0xff, 0x80])]),
        ]

    static let closes: [Case] =
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 3000, 3999, 4000, 4999].map {
            Case("close \($0)", [(0x88, code($0))], closes: $0)
        }
        + [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map {
            Case("close with \($0)", [(0x88, code($0))], closes: 1002)
        }
        + [
            Case("close with a reason", [(0x88, code(1000, text("bye")))], closes: 1000),
            Case("close with the longest reason", [(0x88, code(1000, zeros(123)))], closes: 1000),
            Case("close too long", [(0x88, code(1000, zeros(124)))], closes: 1002),
            Case("close with half a code", [(0x88, [3])], closes: 1002),
            Case("close with a reason that is no text", [(0x88, code(1000, [0xff]))], closes: 1007),
            Case("nothing after the close", [(0x88, code(1000)), (0x81, text("late"))], closes: 1000),
            Case("close within a message", [(0x01, text("a")), (0x88, code(1000))], closes: 1000),
            Case("close in pieces", [(0x08, code(1000)), (0x80, [])], closes: 1002),
        ]

    @Test(arguments: sizes + control + reserved + fragments + utf8 + closes)
    func cases(_ one: Case) throws {
        // As one piece, and byte by byte as far as that is worth the time.
        for slice in [Int.max, 1, 3] {
            let bytes = one.sent.flatMap { RawSocket.frame($0.0, $0.1) }
            if slice != .max, bytes.count > 2_000 { continue }
            let server = try Self.server.get()
            let socket = try server.connect()
            #expect(socket.answer.status == 101)
            var rest = bytes[...]
            while !rest.isEmpty {
                // The server may have refused what came before.
                do { try socket.client.send(Array(rest.prefix(slice))) } catch { break }
                rest = rest.dropFirst(slice)
            }
            for (first, payload) in one.expected {
                let frame = try #require(try socket.next())
                #expect(frame.first == first && frame.payload == payload, "\(frame)")
            }
            if one.closes == nil { try socket.close(1000) }
            let last = try #require(try socket.next())
            #expect(last.closeCode == one.closes ?? 1000, "\(last)")
            if one.closes != nil, last.closeCode != 1000 { try? socket.close(1000) }
            #expect(try socket.next() == nil)
        }
    }

    /// Shared by all cases: a server bears any number of broken clients.
    private static let server = Result { () throws -> SocketServer in
        var limits = WebSocketLimits()
        limits.frame = 65_536
        return try SocketServer(limits: limits)
    }

    /// Refused before its content has come.
    @Test func aFrameBeyondTheLimitIsRefusedByItsHead() throws {
        let server = try SocketServer()
        let socket = try server.connect()
        try socket.client.send([0x82, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4])
        #expect(try socket.next()?.closeCode == 1009)
    }

    @Test(arguments: [
        [0x81, 0x02, 0x61, 0x62],  // not masked
        [0x82, 0x80 | 126, 0, 5, 1, 2, 3, 4],  // a length in more bytes than it needs
        [0x82, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4],
        [0x82, 0x80 | 127, 0x80, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4],  // the highest bit set
    ] as [[UInt8]])
    func malformedHeads(_ bytes: [UInt8]) throws {
        let server = try SocketServer()
        let socket = try server.connect()
        try socket.client.send(bytes)
        #expect(try socket.next()?.closeCode == 1002)
    }

    /// Every phase of the key, every length around a word.
    @Test func masksComeOffWherePiecesBegin() {
        let key: [UInt8] = [0x01, 0x80, 0x55, 0xfe]
        for offset in 0..<8 {
            for length in 0..<40 {
                let head = FrameHead(
                    kind: .binary, isFinal: true, isCompressed: false,
                    key: key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }, size: 6, length: 100)
                var bytes = (0..<length).map { UInt8($0) ^ key[($0 + offset) & 3] }
                bytes.withUnsafeMutableBytes { head.unmask($0, at: offset) }
                #expect(bytes == (0..<length).map { UInt8($0) })
            }
        }
    }
}
