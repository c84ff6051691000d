import CSystem
import Glibc
import Runtime

/// A listening socket on one loop.
final class Listener: Channel {
    private unowned let server: ServerLoop
    /// Held in reserve: when the process is out of descriptors it is given up for the moment it takes to accept a
    /// connection and refuse it, which would otherwise wait in the queue and wake the loop for ever.
    private var spare: Int32

    init(fd: Int32, server: ServerLoop) {
        self.server = server
        spare = Self.openSpare()
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) { accept(atMost: server.limits.acceptsPerWake) }

    /// Takes what waits in the accept queue, then closes.
    func stop() {
        guard fd >= 0 else { return }
        server.loop.remove(self)
        accept(atMost: Int.max)
        close(fd)
        fd = -1
        if spare >= 0 { close(spare) }
        spare = -1
    }

    private func accept(atMost limit: Int) {
        var address = sockaddr_storage()
        for _ in 0..<limit {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    accept4(fd, $0, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
                }
            }
            if accepted >= 0 {
                server.accept(accepted, from: PeerAddress(address))
                continue
            }
            switch atrium_errno() {
            case EINTR, ECONNABORTED, EPROTO: continue
            case EMFILE, ENFILE:
                guard refuseOne() else { return }
            default: return
            }
        }
    }

    private func refuseOne() -> Bool {
        server.counters.descriptorsExhausted.bump()
        guard spare >= 0 else { return false }
        close(spare)
        let accepted = accept4(fd, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        if accepted >= 0 { server.refuse(accepted) }
        spare = Self.openSpare()
        return accepted >= 0
    }

    private static func openSpare() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }
}
