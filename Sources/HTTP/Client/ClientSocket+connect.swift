import CSystem
import Glibc
import Runtime

extension ClientSocket {
    /// Connects to the first address that answers. `opened` gets each socket as soon as it exists, so that a time limit or a
    /// cancellation can end the wait on it.
    static func connect(
        to addresses: [SocketAddress], patience: Duration, loop: EventLoop, opened: (ClientSocket) -> Void
    ) async throws -> ClientSocket {
        var reason = "no address"
        // An address that swallows packets leaves time for the next ones.
        let share = patience / min(max(addresses.count, 1), 3)
        for address in addresses {
            let socket: ClientSocket
            do { socket = try start(address, loop) } catch let error as SystemError {
                reason = error.description
                continue
            }
            opened(socket)
            guard let failure = try await socket.finishConnecting(share) else { return socket }
            reason = failure
            socket.shut()
        }
        throw ClientError.connecting(reason)
    }

    private static func start(_ address: SocketAddress, _ loop: EventLoop) throws -> ClientSocket {
        let family = address.family == .v4 ? AF_INET : address.family == .v6 ? AF_INET6 : AF_UNIX
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fd = try checked("socket", Glibc.socket(family, type, 0))
        var one: Int32 = 1
        if family != AF_UNIX { setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4) }
        if address.withSockaddr({ Glibc.connect(fd, $0, $1) }) != 0, atrium_errno() != EINPROGRESS {
            let error = SystemError("connect")
            Glibc.close(fd)
            throw error
        }
        let socket = ClientSocket(fd: fd, loop: loop)
        try socket.open()
        return socket
    }

    /// Nil when connected, else why not.
    private func finishConnecting(_ patience: Duration) async throws -> String? {
        let timer = home.timer(after: patience) { self.fail(.connecting("timed out")) }
        defer { timer.cancel() }
        do { _ = try await ready(.write) } catch ClientError.connecting(let reason) {
            return reason
        } catch {
            shut()
            throw error
        }
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length)
        return code == 0 ? nil : SystemError("connect", code: code).description
    }
}
