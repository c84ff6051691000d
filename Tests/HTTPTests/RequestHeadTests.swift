import Testing

@testable import HTTP

@Suite struct RequestHeadTests {
    private func parse(_ text: String, limits: HeadLimits = HeadLimits()) -> HeadOutcome {
        var head = RequestHead()
        return Array(text.utf8).withUnsafeBytes { RequestHeadParser.parse($0, limits: limits, into: &head) }
    }

    private static let host = "Host: a\r\n"

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://example.org:8080/x?y HTTP/1.1\r\nHost: other\r\n\r\n",
        "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
        "DELETE /a%20b?c=%C3%A4 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "PATCH /a HTTP/1.1\r\nhOsT:a.b-c_d~e:1\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length:   007 \t\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nEmpty:\r\nTabbed: a\tb\r\nLatin: \u{e9}\r\n\r\n",
    ])
    func accepts(_ text: String) {
        #expect(parse(text) == .complete(length: text.utf8.count))
    }

    static let refused: [(String, Refusal)] = [
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nA: b\rc\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\nHost: a\r\nA\r: b\r\n\r\n", .bareCarriageReturn),
        (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("\u{16}\u{3}\u{1}", .malformedRequestLine),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /\r\nHost: a\r\n\r\n", .malformedRequestLine),
        ("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedVersion),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
        ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .malformedVersion),
        ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionNotSupported),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
        ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", .versionNotSupported),
        ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
        ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .methodRefused),
        ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\nA\u{0}: b\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\nA(b): c\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: b\u{0}c\r\n\r\n", .malformedFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: long enough to be read in words \u{1}\r\n\r\n", .malformedFieldValue),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: \u{7f}\r\n\r\n", .malformedFieldValue),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .malformedHost),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 2\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .repeatedContentLength),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .ambiguousFraming),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", .ambiguousFraming),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", .unknownTransferCoding),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .unknownTransferCoding
        ),
        ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n", .expectationFailed),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: +1\r\n\r\n", .malformedContentLength),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ refusal: Refusal) {
        #expect(parse(text) == .refused(refusal))
    }

    /// Wherever a head is cut, what has come so far is refused or incomplete, and the rest leads to the same outcome.
    @Test func aHeadMayArriveInPieces() {
        let text = "\r\nPOST /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Long: \(String(repeating: "v", count: 50))\r\nContent-Length: 12\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            var head = RequestHead()
            let first = bytes[..<cut].withUnsafeBytes { RequestHeadParser.parse($0, limits: HeadLimits(), into: &head) }
            #expect(first == .incomplete, "cut at \(cut)")
            let second = bytes.withUnsafeBytes { RequestHeadParser.parse($0, limits: HeadLimits(), into: &head) }
            #expect(second == .complete(length: bytes.count), "cut at \(cut)")
            #expect(head.framing == .length(12) && head.count == 3)
        }
    }

    @Test func viewsLieWhereTheTextLies() {
        let text = "GET http://h:1/p/q?x=%20&y HTTP/1.1\r\nHost: other\r\nCONNECTION: keep-alive, Close\r\nA:  b c \t\r\n\r\n"
        var head = RequestHead()
        Array(text.utf8).withUnsafeBytes { bytes in
            _ = RequestHeadParser.parse(bytes, limits: HeadLimits(), into: &head)
            let base = bytes.baseAddress!
            #expect(head.method == .get)
            #expect(head.path(in: base).text == "/p/q")
            #expect(head.query(in: base)?.text == "x=%20&y")
            #expect(head.target(in: base).text == "http://h:1/p/q?x=%20&y")
            #expect(head.host(in: base).text == "h:1")
            #expect(head.field("a", in: base)?.text == "b c")
            #expect(head.field("host", in: base)?.text == "other")
            #expect(head.field("b", in: base) == nil)
            #expect(head.closes == true)
        }
    }

    @Test func limitsHaveTheirStatus() {
        let limits = HeadLimits(line: 40, fields: 60, count: 3)
        let fits = "GET /" + String(repeating: "a", count: 26) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(parse(fits, limits: limits) == .complete(length: fits.utf8.count))
        let long = "GET /" + String(repeating: "a", count: 27) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(parse(long, limits: limits) == .refused(.requestLineTooLong))
        // Before the line's end has come.
        #expect(parse(String(repeating: "a", count: 41), limits: limits) == .refused(.requestLineTooLong))
        #expect(parse("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\n\r\n", limits: limits) != .refused(.fieldsTooLarge))
        #expect(
            parse("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", limits: limits) == .refused(.fieldsTooLarge))
        let wide = "GET / HTTP/1.1\r\nHost: a\r\nA: " + String(repeating: "b", count: 60)
        #expect(parse(wide, limits: limits) == .refused(.fieldsTooLarge))
        #expect(parse(wide + "\r\n\r\n", limits: limits) == .refused(.fieldsTooLarge))
        #expect(Refusal.requestLineTooLong.status == 414 && Refusal.fieldsTooLarge.status == 431)
    }

    /// The largest head that settings allow keeps its offsets in 16 bits.
    @Test func theLargestHeadFits() {
        let limits = HeadLimits(line: .max, fields: .max, count: .max)
        let line = "GET /" + String(repeating: "a", count: limits.line - 14) + " HTTP/1.1\r\n"
        let field = "Host: a\r\nA: " + String(repeating: "b", count: limits.fields - 16) + "\r\n\r\n"
        let text = line + field
        #expect(text.utf8.count < 65536)
        #expect(parse(text, limits: limits) == .complete(length: text.utf8.count))
    }
}
