import Runtime
import Synchronization

@testable import HTTP

/// Answers by path, each path exercising another way to answer.
final class TestResponder: Responder {
    let cancelled = Atomic<Int>(0)
    /// Exchanges of `/hold` wait here until the test lets them go.
    let held = Mutex<[Exchange]>([])
    let seen = Mutex<[String]>([])
    static let big = SharedBytes([UInt8](repeating: 0x61, count: 8 * 1024 * 1024))

    static let pool = BlockingPool("packing", width: 1, limit: 8)
    /// What streams that could not be read to their end were told.
    let failures = Mutex<[String]>([])

    func admit(_ x: Exchange) -> Admission {
        switch x.path.text {
        case "/refused":
            x.send(status: 401, text: "no")
            return .answered
        case "/small": return .buffer(limit: 16)
        case "/sum" where x.query != nil: return .stream(limit: 100)
        case "/stream", "/sum", "/ignore", "/mirror": return .stream(limit: 64 * 1024 * 1024)
        case "/short-stream": return .stream(limit: 100)
        default: return .buffer(limit: 1024 * 1024)
        }
    }

    func respond(_ x: Exchange) {
        let path = x.path.text
        seen.withLock { $0.append(path) }
        switch path {
        case "/echo", "/small": x.send(status: 200, body: x.body)
        case "/empty": x.send(status: 204)
        case "/request": x.send(status: 200, body: Array(describe(x).utf8))
        case "/later": later(x)
        case "/hold": held.withLock { $0.append(x) }
        case "/big": x.send(status: 200, shared: Self.big)
        case "/text": x.send(status: 200, body: [UInt8](repeating: 0x62, count: 5000), compress: true)
        case "/chunked": chunked(x)
        case "/stream", "/short-stream": stream(x)
        case "/sum": sum(x)
        case "/mirror": mirror(x)
        case "/flood": flood(x)
        case "/torn": torn(x)
        case "/ignore": x.send(status: 200, text: "ignored")
        case "/tunnel": tunnel(x)
        case "/packed": x.loop.spawn { await x.send(status: 200, body: Self.big, compressingOn: Self.pool) }
        default: x.send(status: 200, text: "hello")
        }
    }

    func cancelled(_ x: Exchange) {
        cancelled.add(1, ordering: .sequentiallyConsistent)
        (x.context as? TaskBox)?.task?.cancel()
    }

    func release() {
        for x in held.withLock({ let all = $0; $0 = []; return all }) {
            x.connection?.server.loop.execute { x.send(status: 200, text: "released") }
        }
    }

    final class TaskBox { var task: Task<Void, Never>? }

    private func describe(_ x: Exchange) -> String {
        var text = "\(x.method) \(x.path.text) \(x.query?.text ?? "-") \(x.host.text) \(x.body.text)"
        x.forEachField { text += "\n\($0.text)=\($1.text)" }
        return text
    }

    private func later(_ x: Exchange) {
        x.loop.spawn {
            await Task.yield()
            x.send(status: 200, text: "later")
        }
    }

    private func chunked(_ x: Exchange) {
        x.loop.spawn {
            x.startStreaming(status: 200) { $0.field("X-Kind", "stream") }
            for part in ["one ", "two ", "three"] {
                do { try await x.write(part) } catch { return }
                await Task.yield()
            }
            x.finish()
        }
    }

    /// Begins its answer before it reads.
    private func mirror(_ x: Exchange) {
        x.loop.spawn {
            x.startStreaming(status: 200)
            do {
                while let chunk = try await x.nextBodyChunk() { try await x.write(chunk) }
            } catch { return }
            x.finish()
        }
    }

    private func stream(_ x: Exchange) {
        x.loop.spawn {
            do {
                x.startStreaming(status: 200)
                while let chunk = try await x.nextBodyChunk() { try await x.write(chunk) }
                x.finish()
            } catch { x.abort() }
        }
    }

    private func sum(_ x: Exchange) {
        x.loop.spawn {
            var count = 0, sum = 0
            do {
                while let chunk = try await x.nextBodyChunk() {
                    count += chunk.count
                    for byte in chunk { sum &+= Int(byte) }
                }
                x.send(status: 200, body: Array("\(count) \(sum)".utf8))
            } catch { self.failures.withLock { $0.append("\(error)") } }
        }
    }

    /// Fails after 300,000 bytes; their number is promised with one more when there is a query.
    private func torn(_ x: Exchange) {
        x.loop.spawn {
            do {
                x.startStreaming(status: 200, length: x.query == nil ? nil : 300_001)
                try await x.write([UInt8](repeating: 0x74, count: 300_000))
            } catch {}
            x.abort()
        }
    }

    /// Produces without an end, as fast as the client reads.
    private func flood(_ x: Exchange) {
        x.loop.spawn {
            x.startStreaming(status: 200)
            let part = [UInt8](repeating: 0x7a, count: 32 * 1024)
            do { while true { try await x.write(part) } } catch {}
        }
    }

    /// Leaves HTTP: a channel that sends everything back.
    private func tunnel(_ x: Exchange) {
        x.handOver(head: { $0.field("Upgrade", "echo") }) { handed in
            let channel = EchoChannel(fd: handed.fd)
            channel.pending = handed.unsent + handed.received
            do { try handed.loop.add(channel, .read) } catch { return }
            channel.send()
        }
    }
}

import CSystem
import Glibc

final class EchoChannel: Channel {
    var pending: [UInt8] = []

    override func onEvent(_ events: Events) {
        var space = [UInt8](repeating: 0, count: 4096)
        let count = recv(fd, &space, space.count, 0)
        guard count > 0 else {
            loop?.remove(self)
            close(fd)
            return
        }
        pending += space[..<count]
        send()
    }

    func send() {
        if pending.isEmpty { return }
        _ = Glibc.send(fd, pending, pending.count, Int32(MSG_NOSIGNAL))
        pending = []
    }
}
