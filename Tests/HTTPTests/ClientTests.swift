import Glibc
import Runtime
import Testing

@testable import HTTP

@Suite struct ClientTests {
    private func client(_ server: TestServer, _ change: (inout ClientSettings) -> Void = { _ in }) throws -> HTTPClient {
        var settings = ClientSettings()
        change(&settings)
        return try HTTPClient(
            loops: server.group, resolver: Resolver(pool: BlockingPool("names", width: 1, limit: 10)), settings: settings)
    }

    private func url(_ port: UInt16, _ target: String, host: String = "127.0.0.1", scheme: String = "http") throws -> ClientURL {
        try #require(ClientURL("\(scheme)://\(host):\(port)\(target)"))
    }

    @Test func requestsShareAConnection() async throws {
        let server = try TestServer()
        let client = try client(server)
        let first = try await client.send(ClientRequest(.get, try url(server.port, "/")))
        #expect(first.status == 200 && first.text == "hello" && first.field("Content-Length") == "5")
        let second = try await client.send(ClientRequest(.post, try url(server.port, "/echo"), body: [1, 2, 3]))
        #expect(second.body == [1, 2, 3])
        let third = try await client.send(ClientRequest(.head, try url(server.port, "/")))
        #expect(third.body.isEmpty && third.field("content-length") == "5")
        let fourth = try await client.send(ClientRequest(.get, try url(server.port, "/chunked")))
        #expect(fourth.text == "one two three")
        let fifth = try await client.send(
            ClientRequest(.put, try url(server.port, "/request?q"), fields: [("X-One", "1")], body: Array("b".utf8)))
        #expect(fifth.text == "put /request q 127.0.0.1:\(server.port) b\nHost=127.0.0.1:\(server.port)\nX-One=1\nContent-Length=1")
        #expect(server.sum { $0.accepted.current() } == 1)
        #expect(await client.openConnections() == 1)
        client.close()
        #expect(await client.openConnections() == 0)
    }

    /// Whatever the name says, and whatever connection another request has left.
    @Test func aRequestGoesWhereItSays() async throws {
        let server = try TestServer()
        let client = try client(server)
        let here = try #require(SocketAddress(ip: "127.0.0.1", port: server.port))
        let nowhere = try #require(SocketAddress(ip: "127.0.0.1", port: 1))
        var pinned = ClientRequest(.get, try url(server.port, "/request", host: "no-such-name.invalid"))
        pinned.addresses = [here]
        #expect(try await client.send(pinned).text.hasPrefix("get /request - no-such-name.invalid:"))
        // The same host by its name, and by an address where nobody listens.
        #expect(try await client.send(ClientRequest(.get, try url(server.port, "/"))).status == 200)
        var elsewhere = ClientRequest(.get, try url(server.port, "/"))
        elsewhere.addresses = [nowhere]
        let error = await #expect(throws: ClientError.self) { _ = try await client.send(elsewhere) }
        #expect(error?.mayHaveBeenSent == false)
        client.close()
    }

    @Test func aPinnedRequestUsesNoProxy() async throws {
        let server = try TestServer()
        let client = try client(server) { $0.proxy = ClientProxy(host: "127.0.0.1", port: 1) }
        var pinned = ClientRequest(.get, try url(server.port, "/"))
        pinned.addresses = [try #require(SocketAddress(ip: "127.0.0.1", port: server.port))]
        #expect(try await client.send(pinned).status == 200)
        client.close()
    }

    @Test func largeBodiesPassBothWays() async throws {
        let server = try TestServer()
        let client = try client(server)
        let body = [UInt8](repeating: 9, count: 1_000_000)
        #expect(try await client.send(ClientRequest(.post, try url(server.port, "/echo"), body: body)).body == body)
        #expect(try await client.send(ClientRequest(.get, try url(server.port, "/big"))).body.count == 8 * 1024 * 1024)
        await #expect(throws: ClientError.responseTooLarge) {
            try await client.send(ClientRequest(.get, try url(server.port, "/big"), largestAnswer: 1000))
        }
    }

