import Testing

@testable import HTTP

/// Connections are dealt evenly to the loops, whatever the kernel's hash of their addresses says.
@Suite struct DealingTests {
    @Test(arguments: [2, 3]) func everyLoopHasAsManyAsAnother(_ loops: Int) async throws {
        let server = try TestServer(loops: loops)
        var clients: [RawClient] = []
        for count in 1...60 {
            clients.append(try server.connect())
            try clients[count - 1].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            // Answered: by whichever loop, and it is in that one's count.
            #expect(try clients[count - 1].answer().text == "hello")
            let active = server.server.counters.map { $0.active.load(ordering: .relaxed) }
            #expect(active.reduce(0, +) == count)
            #expect(active.max()! - active.min()! <= 2, "\(active)")
        }
        #expect(server.server.counters.reduce(0) { $0 + $1.accepted.load(ordering: .relaxed) } == 60)
        await server.server.drain(grace: .seconds(5))
        #expect(server.server.activeConnections == 0)
    }

    /// A connection that is on its way when the server stops is served or closed, and the stop waits for it.
    @Test func aStopLosesNobodyOnTheWay() async throws {
        for _ in 0..<20 {
            let server = try TestServer(loops: 3)
            var clients: [RawClient] = []
            for _ in 0..<24 { clients.append(try server.connect()) }
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
            await server.server.drain(grace: .seconds(5))
            for client in clients { #expect(try client.answer().text == "hello") }
            #expect(server.server.activeConnections == 0)
        }
    }
}
