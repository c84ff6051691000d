import CSystem
import Glibc
import Runtime

/// Carries bytes between a connection and a local port until either side closes.
enum Splice {
    static func run(_ fd: Int32, to port: UInt16) {
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(other) }
        let address = SocketAddress(ip: "127.0.0.1", port: port)!
        guard address.withSockaddr({ connect(other, $0, $1) }) == 0 else { return }
        var ends = [pollfd(fd: fd, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(POLLIN), revents: 0)]
        var space = [UInt8](repeating: 0, count: 65536)
        while poll(&ends, 2, 60_000) > 0 {
            for (from, to) in [(0, 1), (1, 0)] where ends[from].revents != 0 {
                let count = recv(ends[from].fd, &space, space.count, 0)
                guard count > 0, Glibc.send(ends[to].fd, space, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }
}
