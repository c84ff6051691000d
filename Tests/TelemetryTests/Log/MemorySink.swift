import Synchronization

@testable import Telemetry

/// Keeps what is written.
final class MemorySink: LogSink {
    private let written = Mutex<[UInt8]>([])

    var text: String { String(decoding: written.withLock { $0 }, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n") }

    func write(_ lines: [UInt8]) -> Bool {
        written.withLock { $0 += lines }
        return true
    }
}
