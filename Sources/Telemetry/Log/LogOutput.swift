import Dispatch
import Runtime
import Synchronization
import Values

/// Collects lines per event loop and writes them out on a queue of its own, so that a slow disk or a full pipe never holds
/// a loop. What is waiting to be written is bounded; lines beyond the bound are dropped and counted.
package final class LogOutput: Sendable {
    package let level: LogLevel
    private let format: LogFormat
    private let sink: any LogSink
    private let clock: Clock
    private let limit: Int
    private let buffers: [LogBuffer]

    private struct Line {
        var waiting: [[UInt8]] = []
        var isDraining = false
    }

    private let line = Mutex(Line())
    private let waitingBytes = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let unreported = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "atrium.log")

    /// - Parameters:
    ///   - level: lines below it are not written.
    ///   - loops: how many event loops have a buffer of their own.
    ///   - limit: bytes that may wait to be written.
    package init(
        level: LogLevel = .info, format: LogFormat = .json, sink: any LogSink = DescriptorSink(), loops: Int = 0,
        limit: Int = 4 << 20, clock: Clock = .system
    ) {
        self.level = level
        self.format = format
        self.sink = sink
        self.clock = clock
        self.limit = limit
        buffers = (0..<loops).map { _ in LogBuffer() }
    }

    /// Lines lost because nobody took them off in time, or because they could not be written.
    package var droppedLines: Int { dropped.load(ordering: .relaxed) }

    func record(_ level: LogLevel, _ message: StaticString, _ body: (inout LogLine) -> Void) {
        guard waitingBytes.load(ordering: .relaxed) < limit else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            unreported.wrappingAdd(1, ordering: .relaxed)
            return
        }
        guard let (loop, buffer) = ownBuffer else {
            let buffer = LogBuffer()
            write(into: buffer, level, message, body)
            return hand(over: buffer.take())
        }
        write(into: buffer, level, message, body)
        if level >= .error || buffer.writer.count >= LogBuffer.size {
            hand(over: buffer.take())
        } else if !buffer.isTicking {
            buffer.isTicking = true
            // Strong: a weak reference would make every retain of the output take the slow path ever after.
            loop.timer(after: LogBuffer.tick) { [self] in
                buffer.isTicking = false
                hand(over: buffer.take())
            }
        }
    }

    /// The buffer of the loop whose thread this is.
    private var ownBuffer: (EventLoop, LogBuffer)? {
        guard let loop = EventLoop.current, loop.index < buffers.count else { return nil }
        let buffer = buffers[loop.index]
        return buffer.belongs(to: loop) && !buffer.isWriting ? (loop, buffer) : nil
    }

    /// Writes everything out and returns when it is done. The loops must have been stopped, or never started.
    package func close() {
        for buffer in buffers { hand(over: buffer.take()) }
        drainHandedOver()
    }

    /// Returns when what has been handed over is written.
    func drainHandedOver() { queue.sync {} }

    private func write(
        into buffer: LogBuffer, _ level: LogLevel, _ message: StaticString, _ body: (inout LogLine) -> Void
    ) {
        buffer.isWriting = true
        var line = LogLine(buffer, format: format)
        line.begin(level, message, at: clock.now())
        body(&line)
        line.end()
        buffer.isWriting = false
    }

    private func hand(over bytes: [UInt8]) {
        if bytes.isEmpty { return }
        waitingBytes.wrappingAdd(bytes.count, ordering: .relaxed)
        let mustDrain = line.withLock { line in
            line.waiting.append(bytes)
            defer { line.isDraining = true }
            return !line.isDraining
        }
        if mustDrain { queue.async { self.drain() } }
    }

    private func drain() {
        while let chunks = takeWaiting() {
            for chunk in chunks {
                if !sink.write(chunk) {
                    dropped.wrappingAdd(chunk.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
                }
                waitingBytes.wrappingSubtract(chunk.count, ordering: .relaxed)
            }
            let lost = unreported.exchange(0, ordering: .relaxed)
            if lost > 0 { report(lost) }
        }
    }

    private func report(_ lost: Int) {
        let buffer = LogBuffer()
        write(into: buffer, .warning, "log lines were dropped") { $0.add("count", lost) }
        sink.write(buffer.take())
    }

    private func takeWaiting() -> [[UInt8]]? {
        line.withLock { line in
            if line.waiting.isEmpty {
                line.isDraining = false
                return nil
            }
            defer { line.waiting = [] }
            return line.waiting
        }
    }
}
