import Glibc

/// Where finished lines go. Called by one thread at a time, never by an event loop; it may block.
package protocol LogSink: Sendable {
    func write(_ lines: [UInt8])
}

/// Lines on a file descriptor: 2 for a service's log.
package struct DescriptorSink: LogSink {
    let descriptor: Int32

    package init(descriptor: Int32 = 2) { self.descriptor = descriptor }

    /// Whether a person is likely to read.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    package func write(_ lines: [UInt8]) {
        lines.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
                if count > 0 { sent += count } else if errno != EINTR { return }
            }
        }
    }
}
