import CSystem
import Runtime
import Testing

@testable import HTTP

@Suite struct DrainTests {
    /// Idle connections close, a running request finishes, new connections are refused.
    @Test func aRunningRequestFinishes() async throws {
        let server = try TestServer(loops: 2, limits: quickLimits { $0.lastCall = .milliseconds(1) })
        let idle = try server.connect(), busy = try server.connect()
        try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.answer().status == 200)
        try busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.responder.held.withLock({ $0.isEmpty }) { await Task.yield() }
        async let drained: Void = server.server.drain(grace: .seconds(30))
        while server.server.activeConnections > 1 { await Task.yield() }
        #expect(try idle.readToEnd().isEmpty)
        #expect(throws: SystemError.self) { try server.connect() }
        server.responder.release()
        let answer = try busy.answer()
        #expect(answer.text == "released" && answer.isClosing)
        await drained
        #expect(server.server.activeConnections == 0)
    }

    /// A client that has not heard of the stop is answered, and hears of it.
    @Test func anIdleConnectionIsGivenALastCall() async throws {
        let server = try TestServer(limits: quickLimits { $0.lastCall = .seconds(600) })
        let idle = try server.connect(), other = try server.connect()
        for client in [idle, other] {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try !client.answer().isClosing)
        }
        async let drained: Void = server.server.drain(grace: .seconds(30))
        while (try? server.connect()) != nil { await Task.yield() }
        for client in [idle, other] {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.text == "hello" && answer.isClosing)
            #expect(try client.readToEnd().isEmpty)
        }
        await drained
    }

    @Test func whoeverIsNotDoneInTimeIsCutOff() async throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.responder.held.withLock({ $0.isEmpty }) { await Task.yield() }
        await server.server.drain(grace: .milliseconds(20))
        #expect(try client.readToEnd(resetIsEnd: true).isEmpty)
        #expect(server.responder.cancelled.load(ordering: .sequentiallyConsistent) == 1)
        server.responder.release()
    }

    @Test func startAndStopInAStorm() async throws {
        for round in 0..<30 {
            let server = try TestServer(loops: 2)
            var clients: [RawClient] = []
            for _ in 0..<5 { clients.append(try server.connect()) }
            for client in clients { try client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n") }
            if round % 2 == 0 { for client in clients { #expect(try client.answer().text == "later") } }
            await server.server.drain(grace: .seconds(5))
            #expect(server.server.activeConnections == 0)
        }
    }
}
