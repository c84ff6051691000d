import CSystem
import Glibc

/// A pipe between us and a child process: both ends close on exec, the caller's own made non-blocking when used.
struct Pipe {
    let read: Int32
    let write: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try checked("pipe2", pipe2(&ends, O_CLOEXEC))
        read = ends[0]
        write = ends[1]
    }

    func closeBoth() {
        close(read)
        close(write)
    }
}

/// Collects what a child writes, up to a limit.
final class PipeReader: Channel {
    let done = Waiter<[UInt8]>()
    private(set) var overflowed = false
    private var bytes: [UInt8] = []
    private let limit: Int
    private let onOverflow: () -> Void

    init(_ fd: Int32, limit: Int, onOverflow: @escaping () -> Void, _ loop: EventLoop) throws {
        self.limit = limit
        self.onOverflow = onOverflow
        super.init(fd: fd)
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        try loop.add(self, .read)
    }

    override func onEvent(_ events: Events) {
        withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { buffer in
            while true {
                let count = Glibc.read(fd, buffer.baseAddress, buffer.count)
                if count > 0 {
                    let room = limit - bytes.count
                    bytes.append(contentsOf: buffer[..<min(count, room)])
                    if count > room, !overflowed {
                        overflowed = true
                        onOverflow()
                    }
                    continue
                }
                if count < 0, atrium_errno() == EAGAIN { return }
                return finish()
            }
        }
    }

    /// Reads no more.
    func finish() {
        guard isRegistered else { return }
        loop?.remove(self)
        close(fd)
        done.resume(returning: bytes)
    }
}

/// Feeds a child's standard input.
final class PipeWriter: Channel {
    private let bytes: [UInt8]
    private var sent = 0

    /// Writes all and closes; a child that does not read its input loses it.
    static func write(_ bytes: [UInt8], to fd: Int32, _ loop: EventLoop) throws {
        if bytes.isEmpty {
            close(fd)
            return
        }
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        try loop.add(PipeWriter(fd, bytes), .write)
    }

    private init(_ fd: Int32, _ bytes: [UInt8]) {
        self.bytes = bytes
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) {
        let count = bytes.withUnsafeBytes { Glibc.write(fd, $0.baseAddress! + sent, $0.count - sent) }
        if count > 0 { sent += count }
        if count < 0, atrium_errno() == EAGAIN { return }
        if count <= 0 || sent == bytes.count {
            loop?.remove(self)
            close(fd)
        }
    }
}
