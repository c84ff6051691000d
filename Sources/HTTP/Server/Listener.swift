import CSystem
import Glibc
import Runtime

/// A listening socket on one loop.
final class Listener: Channel {
    private unowned let server: ServerLoop
    /// Held in reserve: when the process is out of descriptors it is given up for the moment it takes to accept a
    /// connection and refuse it, which would otherwise wait in the queue and wake the loop for ever.
    private var spare: Int32
    private var pausing: LoopTimer?
    private static let pause = Duration.milliseconds(100)

    init(fd: Int32, server: ServerLoop) {
        self.server = server
        spare = Self.openSpare()
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) { accept(atMost: server.limits.acceptsPerWake) }

    /// Takes what waits in the accept queue, then closes.
    func stop() {
        guard fd >= 0 else { return }
        pausing?.cancel()
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
            case EAGAIN: return
            case EINTR, ECONNABORTED, EPROTO: continue
            case EMFILE, ENFILE:
                guard refuseOne() else { return }
            default: return rest()
            }
        }
    }

    private func refuseOne() -> Bool {
        server.counters.descriptorsExhausted.bump()
        if spare < 0 { spare = Self.openSpare() }
        guard spare >= 0 else {
            rest()
            return false
        }
        close(spare)
        let accepted = accept4(fd, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        if accepted >= 0 { server.refuse(accepted) }
        spare = Self.openSpare()
        return accepted >= 0
    }

    /// What waits cannot be taken, and would wake the loop again at once (ENOBUFS, ENOMEM, no descriptor at all).
    private func rest() {
        server.loop.remove(self)
        pausing?.cancel()
        pausing = server.loop.timer(after: Self.pause) { [weak self] in
            guard let self, fd >= 0 else { return }
            do { try server.loop.add(self, .read) } catch { rest() }
        }
    }

    private static func openSpare() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }
}
