import Dispatch
import Glibc
import Runtime
import Synchronization
import Testing
import Values

@testable import Telemetry

@Suite struct LogTests {
    static let clock = Clock.fixed(Instant(microseconds: 1_794_000_000_123_456))

    private func lines(_ format: LogFormat, level: LogLevel = .info, _ write: (Log) -> Void) -> [String] {
        let sink = MemorySink()
        let output = LogOutput(level: level, format: format, sink: sink, clock: Self.clock)
        write(Log(output))
        output.close()
        return sink.lines.map(String.init)
    }

    @Test func jsonLine() {
        let line = lines(.json) {
            $0.with(["requestId": "r-1"]).info(
                "job done", ["queue": "mail", "attempt": 2, "share": 0.5, "ok": true, "none": .number(.nan)])
        }
        #expect(
            line == [
                #"{"time":"2026-11-06T21:20:00.123Z","level":"info","message":"job done","requestId":"r-1","#
                    + #""queue":"mail","attempt":2,"share":0.5,"ok":true,"none":"nan"}"#
            ])
    }

    @Test func terminalLine() {
        let line = lines(.terminal) { $0.warning("slow query", ["statement": "unit by id", "milliseconds": 31]) }
        #expect(line == [#"2026-11-06T21:20:00.123Z WARNING slow query statement="unit by id" milliseconds=31"#])
    }

    @Test func nothingInAValueEndsTheLineOrItsQuotes() {
        let value = "a\"b\\c\nd\re\tf\u{0}g\u{1b}[2Jh\u{9b}i é 漢"
        let escaped = #""a\"b\\c\nd\re\tf\u0000g\u001b[2Jh\u009bi é 漢""#
        #expect(lines(.json) { $0.info("x", ["v": .text(value)]) }[0].hasSuffix(#""v":\#(escaped)}"#))
        #expect(lines(.terminal) { $0.info("x", ["v": .text(value)]) }[0].hasSuffix("v=\(escaped)"))
    }

    @Test func bytesThatAreNoTextAreReplacedAndLongTextIsCut() {
        let line = lines(.json) { log in
            log.record(.info, "x") { line in
                ([0x61, 0xff, 0x62] as [UInt8]).withUnsafeBytes { line.add("v", utf8: $0) }
                line.add("long", String(repeating: "l", count: LogLine.longestText + 1))
            }
        }
        #expect(line[0].contains("\"v\":\"a\u{fffd}b\""))
        #expect(line[0].contains("\"long\":\"" + String(repeating: "l", count: LogLine.longestText) + "…\""))
    }

    @Test func secretsAreRedactedWhateverTheirType() {
        let line = lines(.json) {
            $0.info("x", ["password": "hunter2", "code": 123456, "refreshToken": "abc", "signature": 1.5, "userId": "u"])
        }
        #expect(
            line[0].hasSuffix(
                #""password":"[redacted]","code":"[redacted]","refreshToken":"[redacted]","signature":"[redacted]","userId":"u"}"#))
    }

    @Test func linesBelowTheLevelAreNotEvenBuilt() {
        let written = lines(.json, level: .warning) { log in
            log.info("x", ["v": { Issue.record("built"); return 1 }()])
            log.warning("y")
            #expect(!log.isEnabled(.info) && log.isEnabled(.error))
        }
        #expect(written.count == 1)
        Log.silent.error("x", ["v": { Issue.record("built"); return 1 }()])
    }

    @Test func aLineWrittenInsideALineStaysApart() throws {
        let sink = MemorySink()
        let output = LogOutput(format: .terminal, sink: sink, loops: 1, clock: Self.clock)
        let log = Log(output)
        let group = try LoopGroup(count: 1)
        group.start()
        group.loops[0].execute {
            log.record(.info, "outer") { line in
                line.add("a", 1)
                log.info("inner")
                line.add("b", -2)
            }
        }
        group.stopAndJoin()
        output.close()
        #expect(sink.lines.map { $0.dropFirst(25) }.sorted() == ["info    inner", "info    outer a=1 b=-2"])
    }

    @Test func everyLineOfEveryThreadArrivesWholeAndInOrder() throws {
        let sink = MemorySink()
        let output = LogOutput(format: .terminal, sink: sink, loops: 2, clock: Self.clock)
        let log = Log(output)
        let group = try LoopGroup(count: 3)
        group.start()
        for loop in group.loops {
            loop.execute { for n in 0..<2000 { log.info("line", ["loop": LogValue(loop.index), "n": LogValue(n)]) } }
        }
        group.stopAndJoin()
        output.close()
        for loop in 0..<3 {
            let numbers = sink.lines.filter { $0.contains(" loop=\(loop) ") }.map { Int($0.split(separator: "=").last!)! }
            #expect(numbers == Array(0..<2000))
        }
        #expect(output.droppedLines == 0)
    }

    @Test func anErrorIsWrittenAtOnceTogetherWithWhatLedToIt() async throws {
        let sink = MemorySink()
        let output = LogOutput(format: .terminal, sink: sink, loops: 1, clock: Self.clock)
        let group = try LoopGroup(count: 1)
        group.start()
        await withCheckedContinuation { done in
            group.loops[0].execute {
                Log(output).info("before")
                Log(output).error("broken")
                done.resume()
            }
        }
        output.drainHandedOver()
        #expect(sink.lines.count == 2)
        group.stopAndJoin()
    }

    @Test func whatNobodyTakesOffIsDroppedCountedAndReported() {
        let sink = BlockedSink()
        let output = LogOutput(format: .terminal, sink: sink, limit: 1000, clock: Self.clock)
        for _ in 0..<100 { Log(output).info("line") }
        let dropped = output.droppedLines
        #expect(dropped > 50 && dropped < 100)
        sink.open.signal()
        output.close()
        #expect(sink.memory.lines.count == 100 - dropped + 1)
        #expect(sink.memory.lines.contains { $0.hasSuffix("log lines were dropped count=\(dropped)") })
    }

    /// A pipe that somebody has made non-blocking holds 64 KB; what does not fit waits for its reader.
    @Test func aFullPipeLosesNothing() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (read, write) = (ends[0], ends[1])
        _ = fcntl(write, F_SETFL, O_NONBLOCK)
        let threads = BlockingPool("pipe", width: 2, limit: 0)
        let lines = [UInt8](repeating: UInt8(ascii: "a"), count: 300_000)
        async let isWritten = threads.run {
            defer { close(write) }
            return DescriptorSink(descriptor: write).write(lines)
        }
        let count = try await threads.run {
            defer { close(read) }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var sum = 0
            // Not to its end: children that other tests start at this moment hold the pipe open.
            while sum < 300_000 {
                let count = Glibc.read(read, &buffer, buffer.count)
                if count <= 0 { break }
                sum += count
            }
            return sum
        }
        #expect(try await isWritten)
        #expect(count == 300_000)
    }

    @Test func whatCannotBeWrittenIsCounted() {
        let output = LogOutput(format: .terminal, sink: DescriptorSink(descriptor: -1), clock: Self.clock)
        Log(output).info("line")
        output.close()
        #expect(output.droppedLines == 1)
    }
}

/// Takes nothing until it is opened.
private final class BlockedSink: LogSink, @unchecked Sendable {
    let memory = MemorySink()
    let open = DispatchSemaphore(value: 0)
    private let isOpen = Atomic<Bool>(false)

    func write(_ lines: [UInt8]) -> Bool {
        if !isOpen.exchange(true, ordering: .relaxed) { open.wait() }
        return memory.write(lines)
    }
}
