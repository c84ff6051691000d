import CSystem
import Glibc
import Runtime
import Synchronization
import Testing

@testable import HTTP

@Suite struct HandOverTests {
    /// Clients keep connecting, one request each, while one server takes over from another, five times. Every single
    /// connection is served.
    @Test func aSuccessorLosesNoConnection() async throws {
        let path = "/tmp/atrium-handover-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { unlink(path) }
        var current = try TestServer(loops: 2)
        let port = current.port
        let load = Load(port: port, threads: 4)
        let taken = Mutex(0)
        for round in 1...5 {
            // The load goes on before, during and after.
            let before = load.served.load(ordering: .relaxed)
            while load.served.load(ordering: .relaxed) < before + 200, !load.isBroken { await Task.yield() }
            let old = current
            try HandOver.offer(old.server, at: path, on: old.group.loops[0]) { taken.withLock { $0 += 1 } }
            var predecessor: HandOver.Predecessor?
            while predecessor == nil {
                predecessor = try HandOver.take(from: path)
                await Task.yield()
            }
            let handed = try #require(predecessor)
            #expect(handed.descriptors.count == 2)
            current = try TestServer(loops: 2, adopting: handed.descriptors)
            #expect(current.port == port)
            handed.dismiss()
            while taken.withLock({ $0 }) < round { await Task.yield() }
            await old.server.drain()
        }
        let before = load.served.load(ordering: .relaxed)
        while load.served.load(ordering: .relaxed) < before + 200, !load.isBroken { await Task.yield() }
        load.stop()
        #expect(load.failures.withLock { $0 } == [])
        #expect(load.served.load(ordering: .relaxed) >= 1200)
        await current.server.drain()
    }

    @Test func withoutAPredecessorThereIsNothingToTake() throws {
        #expect(try HandOver.take(from: "/tmp/atrium-nobody-\(getpid())") == nil)
    }

    @Test func aSecondServerIsToldThatTheAddressIsTaken() throws {
        let server = try TestServer()
        let group = try LoopGroup(count: 1)
        let second = HTTPServer(loops: group, responder: TestResponder())
        let address = try #require(SocketAddress(ip: "127.0.0.1", port: server.port))
        let error = #expect(throws: SystemError.self) { try second.start(on: address) }
        #expect(error?.code == EADDRINUSE)
    }

    /// Threads that connect, ask once, read the answer and close, again and again.
    private final class Load: Sendable {
        let served = Atomic<Int>(0)
        let failures = Mutex<[String]>([])
        private let stopping = Atomic<Bool>(false)
        private let port: UInt16
        private let threads = Mutex<[pthread_t]>([])

        init(port: UInt16, threads count: Int) {
            self.port = port
            for _ in 0..<count {
                var thread = pthread_t()
                pthread_create(&thread, nil, { argument in
                    Unmanaged<Load>.fromOpaque(argument!).takeRetainedValue().run()
                    return nil
                }, Unmanaged.passRetained(self).toOpaque())
                let started = thread
                threads.withLock { $0.append(started) }
            }
        }

        var isBroken: Bool { failures.withLock { !$0.isEmpty } }

        func stop() {
            stopping.store(true, ordering: .relaxed)
            for thread in threads.withLock({ $0 }) { pthread_join(thread, nil) }
        }

        private func run() {
            while !stopping.load(ordering: .relaxed), !isBroken {
                do {
                    let client = try RawClient(port: port)
                    try client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
                    let answer = try client.answer()
                    if answer.text != "later" { failures.withLock { $0.append("answered \(answer)") } }
                    served.add(1, ordering: .relaxed)
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
    }
}
