import CSystem
import Glibc
import Testing

@testable import HTTP

/// What each bound does when it is reached. Times are short and waited for by reading until the server acts.
@Suite struct LimitTests {
    @Test func aConnectionWithoutAByteIsClosed() throws {
        let server = try TestServer(limits: quickLimits { $0.firstByte = .milliseconds(20) })
        #expect(try server.connect().readToEnd().isEmpty)
        #expect(server.sum { $0.timeouts.firstByte.current() } == 1)
    }

    @Test func aDrippingHeadIsRefusedHoweverItDrips() throws {
        let server = try TestServer(limits: quickLimits { $0.headTime = .milliseconds(40) })
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n")
        // Keeps dripping until the server has had enough.
        var flags = Int32(MSG_DONTWAIT | MSG_PEEK)
        var byte: UInt8 = 0
        while recv(client.fd, &byte, 1, flags) < 0 {
            try client.send("A: b\r\n")
            usleep(2000)
        }
        flags = 0
        let answer = try client.answer()
        #expect(answer.status == 408 && answer.isClosing)
        #expect(server.sum { $0.timeouts.head.current() } == 1)
    }

    @Test func anIdleConnectionIsClosed() throws {
        let server = try TestServer(limits: quickLimits { $0.idle = .milliseconds(20) })
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == 200)
        #expect(try client.readToEnd().isEmpty)
        #expect(server.sum { $0.timeouts.idle.current() } == 1)
    }

    @Test func aBodyThatStopsIsRefused() throws {
        let server = try TestServer(limits: quickLimits { $0.bodyIdle = .milliseconds(30) })
        for path in ["/echo", "/sum"] {
            let client = try server.connect()
            try client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            let answer = try client.answer()
            #expect(answer.status == 408 && answer.isClosing)
        }
        #expect(server.sum { $0.timeouts.body.current() } == 2)
    }

    @Test func aLargeBodyMustKeepARate() throws {
        let server = try TestServer(limits: quickLimits {
            $0.smallBody = 10
            $0.bodyIdle = .milliseconds(40)
            $0.uploadRate = 1_000_000
        })
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        var byte: UInt8 = 0
        while recv(client.fd, &byte, 1, Int32(MSG_DONTWAIT | MSG_PEEK)) < 0 {
            try client.send("abc")
            usleep(2000)
        }
        #expect(try client.answer().status == 408)
    }

    @Test func aHandlerOutOfTimeIsToldAndAnsweredFor() throws {
        let server = try TestServer(limits: quickLimits { $0.handler = .milliseconds(20) })
        let client = try server.connect()
        try client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 503 && answer.isClosing && answer.field("retry-after") == "1")
        #expect(server.responder.cancelled.load(ordering: .sequentiallyConsistent) == 1)
        // Too late: without effect.
        server.responder.release()
        #expect(try client.readToEnd().isEmpty)
        #expect(server.sum { $0.inFlight.current() } == 0)
    }

    @Test func aClientThatGoesAwayCancelsItsHandler() async throws {
        let server = try TestServer()
        var client: RawClient? = try server.connect()
        try client?.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.responder.held.withLock({ $0.isEmpty }) { await Task.yield() }
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(client!.fd, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        client = nil
        while server.responder.cancelled.load(ordering: .sequentiallyConsistent) == 0 { await Task.yield() }
        // The handler may still look at the request it was given.
        let held = server.responder.held.withLock { $0[0] }
        #expect(!held.isOpen && held.path.text == "/hold")
        server.responder.release()
        // The handler is told before the connection is taken off the count, on the loop's thread.
        while server.server.activeConnections != 0 { await Task.yield() }
    }

    @Test func tooManyConnectionsAreTurnedAway() async throws {
        let server = try TestServer(limits: quickLimits { $0.connections = 2 })
        let first = try server.connect(), second = try server.connect()
        try first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first.answer().status == 200 && second.answer().status == 200)
        let third = try server.connect()
        let answer = try third.answer()
        #expect(answer.status == 503 && answer.field("retry-after") == "1")
        #expect(try third.readToEnd().isEmpty)
        try first.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try first.answer().status == 200)
        #expect(try first.readToEnd().isEmpty)
        while server.server.activeConnections == 2 { await Task.yield() }
        let fourth = try server.connect()
        try fourth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try fourth.answer().status == 200)
        #expect(server.sum { $0.refusedConnections.current() } == 1)
    }

    @Test func tooManyConnectionsOfOneAddressAreTurnedAway() throws {
        let server = try TestServer(limits: quickLimits {
            $0.connectionsPerAddress = 1
            $0.exemptsLoopback = false
        })
        let first = try server.connect()
        try first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first.answer().status == 200)
        #expect(try server.connect().answer().status == 503)
    }

    @Test func tooManyRequestsInFlightAreTurnedAway() async throws {
        let server = try TestServer(limits: quickLimits { $0.inFlight = 1 })
        let first = try server.connect()
        try first.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.responder.held.withLock({ $0.isEmpty }) { await Task.yield() }
        let second = try server.connect()
        try second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try second.answer()
        #expect(answer.status == 503 && answer.field("retry-after") == "1")
        server.responder.release()
        #expect(try first.answer().text == "released")
        #expect(server.sum { $0.inFlight.current() } == 0)
    }

    /// The writer of an endless stream is held back by a client that does not read, and let go when the client stays
    /// that way.
    @Test func aSlowReaderCostsABoundedAmountAndIsReset() async throws {
        let server = try TestServer(limits: quickLimits { $0.writeStall = .milliseconds(100) })
        let client = try RawClient(port: server.port, receiveBuffer: 4096)
        try client.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.head().status == 200)
        var largest = 0
        while server.sum({ $0.timeouts.write.current() }) == 0 {
            largest = max(largest, await server.held())
            await Task.yield()
        }
        #expect(largest > 0)
        #expect(largest <= 2 * server.limits.unreadAnswer + 64 * 1024)
        #expect(throws: (any Error).self) { while try client.receive() {} }
        #expect(await server.held() == 0)
    }

    /// A hundred clients ask for eight megabytes each and read nothing: the answer exists once.
    @Test func slowReadersOfALargeAnswerShareIt() async throws {
        let server = try TestServer()
        var clients: [RawClient] = []
        for _ in 0..<100 {
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            try client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
        }
        while server.sum({ $0.requests.current() }) < 100 { await Task.yield() }
        #expect(await server.held() <= 100 * 1024)
        // Reading goes on from where it stopped.
        #expect(try clients[50].answer().body.count == TestResponder.big.bytes.count)
    }

    /// Requests pipelined by a client that does not read are left unread too.
    @Test func aPipelineWithoutAReaderStops() async throws {
        let server = try TestServer(limits: quickLimits { $0.writeStall = .seconds(60) })
        let client = try RawClient(port: server.port, receiveBuffer: 4096)
        let flags = fcntl(client.fd, F_GETFL)
        _ = fcntl(client.fd, F_SETFL, flags | O_NONBLOCK)
        let request = Array(String(repeating: "GET /text HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000).utf8)
        var sent = 0, refusals = 0
        while refusals < 50 {
            let count = Glibc.send(client.fd, request, request.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                sent += count
                refusals = 0
            } else {
                refusals += 1
                #expect(await server.held() < 400 * 1024)
            }
        }
        #expect(sent > 0)
    }
}
