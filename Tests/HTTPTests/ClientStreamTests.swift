import Glibc
import Runtime
import Synchronization
import Testing

@testable import HTTP

/// Bodies and answers that are passed on while they come.
@Suite struct ClientStreamTests {
    private func client(_ server: TestServer) throws -> HTTPClient {
        try HTTPClient(loops: server.group, resolver: Resolver(pool: BlockingPool("names", width: 1, limit: 10)))
    }

    private func url(_ port: UInt16, _ target: String) throws -> ClientURL {
        try #require(ClientURL("http://127.0.0.1:\(port)\(target)"))
    }

    /// Runs on the server's first loop, where responses are read.
    private func onLoop<T: Sendable>(
        _ server: TestServer, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let result = Mutex<Result<T, any Error>?>(nil)
        await server.group.loops[0].spawn {
            do {
                let value = try await body()
                result.withLock { $0 = .success(value) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
        }.value
        return try #require(result.withLock { $0 }).get()
    }

    @Test func aBodyIsReadWhileItIsSentAPieceAtATime() async throws {
        let server = try TestServer()
        let client = try client(server)
        let length = 3_000_001
        let asked = Mutex<[Int]>([])
        var request = ClientRequest(.put, try url(server.port, "/sum"))
        request.source = ClientBody(length: length) { offset, count in
            asked.withLock { $0.append(count) }
            return (offset..<offset + count).map { UInt8(truncatingIfNeeded: $0) }
        }
        let sent = request
        let text = try await onLoop(server) {
            try await client.stream(sent) { String(decoding: try await $0.collect(atMost: 1000), as: UTF8.self) }
        }
        let sum = (0..<length).reduce(0) { $0 &+ Int(UInt8(truncatingIfNeeded: $1)) }
        #expect(text == "\(length) \(sum)")
        #expect(asked.withLock { $0 }.max() == ClientBody.piece, "no more than a piece at once")
        #expect(await client.openConnections() == 1)
        client.close()
    }

    @Test func anAnswerIsLentWhileItComesAndTheConnectionUsedAgain() async throws {
        let server = try TestServer()
        let client = try client(server)
        let big = ClientRequest(.get, try url(server.port, "/big"))
        let chunked = ClientRequest(.get, try url(server.port, "/chunked"))
        let head = ClientRequest(.head, try url(server.port, "/big"))
        let (count, largest) = try await onLoop(server) {
            try await client.stream(big) { incoming in
                #expect(incoming.status == 200 && incoming.field("Content-Length") == "\(8 << 20)")
                var count = 0
                var largest = 0
                while let piece = try await incoming.next() {
                    count += piece.count
                    largest = max(largest, piece.count)
                }
                return (count, largest)
            }
        }
        #expect(count == 8 << 20 && largest <= 64 << 10)
        let text = try await onLoop(server) { try await client.stream(chunked) { try await $0.collect(atMost: 100) } }
        #expect(String(decoding: text, as: UTF8.self) == "one two three")
        let none = try await onLoop(server) { try await client.stream(head) { try await $0.next() } }
        #expect(none == nil)
        #expect(server.sum { $0.accepted.current() } == 1, "all of them on one connection")
        client.close()
    }

    /// What is left unread cannot be told from the next answer.
    @Test func anAnswerLeftUnreadCostsItsConnection() async throws {
        let server = try TestServer()
        let client = try client(server)
        let big = ClientRequest(.get, try url(server.port, "/big"))
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await onLoop(server) {
                try await client.stream(big) { incoming in
                    _ = try await incoming.next()
                    throw Enough()
                }
            }
        }
        _ = try await onLoop(server) { try await client.stream(big) { $0.status } }
        #expect(await client.openConnections() == 0)
        await #expect(throws: ClientError.responseTooLarge) {
            try await onLoop(server) { try await client.stream(big) { try await $0.collect(atMost: 1000) } }
        }
        client.close()
    }

    @Test func anAnswerCutShortIsNoWholeAnswer() async throws {
        let loops = try TestServer()
        let client = try client(loops)
        let cut = try BlockingServer.scripted([
            ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"],
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"],
            ["HTTP/1.1 200 OK\r\n\r\n12345"],
        ])
        let request = ClientRequest(.get, try url(cut.port, "/"))
        for _ in 0..<2 {
            await #expect(throws: ClientError.connectionLost(sent: true)) {
                try await onLoop(loops) { try await client.stream(request) { try await $0.collect(atMost: 100) } }
            }
        }
        let whole = try await onLoop(loops) { try await client.stream(request) { try await $0.collect(atMost: 100) } }
        #expect(whole.count == 5, "where nothing says how long it is, the end is the end")
    }

    /// The limit is one of silence, not of the whole.
    @Test func silenceHasALimit() async throws {
        let loops = try TestServer()
        let client = try client(loops)
        let silent = try BlockingServer { server, fd in
            guard let head = BlockingServer.readHead({ recv(fd, $0, $1, 0) }) else { return }
            server.note(head)
            let start = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"
            if head.hasPrefix("GET /later") { _ = send(fd, start, start.utf8.count, Int32(MSG_NOSIGNAL)) }
            // Until the client has had enough.
            var byte: UInt8 = 0
            _ = recv(fd, &byte, 1, 0)
        }
        for path in ["/never", "/later"] {
            var request = ClientRequest(.get, try url(silent.port, path))
            request.timeout = .milliseconds(50)
            let sent = request
            await #expect(throws: ClientError.timeout(sent: true)) {
                try await onLoop(loops) { try await client.stream(sent) { try await $0.collect(atMost: 100) } }
            }
        }
    }

    /// A body that is shorter than it promised to be ends the connection: nothing of it looks whole.
    @Test func aBodyThatFailsIsNotSentAsAWhole() async throws {
        let server = try TestServer()
        let client = try client(server)
        struct Torn: Error {}
        var request = ClientRequest(.put, try url(server.port, "/sum"))
        request.source = ClientBody(length: 500_000) { offset, count in
            if offset > 200_000 { throw Torn() }
            return [UInt8](repeating: 1, count: count)
        }
        let torn = request
        await #expect(throws: Torn.self) {
            try await onLoop(server) { try await client.stream(torn) { $0.status } }
        }
        request.source = ClientBody(length: 500_000) { offset, count in offset > 200_000 ? [] : [UInt8](repeating: 1, count: count) }
        let short = request
        await #expect(throws: ClientError.malformedRequest) {
            try await onLoop(server) { try await client.stream(short) { $0.status } }
        }
        #expect(await client.openConnections() == 0)
    }
}
