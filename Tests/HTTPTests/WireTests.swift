import CSystem
import Runtime
import Testing

@testable import HTTP

/// Raw bytes against a running server, in layers: what a plain client sees, then the protocol's rules, then its features.
@Suite struct WireTests {
    // MARK: 10 a client

    @Test func aRequestIsAnsweredAndTheConnectionStays() throws {
        let server = try TestServer()
        let client = try server.connect()
        for _ in 0..<3 {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 200 && answer.text == "hello")
            #expect(answer.field("content-length") == "5")
            #expect(answer.field("date")?.hasSuffix(" GMT") == true)
            #expect(answer.field("connection") == nil)
        }
        #expect(server.sum { $0.requests.current() } == 3)
        #expect(server.sum { $0.accepted.current() } == 1)
    }

    @Test func bodiesComeBack() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde")
        #expect(try client.answer().text == "abcde")
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n")
        #expect(try client.answer().text == "abcde")
        // A body larger than any block, in both framings.
        let large = [UInt8](repeating: 0x78, count: 300_000)
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
        try client.send(large)
        #expect(try client.answer().body == large)
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: large.count, by: 1000) {
            try client.send("3e8\r\n")
            try client.send(Array(large[start..<start + 1000]))
            try client.send("\r\n")
        }
        try client.send("0\r\n\r\n")
        #expect(try client.answer().body == large)
    }

    @Test func aHeadMayComeByteByByte() throws {
        let server = try TestServer()
        let client = try server.connect()
        for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".utf8 { try client.send([byte]) }
        #expect(try client.answer().text == "ab")
    }

    @Test func requestsAreReadAsSent() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("PUT /request?a=b HTTP/1.1\r\nHost: example.org\r\nX-One: 1\r\nContent-Length: 4\r\n\r\nbody")
        #expect(try client.answer().text == "put /request a=b example.org body\nHost=example.org\nX-One=1\nContent-Length=4")
    }

    // MARK: 40 the protocol

    @Test func headHasNoBody() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try client.answer(toHead: true)
        #expect(head.status == 200 && head.field("content-length") == "5")
        #expect(try client.answer().text == "later")
    }

    /// A producer without an end is stopped by HEAD.
    @Test func aStreamToHeadEndsAtItsHead() throws {
        let server = try TestServer()
        let client = try server.connect()
        for path in ["/chunked", "/flood"] {
            try client.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer(toHead: true).field("transfer-encoding") == "chunked")
            #expect(try client.answer().text == "hello")
        }
    }

    /// A stream that its client reads as fast as it comes leaves the loop to the others.
    @Test func aFastStreamDoesNotHoldTheLoop() async throws {
        let server = try TestServer()
        let reader = try server.connect()
        try reader.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
        var read = 0
        while read < 64 * 1024 * 1024 { read += try reader.drop() }
        let other = try server.connect()
        try other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.sum({ $0.requests.current() }) < 2 { _ = try reader.drop() }
        #expect(try other.answer().text == "hello")
    }

    @Test func anAnswerWithoutContentHasNoLength() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /empty HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let empty = try client.answer()
        #expect(empty.status == 204 && empty.field("content-length") == nil)
        #expect(try client.answer().text == "hello")
    }

    @Test func anOldClientIsAnsweredAndClosed() throws {
        let server = try TestServer()
        for path in ["/", "/chunked"] {
            let client = try server.connect()
            try client.send("GET \(path) HTTP/1.0\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.isClosing && answer.field("transfer-encoding") == nil)
            #expect(answer.text == (path == "/" ? "hello" : "one two three"))
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func closeIsHonoured() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n")
        #expect(try client.answer().isClosing)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        let server = try TestServer(limits: quickLimits { $0.requestsPerRound = 4 })
        let client = try server.connect()
        var sent = ""
        for number in 0..<200 {
            let path = number % 3 == 0 ? "/later" : number % 3 == 1 ? "/chunked" : "/echo"
            sent += "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\(1000 + number)"
        }
        try client.send(sent)
        for number in 0..<200 {
            let expected = number % 3 == 0 ? "later" : number % 3 == 1 ? "one two three" : "\(1000 + number)"
            #expect(try client.answer().text == expected, "answer \(number)")
        }
    }

    @Test func aHalfClosedClientGetsAllItsAnswers() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /chunked HTTP/1.1\r\nHost: a\r\n\r\n")
        client.finishSending()
        #expect(try client.answer().text == "later")
        #expect(try client.answer().text == "hello")
        #expect(try client.answer().text == "one two three")
        #expect(try client.readToEnd().isEmpty)
    }

    /// Also what was received and has not had its turn when the client's end closes.
    @Test func aHalfClosedClientGetsTheAnswersOfLaterRounds() throws {
        let server = try TestServer(limits: quickLimits { $0.requestsPerRound = 2 })
        let client = try server.connect()
        try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 20) + "GET / HT")
        client.finishSending()
        for _ in 0..<20 { #expect(try client.answer().text == "hello") }
        #expect(try client.readToEnd().isEmpty)
    }

    static let smuggling: [String] = RequestHeadTests.refused.filter { $0.1.status == 400 }.map(\.0) + [
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n A: b\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "x", count: 5000))\r\na",
    ]

    /// Whatever two servers in a row could read differently is refused, and nothing behind it is answered.
    @Test(arguments: smuggling)
    func ambiguityIsRefusedAndTheConnectionCloses(_ request: String) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 400 && answer.isClosing)
        #expect(answer.field("content-type") == "application/problem+json")
        #expect(try client.readToEnd().isEmpty)
        #expect(server.responder.seen.withLock { $0.isEmpty })
    }

    @Test(arguments: [
        ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: y\r\n\r\n", 417),
        ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "a", count: 33_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: b\r\n", count: 100))\r\n", 431),
        ("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n", 413),
        ("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n", 413),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: \(String(repeating: "a", count: 9000))\r\n\r\n",
            431
        ),
    ])
    func limitsAndRefusalsHaveTheirStatus(_ request: String, _ status: Int) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(request)
        let answer = try client.answer()
        #expect(answer.status == status && answer.isClosing)
        #expect((answer.field("allow") != nil) == (status == 405))
        #expect(try client.readToEnd().isEmpty)
    }

    // MARK: 50 features

    @Test func continueIsSentWhenTheBodyIsWanted() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n")
        #expect(try client.head().status == 100)
        try client.send("abc")
        #expect(try client.answer().text == "abc")
        // Too large: the final status comes at once, and the connection closes since the body may or may not follow.
        try client.send("POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n")
        let refused = try client.head()
        #expect(refused.status == 413 && refused.isClosing)
    }

    @Test func continueIsSentWhenAStreamIsRead() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /sum HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.head().status == 100)
        try client.send([1, 2])
        #expect(try client.answer().text == "2 3")
        try client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        let ignored = try client.head()
        #expect(ignored.status == 200 && ignored.isClosing)
    }

    /// An interim answer in the middle of another would be read as part of it.
    @Test func continueIsNotSentInsideAnAnswer() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /mirror HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        let head = try client.head()
        #expect(head.status == 200 && head.isClosing)
        try client.send("abc")
        #expect(try client.readToEnd() == Array("3\r\nabc\r\n0\r\n\r\n".utf8))
    }

    @Test func aShortUnwantedBodyIsSkipped() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        let refused = try client.answer()
        #expect(refused.status == 401 && !refused.isClosing)
        try client.send("defGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().text == "hello")
        try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nabc")
        #expect(try client.answer().isClosing)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func bodiesStreamBothWays() throws {
        let server = try TestServer()
        let client = try server.connect()
        let part = [UInt8](repeating: 7, count: 50_000)
        for framing in ["Content-Length: 500000", "Transfer-Encoding: chunked"] {
            try client.send("POST /sum HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
            for _ in 0..<10 {
                if framing.hasSuffix("chunked") { try client.send("c350\r\n") }
                try client.send(part)
                if framing.hasSuffix("chunked") { try client.send("\r\n") }
            }
            if framing.hasSuffix("chunked") { try client.send("0\r\n\r\n") }
            #expect(try client.answer().text == "500000 3500000")
        }
        try client.send("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        #expect(try client.head().field("transfer-encoding") == "chunked")
        #expect(try client.take(8) == Array("3\r\nabc\r\n".utf8))
        try client.send("2\r\nde\r\n0\r\n\r\n")
        #expect(try client.take(12) == Array("2\r\nde\r\n0\r\n\r\n".utf8))
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().text == "hello")
    }

    /// What was produced before a stream failed arrives, also when the client reads it late.
    @Test(arguments: [("/torn", "1.1"), ("/torn?length", "1.1"), ("/torn", "1.0")])
    func aStreamThatFailsIsSeenNotToBeWhole(_ path: String, _ version: String) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET \(path) HTTP/\(version)\r\nHost: a\r\n\r\n")
        if version == "1.0" {
            // The connection's end would be the body's: only an error tells.
            #expect(throws: (any Error).self) { try client.readToEnd() }
            return
        }
        let head = try client.head()
        let body = try client.readToEnd()
        if let length = head.field("content-length") {
            #expect(length == "300001" && body.count == 300_000)
        } else {
            #expect(body.count { $0 == 0x74 } == 300_000)
            #expect(!body.suffix(7).elementsEqual("\r\n0\r\n\r\n".utf8))
        }
    }

    @Test func aStreamBeyondItsLimitIsBrokenOff() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /short-stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n")
        // The server may have broken off before this is sent.
        do { try client.send([UInt8](repeating: 1, count: 101)) } catch let error as SystemError where [ECONNRESET, EPIPE].contains(error.code) {}
        let all = try client.readToEnd(resetIsEnd: true)
        #expect(!all.suffix(5).elementsEqual("0\r\n\r\n".utf8))
    }

    @Test func aConnectionCanLeaveHTTP() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly ")
        let answer = try client.head()
        #expect(answer.status == 101 && answer.field("upgrade") == "echo" && answer.field("connection") == nil)
        try client.send("late")
        #expect(try client.take(10) == Array("early late".utf8))
        #expect(server.server.activeConnections == 0)
    }

    @Test func aLargeAnswerIsShared() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /big HTTP/1.1\r\nHost: a\r\n\r\n")
        let big = try client.answer()
        #expect(big.body.count == TestResponder.big.bytes.count && big.body.allSatisfy { $0 == 0x61 })
        #expect(try client.answer().text == "hello")
        #expect(try client.answer(toHead: true).field("content-length") == "\(TestResponder.big.bytes.count)")
    }

    @Test func answersAreCompressedForThoseWhoAcceptIt() throws {
        let server = try TestServer()
        let client = try server.connect()
        for (accept, isPacked) in [("gzip", true), ("br, *;q=0.5", true), ("gzip;q=0, *", false), ("deflate", false)] {
            try client.send("GET /text HTTP/1.1\r\nHost: a\r\nAccept-Encoding: \(accept)\r\n\r\n")
            let answer = try client.answer()
            #expect((answer.field("content-encoding") == "gzip") == isPacked)
            #expect(answer.field("vary") == "Accept-Encoding")
            #expect(isPacked ? Gunzip.all(answer.body) == [UInt8](repeating: 0x62, count: 5000) : answer.body.count == 5000)
        }
    }

    @Test func largeAnswersAreCompressedOnAPool() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /packed HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\nGET /packed HTTP/1.1\r\nHost: a\r\n\r\n")
        let packed = try client.answer()
        #expect(packed.field("content-encoding") == "gzip" && packed.field("vary") == "Accept-Encoding")
        #expect(Gunzip.all(packed.body)?.count == TestResponder.big.bytes.count)
        let plain = try client.answer()
        #expect(plain.field("content-encoding") == nil && plain.body.count == TestResponder.big.bytes.count)
    }

    /// A handler that reads more than was allowed is told why, and the client gets 413.
    @Test func aStreamReaderIsToldOfTheRefusal() async throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /sum?short HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n")
        try client.send([UInt8](repeating: 1, count: 101))
        #expect(try client.answer().status == 413)
        while server.responder.failures.withLock({ $0.isEmpty }) { await Task.yield() }
        #expect(server.responder.failures.withLock { $0 } == ["refused(HTTP.Refusal.contentTooLarge)"])
    }
}
