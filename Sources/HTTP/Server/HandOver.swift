import CSystem
import Glibc
import Runtime

/// Lets a new process take the place of this one without losing a connection.
///
/// Closing a listening socket resets whatever waits in its accept queue, and a second socket on the same port
/// (SO_REUSEPORT) has a queue of its own; so neither is used. The successor gets the listening sockets themselves, over
/// a socket in the file system that only the same user may open. Both processes accept for a moment; then this one
/// closes its copies, which loses nothing because the queue belongs to the socket, and drains.
package final class HandOver: Channel {
    private let path: String
    private let server: HTTPServer
    private let home: EventLoop
    private let whenTaken: @Sendable () -> Void

    /// Waits for a successor at `path`. A file left there by a process that is gone is replaced.
    ///
    /// - Parameter whenTaken: called on `loop` once, when the successor accepts connections: now drain and exit.
    package static func offer(
        _ server: HTTPServer, at path: String, on loop: EventLoop, whenTaken: @escaping @Sendable () -> Void
    ) throws {
        guard let address = SocketAddress(path: path) else { throw SystemError("bind", code: ENAMETOOLONG) }
        unlink(path)
        let fd = try ListeningSocket.open(address, backlog: 4)
        chmod(path, 0o600)
        let offer = HandOver(fd: fd, path: path, server: server, loop: loop, whenTaken: whenTaken)
        nonisolated(unsafe) let channel = offer
        loop.execute { channel.start() }
    }

    /// Asks the process that listens at `path` for its sockets. Nil when there is none. Blocks, so it is called at
    /// start, before the loops have work. Throws `SystemError` when a predecessor is there and does not hand over.
    package static func take(from path: String) throws -> Predecessor? {
        guard let address = SocketAddress(path: path) else { throw SystemError("connect", code: ENAMETOOLONG) }
        let fd = try checked("socket", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        guard address.withSockaddr({ connect(fd, $0, $1) }) == 0 else {
            Glibc.close(fd)
            return nil
        }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        do {
            return Predecessor(fd: fd, descriptors: try DescriptorMessage.receive(from: fd))
        } catch {
            Glibc.close(fd)
            throw error
        }
    }

    /// The process that is being replaced.
    package struct Predecessor: Sendable {
        fileprivate let fd: Int32
        /// To be given to `HTTPServer.start(adopting:)`.
        package let descriptors: [Int32]

        /// The successor accepts connections: the predecessor may stop.
        package func dismiss() {
            var ready: UInt8 = 1
            _ = send(fd, &ready, 1, Int32(MSG_NOSIGNAL))
            Glibc.close(fd)
        }
    }

    private init(fd: Int32, path: String, server: HTTPServer, loop: EventLoop, whenTaken: @escaping @Sendable () -> Void) {
        self.path = path
        self.server = server
        home = loop
        self.whenTaken = whenTaken
        super.init(fd: fd)
    }

    private func start() {
        do { try home.add(self, .read) } catch { stop() }
    }

    /// No successor any more: the process stops for good. On the loop.
    private func stop() {
        guard fd >= 0 else { return }
        home.remove(self)
        Glibc.close(fd)
        fd = -1
    }

    override package func onEvent(_ events: Events) {
        let successor = accept4(fd, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard successor >= 0 else { return }
        guard isSameUser(successor) else {
            Glibc.close(successor)
            return
        }
        do {
            try DescriptorMessage.send(server.listeningDescriptors, to: successor)
            try home.add(Confirmation(fd: successor, loop: home) { [weak self] in self?.handedOver() }, .read)
        } catch {
            // The successor gives up by itself; this process goes on as before.
            Glibc.close(successor)
        }
    }

    private func handedOver() {
        guard fd >= 0 else { return }
        // The path belongs to the successor by now.
        stop()
        whenTaken()
    }

    private func isSameUser(_ fd: Int32) -> Bool {
        // struct ucred { pid, uid, gid }: GNU's, not importable.
        var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, .max, .max)
        var length = socklen_t(12)
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 && credentials.uid == geteuid()
    }

    /// Waits for the byte that says that the successor accepts.
    private final class Confirmation: Channel {
        private let home: EventLoop
        private let confirmed: () -> Void

        init(fd: Int32, loop: EventLoop, _ confirmed: @escaping () -> Void) {
            home = loop
            self.confirmed = confirmed
            super.init(fd: fd)
        }

        override func onEvent(_ events: Events) {
            var byte: UInt8 = 0
            let isReady = recv(fd, &byte, 1, 0) == 1
            home.remove(self)
            Glibc.close(fd)
            fd = -1
            if isReady { confirmed() }
        }
    }
}