    @Test func connectionsPerHostAreBoundedAndWaitedFor() async throws {
        let server = try TestServer()
        let client = try client(server) { $0.connectionsPerHost = 2 }
        let url = try url(server.port, "/later")
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                group.addTask { do { return try await client.send(ClientRequest(.get, url)).text } catch { return "\(error)" } }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers == [String](repeating: "later", count: 40))
        #expect(server.sum { $0.accepted.current() } == 2)
    }

    @Test func aFullWaitingLineIsSaidAtOnce() async throws {
        let server = try TestServer()
        let client = try client(server) {
            $0.connectionsPerHost = 1
            $0.waitingPerHost = 0
        }
        let hold = try url(server.port, "/hold")
        async let first = client.send(ClientRequest(.get, hold))
        while server.responder.held.withLock({ $0.isEmpty }) { await Task.yield() }
        await #expect(throws: ClientError.overloaded) { try await client.send(ClientRequest(.get, hold)) }
        server.responder.release()
        #expect(try await first.text == "released")
    }

    @Test func timeAndCancellationEndTheWait() async throws {
        let server = try TestServer()
        let client = try client(server)
        let hold = try url(server.port, "/hold")
        let late = await #expect(throws: ClientError.self) {
            try await client.send(ClientRequest(.get, hold, timeout: .milliseconds(20)))
        }
        #expect(late == .timeout(sent: true) && late?.mayHaveBeenSent == true)
        let task = Task { try await client.send(ClientRequest(.get, hold)) }
        while server.responder.held.withLock({ $0.count }) < 2 { await Task.yield() }
        task.cancel()
        await #expect(throws: ClientError.cancelled(sent: true)) { try await task.value }
        // Both connections are gone.
        #expect(await client.openConnections() == 0)
    }

    @Test func whatNeverLeftIsSaidSo() async throws {
        let server = try TestServer()
        let client = try client(server)
        let free = try ListeningSocketForTests.open()
        let port = try ListeningSocketForTests.port(of: free)
        close(free)
        let refused = await #expect(throws: ClientError.self) { try await client.send(ClientRequest(.post, try url(port, "/"))) }
        guard case .connecting = refused else { Issue.record("\(String(describing: refused))"); return }
        #expect(refused?.mayHaveBeenSent == false)
        let unknown = await #expect(throws: ClientError.self) {
            try await client.send(ClientRequest(.get, try url(80, "/", host: "nobody.invalid")))
        }
        guard case .resolving = unknown else { Issue.record("\(String(describing: unknown))"); return }
        await #expect(throws: ClientError.malformedRequest) {
            try await client.send(ClientRequest(.get, try url(80, "/"), fields: [("A", "b\r\nC: d")]))
        }
        await #expect(throws: ClientError.malformedRequest) {
            try await client.send(ClientRequest(.get, try url(80, "/"), fields: [("Content-Length", "1")]))
        }
        #expect(await client.openConnections() == 0)
    }

    /// A kept connection that the server has closed meanwhile: what is idempotent is sent again, the rest is not.
    @Test func aStaleConnectionIsReplacedWhereThatIsSafe() async throws {
        let server = try TestServer()
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let other = try BlockingServer { other, fd in
            let number = other.connections.load(ordering: .relaxed)
            while let head = BlockingServer.readHead({ recv(fd, $0, $1, 0) }) {
                other.note(head)
                // The second request on a connection is read and never answered.
                if other.seen.withLock({ $0.count }) == 2 * number { return }
                _ = Glibc.send(fd, ok, ok.utf8.count, Int32(MSG_NOSIGNAL))
                if number > 2 { return }
            }
        }
        let client = try client(server)
        let url = try url(other.port, "/")
        #expect(try await client.send(ClientRequest(.get, url)).text == "ok")
        // Lost on the first connection, repeated on a second.
        #expect(try await client.send(ClientRequest(.get, url)).text == "ok")
        #expect(other.connections.load(ordering: .relaxed) == 2)
        await #expect(throws: ClientError.connectionLost(sent: true)) { try await client.send(ClientRequest(.post, url)) }
        #expect(other.seen.withLock { $0.count } == 4)
    }

    @Test(arguments: [
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi"),
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end", "200 until the end"),
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "302 "),
        ("HTTP/1.1 204\r\n\r\n", "204 "),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nT: v\r\n\r\n", "200 hi"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "200 hi"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "malformed response"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "malformed response"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi", "malformed response"),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "malformed response"),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "malformed response"),
        ("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "malformed response"),
        ("HTTP/2 200 OK\r\n\r\n", "malformed response"),
        ("HTTP/1.1 20 OK\r\n\r\n", "malformed response"),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", "malformed response"),
        ("SSH-2.0-x\r\n\r\n", "malformed response"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", "malformed response"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", "connection lost after sending"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", "connection lost after sending"),
        ("HTTP/1.1 200", "connection lost after sending"),
        ("", "connection lost after sending"),
    ])
    func responsesAreReadStrictly(_ response: String, _ expected: String) async throws {
        let server = try TestServer()
        let other = try BlockingServer.scripted([[response]])
        let client = try client(server)
        do {
            let answer = try await client.send(ClientRequest(.get, try url(other.port, "/")))
            #expect("\(answer.status) \(answer.text)" == expected)
        } catch {
            #expect("\(error)" == expected)
        }
    }

    // MARK: TLS and proxies

    @Test func aTrustedNameIsServedOverTLS() async throws {
        let server = try TestServer()
        let fixture = try await TLSFixture(server.group.loops[0])
        let client = try client(server) { $0.authorities = fixture.certificate }
        for host in ["localhost", "localhost", "127.0.0.1"] {
            let url = try url(fixture.server.port, "/", host: host, scheme: "https")
            let answer = try await client.send(ClientRequest(.get, url))
            #expect(answer.status == 200 && answer.body.count == 70_000)
            // The server knows one connection at a time.
            if host == "localhost", fixture.server.seen.withLock({ $0.count }) == 2 {
                client.close()
                #expect(await client.openConnections() == 0)
            }
        }
        #expect(fixture.server.connections.load(ordering: .relaxed) == 2)
        client.close()
        #expect(await client.openConnections() == 0)
    }

    @Test func anotherNameAndAnUntrustedAuthorityAreRefused() async throws {
        let server = try TestServer()
        let fixture = try await TLSFixture(server.group.loops[0], name: "DNS:elsewhere")
        let url = try url(fixture.server.port, "/", host: "localhost", scheme: "https")
        let wrong = await #expect(throws: ClientError.self) {
            try await client(server) { $0.authorities = fixture.certificate }.send(ClientRequest(.post, url))
        }
        #expect(wrong == .securing("hostname mismatch") || wrong == .securing("Hostname mismatch"))
        #expect(wrong?.mayHaveBeenSent == false)
        let untrusted = await #expect(throws: ClientError.self) { try await client(server).send(ClientRequest(.post, url)) }
        guard case .securing = untrusted else { Issue.record("\(String(describing: untrusted))"); return }
        #expect(fixture.server.seen.withLock { $0.isEmpty })
    }

    @Test func aPlainServerIsNoTLSServer() async throws {
        let server = try TestServer()
        let url = try url(server.port, "/", scheme: "https")
        let error = await #expect(throws: ClientError.self) { try await client(server).send(ClientRequest(.get, url)) }
        guard case .securing = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test func proxiesAreUsedAsSet() async throws {
        let server = try TestServer()
        let fixture = try await TLSFixture(server.group.loops[0])
        let target = fixture.server.port
        let proxy = try BlockingServer { proxy, fd in
            guard let head = BlockingServer.readHead({ recv(fd, $0, $1, 0) }) else { return }
            proxy.note(head)
            guard head.hasPrefix("CONNECT") else {
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nvia"
                _ = Glibc.send(fd, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                return
            }
            guard head.contains("Proxy-Authorization: Basic abc\r\n") else {
                let answer = "HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n"
                _ = Glibc.send(fd, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                return
            }
            let answer = "HTTP/1.1 200 Connected\r\n\r\n"
            _ = Glibc.send(fd, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
            Splice.run(fd, to: target)
        }
        let certificate = fixture.certificate
        func settings(_ settings: inout ClientSettings, _ credentials: String?) {
            settings.authorities = certificate
            settings.proxy = ClientProxy(
                host: "127.0.0.1", port: proxy.port, authorization: credentials, except: [".local", "127.0.0.1"])
        }
        let known = try client(server) { settings(&$0, "Basic abc") }
        let secure = try url(target, "/s", host: "localhost", scheme: "https")
        #expect(try await known.send(ClientRequest(.get, secure)).status == 200)
        #expect(fixture.server.seen.withLock { $0 } == ["GET /s HTTP/1.1"])
        known.close()
        #expect(await known.openConnections() == 0)
        #expect(try await known.send(ClientRequest(.get, try url(80, "/p?q", host: "example.org"))).text == "via")
        // Exempt: directly.
        #expect(try await known.send(ClientRequest(.get, try url(server.port, "/"))).text == "hello")
        let stranger = try client(server) { settings(&$0, nil) }
        await #expect(throws: ClientError.proxy(407)) { try await stranger.send(ClientRequest(.get, secure)) }
        #expect(
            proxy.seen.withLock { $0 } == [
                "CONNECT localhost:\(target) HTTP/1.1", "GET http://example.org/p?q HTTP/1.1",
                "CONNECT localhost:\(target) HTTP/1.1",
            ])
    }
}

@Suite struct ClientURLTests {
    @Test(arguments: [
        ("http://a", "a", 80, "/"), ("HTTP://A.B/c?d", "a.b", 80, "/c?d"), ("https://a?x", "a", 443, "/?x"),
        ("https://[::1]:8443/y", "::1", 8443, "/y"), ("http://a:/z", "a", 80, "/z"),
    ])
    func takesApart(_ text: String, _ host: String, _ port: Int, _ target: String) throws {
        let url = try #require(ClientURL(text))
        #expect(url.host == host && Int(url.port) == port && url.target == target)
        #expect(ClientURL(url.description) == url)
    }

    @Test(arguments: [
        "", "a", "ftp://a", "http://", "http:///a", "http://u@a/", "http://a:x/", "http://a:0/", "http://a:70000/",
        "http://a/ b", "http://a/\u{e4}", "http://a/#f", "http://a b/",
    ])
    func refuses(_ text: String) {
        #expect(ClientURL(text) == nil)
    }

    @Test(arguments: [
        ("http://p:3128", "p", 3128, nil), ("http://a:b@p", "p", 80, "Basic YTpi"),
        ("http://Aladdin:open sesame@[::1]:1/", "::1", 1, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("http://u:p@@p", "p", 80, "Basic dTpwQA=="),
    ])
    func proxiesAreRead(_ text: String, _ host: String, _ port: Int, _ authorization: String?) throws {
        let proxy = try #require(ClientProxy(text))
        #expect(proxy.host == host && Int(proxy.port) == port && proxy.authorization == authorization)
    }

    @Test(arguments: ["", "p:1", "https://p", "http://p/x", "http://", "http://a@"])
    func otherProxiesAreRefused(_ text: String) {
        #expect(ClientProxy(text) == nil)
    }
}
