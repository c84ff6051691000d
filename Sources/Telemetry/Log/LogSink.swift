import Glibc

/// Where finished lines go. Called by one thread at a time, never by an event loop; it may block.
package protocol LogSink: Sendable {
    ///
    /// - Returns: whether all of it could be written; what could not is lost.
    func write(_ lines: [UInt8]) -> Bool
}

/// Lines on a file descriptor: 2 for a service's log.
package struct DescriptorSink: LogSink {
    let descriptor: Int32

    package init(descriptor: Int32 = 2) { self.descriptor = descriptor }

    /// Whether a person is likely to read.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    package func write(_ lines: [UInt8]) -> Bool {
        lines.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
                if count > 0 {
                    sent += count
                } else if errno == EAGAIN {
                    // Somebody who shares it has made it non-blocking.
                    var writable = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&writable, 1, -1)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
