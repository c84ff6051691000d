import CSystem
import Glibc
import Runtime
import Synchronization
import Testing

@testable import HTTP

@Suite struct WebSocketTests {
    // MARK: Handshake

    /// The example of RFC 6455 section 1.3.
    @Test func theHandshakeOfTheStandard() throws {
        let server = try SocketServer()
        let socket = try server.connect("Sec-WebSocket-Protocol: chat, echo\r\n")
        #expect(socket.answer.status == 101)
        #expect(socket.answer.field("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(socket.answer.field("upgrade") == "websocket" && socket.answer.field("connection") == "Upgrade")
        #expect(socket.answer.field("sec-websocket-protocol") == "echo")
        #expect(socket.answer.field("sec-websocket-extensions") == nil)
    }

    @Test(arguments: [
        ("Upgrade: websocket\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(RawSocket.key)\r\n", 426, "upgrade"),
        ("Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(RawSocket.key)\r\n", 426, "upgrade"),
        ("", 426, "upgrade"),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: \(RawSocket.key)\r\n", 426, "sec-websocket-version"),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: \(RawSocket.key)\r\n", 426, "sec-websocket-version"),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", 400, ""),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n", 400, ""),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n", 400, ""),
    ])
    func requestsThatBecomeNone(fields: String, status: Int, named: String) throws {
        let server = try SocketServer()
        let client = try RawClient(port: server.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        let answer = try client.answer()
        #expect(answer.status == status)
        if !named.isEmpty { #expect(answer.field(named) != nil) }
    }

    @Test func framesBehindTheRequestAreNotLost() throws {
        let server = try SocketServer(loops: 2)
        let frame = RawSocket.frame(0x81, Array("early".utf8))
        for path in ["/", "/elsewhere"] {
            let socket = try RawSocket(port: server.port, path: path, trailing: frame)
            #expect(try socket.next()?.text == "early")
        }
    }

    // MARK: permessage-deflate

    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10"),
        ("permessage-deflate; server_max_window_bits=\"12\"", "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12"),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ("permessage-deflate; server_max_window_bits=8", nil),
        ("permessage-deflate; server_max_window_bits=16", nil),
        ("permessage-deflate; server_max_window_bits=010", nil),
        ("permessage-deflate; server_max_window_bits", nil),
        ("permessage-deflate; client_max_window_bits=7", nil),
        ("permessage-deflate; server_no_context_takeover=1", nil),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", nil),
        ("permessage-deflate; colour", nil),
        ("x-webkit-deflate-frame", nil),
    ])
    func offersOfCompression(offer: String, answer: String?) throws {
        let server = try SocketServer()
        let socket = try server.connect("Sec-WebSocket-Extensions: \(offer)\r\n")
        #expect(socket.answer.field("sec-websocket-extensions") == answer)
    }

    @Test func aWindowOfItsOwnIsAgreedToWhereTheServerMay() throws {
        var limits = WebSocketLimits()
        limits.keepsContext = true
        let server = try SocketServer(limits: limits)
        let socket = try server.connect("Sec-WebSocket-Extensions: permessage-deflate\r\n")
        #expect(socket.answer.field("sec-websocket-extensions") == "permessage-deflate")
        let packer = Packer(keepsContext: true), unpacker = Packer(keepsContext: true)
        // The second message refers to the first.
        for round in 0..<3 {
            let text = Array(String(repeating: "a line that comes again and again \(round); ", count: 60).utf8)
            let packed = packer.pack(text)
            try socket.send(0xc1, packed)
            let frame = try #require(try socket.next())
            #expect(frame.first == 0xc1)
            #expect(unpacker.unpack(frame.payload) == text)
            if round > 0 { #expect(frame.payload.count < 60) }
        }
    }

    @Test func compressedMessagesInAnyNumberOfFrames() throws {
        let server = try SocketServer()
        let socket = try server.connect("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n")
        let text = (0..<40_000).map { UInt8(0x61 + $0 % 23) }
        let packed = Packer(keepsContext: false).pack(text)
        try socket.send(0xc1, packed)
        let half = packed.count / 2
        try socket.send(0x41, Array(packed[..<half]))
        try socket.send(0x89, "between")
        try socket.send(0x80, Array(packed[half...]))
        for expected in [0xc1, 0x8a, 0xc1] as [UInt8] {
            let frame = try #require(try socket.next())
            #expect(frame.first == expected)
            if expected == 0xc1 { #expect(Packer(keepsContext: false).unpack(frame.payload) == text) }
        }
        // Short ones, and what does not become shorter, go as they are.
        try socket.send(0x81, "short")
        #expect(try socket.next()?.first == 0x81)
        let noise = (0..<2000).map { _ in UInt8.random(in: 0...255) }
        try socket.send(0x82, noise)
        #expect(try socket.next() == RawSocket.Frame(first: 0x82, payload: noise))
        // A message for many is compressed once.
        try socket.send(0x81, "share")
        let shared = try #require(try socket.next())
        #expect(shared.isCompressed && Packer(keepsContext: false).unpack(shared.payload).count == 5000)
    }

    /// A last block (BFINAL) within a message, and one message that consists of nothing (RFC 7692 section 7.2.3).
    @Test func whatOtherCompressorsMayWrite() throws {
        let server = try SocketServer()
        let socket = try server.connect("Sec-WebSocket-Extensions: permessage-deflate\r\n")
        for (bytes, text) in [
            ([0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00], "Hello"),
            ([0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00], "Hello"),
            ([0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00], "Hello"),
            ([0x00], ""),
        ] as [([UInt8], String)] {
            try socket.send(0xc1, bytes)
            #expect(try socket.next()?.text == text)
        }
    }

    @Test func aCompressedMessageThatGrowsTooLargeOrIsNone() throws {
        let server = try SocketServer()
        let bomb = Packer(keepsContext: false).pack([UInt8](repeating: 0, count: 20_000_000))
        #expect(bomb.count < 65_536)
        for (payload, kind, code) in [(bomb, 0xc2, 1009), ([0xff, 0xff, 0xff], 0xc2, 1007), (Packer(keepsContext: false).pack([0xff, 0xfe]), 0xc1, 1007)] as [([UInt8], UInt8, Int)] {
            let socket = try server.connect("Sec-WebSocket-Extensions: permessage-deflate\r\n")
            try socket.send(kind, payload)
            #expect(try socket.next()?.closeCode == code)
        }
        // The largest that is allowed.
        let socket = try server.connect("Sec-WebSocket-Extensions: permessage-deflate\r\n")
        try socket.send(0xc2, Packer(keepsContext: false).pack([UInt8](repeating: 7, count: 1_000_000)))
        let frame = try #require(try socket.next())
        #expect(Packer(keepsContext: false).unpack(frame.payload).count == 1_000_000)
    }

    // MARK: Ends

    @Test func theServerCloses() async throws {
        let server = try SocketServer()
        let socket = try server.connect()
        try socket.send(0x81, "bye")
        let frame = try #require(try socket.next())
        #expect(frame.closeCode == 4000 && frame.payload.dropFirst(2).elementsEqual("bye".utf8))
        try socket.close(4000)
        #expect(try socket.next() == nil)
        while server.ends.isEmpty { await Task.yield() }
        #expect(server.ends == [.closing(CloseCode(4000))])
    }

    @Test func aClientThatDoesNotCloseIsDropped() async throws {
        var limits = WebSocketLimits()
        limits.closing = .milliseconds(10)
        limits.tick = .milliseconds(2)
        let server = try SocketServer(limits: limits)
        let socket = try server.connect()
        try socket.send(0x81, "bye")
        #expect(try socket.next()?.closeCode == 4000)
        #expect(try socket.next() == nil)
    }

    @Test func aClientThatDoesNotReadIsDropped() async throws {
        let server = try SocketServer()
        let socket = try RawSocket(port: server.port, receiveBuffer: 4096)
        var sent = 0
        while server.ends.isEmpty, sent < 1000 {
            do { try socket.send(0x81, "burst 100000") } catch { break }
            sent += 1
            await Task.yield()
        }
        while server.ends.isEmpty { await Task.yield() }
        #expect(server.ends == [.slow])
    }

    @Test func aClientThatTakesNothingForTooLongIsDropped() async throws {
        var limits = WebSocketLimits()
        limits.writeStall = .milliseconds(20)
        limits.tick = .milliseconds(2)
        limits.unsent = 64 << 20
        let server = try SocketServer(limits: limits)
        let socket = try RawSocket(port: server.port, receiveBuffer: 4096)
        try socket.send(0x81, "burst 20000000")
        while server.ends.isEmpty { await Task.yield() }
        #expect(server.ends == [.slow])
    }

    @Test func whoGivesNoSignOfLifeIsDropped() async throws {
        var limits = WebSocketLimits()
        limits.pong = .milliseconds(30)
        limits.tick = .milliseconds(2)
        let server = try SocketServer(limits: limits, pingEvery: .milliseconds(5))
        let alive = try server.connect(), silent = try server.connect()
        // Whoever answers stays, the other one does not.
        while server.ends.isEmpty {
            let ping = try #require(try alive.next())
            #expect(ping.first == 0x89)
            try alive.send(0x8a, ping.payload)
        }
        #expect(server.ends == [.silent])
        #expect(try silent.next()?.first == 0x89)
        try alive.send(0x81, "still here")
        while let frame = try alive.next() {
            if frame.first == 0x81 { break }
            try alive.send(0x8a, frame.payload)
        }
    }

    @Test func aGracefulStopTellsEveryClient() async throws {
        let server = try SocketServer(loops: 2)
        let sockets = try (0..<6).map { _ in try server.connect() }
        for socket in sockets {
            try socket.send(0x81, "there")
            #expect(try socket.next()?.text == "there")
        }
        let isBegun = Atomic<Bool>(false)
        async let drained: Void = {
            isBegun.store(true, ordering: .releasing)
            await server.sockets.drain(grace: .seconds(30))
        }()
        // What follows blocks its thread, so the stop has to be under way.
        while !isBegun.load(ordering: .acquiring) { await Task.yield() }
        for socket in sockets {
            #expect(try socket.next()?.closeCode == 1001)
            try socket.close(1001)
            #expect(try socket.next() == nil)
        }
        await drained
        #expect(server.ends.count == 6)
    }

    @Test func whoDoesNotHearOfTheStopIsCutOff() async throws {
        let server = try SocketServer()
        let socket = try server.connect()
        await server.sockets.drain(grace: .milliseconds(10))
        #expect(try socket.next()?.closeCode == 1001)
        #expect(try socket.next() == nil)
    }

    // MARK: Bounds

    /// A socket keeps its place among the connections, and gives it back.
    @Test func socketsCountAsConnections() async throws {
        var bounds = ServerLimits()
        bounds.connections = 2
        let server = try SocketServer(server: bounds)
        let first = try server.connect(), second = try server.connect()
        #expect(first.answer.status == 101 && second.answer.status == 101)
        #expect(throws: (any Error).self) { if try server.connect().answer.status != 101 { throw SystemError("refused", code: 1) } }
        try first.close(1000)
        #expect(try first.next()?.closeCode == 1000)
        while server.server.activeConnections > 1 { await Task.yield() }
        #expect(try server.connect().answer.status == 101)
    }

    @Test func anIdleSocketHoldsNoBuffer() async throws {
        let server = try SocketServer()
        let socket = try server.connect()
        try socket.send(0x01, [UInt8](repeating: 0x61, count: 60_000))
        try socket.send(0x80, [UInt8](repeating: 0x61, count: 60_000))
        #expect(try socket.next()?.payload.count == 120_000)
        // Answered: nothing of it is kept.
        try socket.send(0x81, "more")
        #expect(try socket.next()?.text == "more")
        while await server.sockets.heldBytes() > 0 { await Task.yield() }
    }
}
