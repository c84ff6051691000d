import Glibc
import HTTP
import Runtime

/// HOST and PORT cannot be had.
struct CannotListen: Error, CustomStringConvertible {
    let address: SocketAddress
    let cause: SystemError

    /// Looks before anything is made or changed for a server that could not listen afterwards.
    ///
    /// - Parameter path: where a process that has the address may wait for its successor. Whether it does shows later.
    static func check(_ address: SocketAddress, unless path: String?) throws {
        if let path, access(path, F_OK) == 0 { return }
        try naming(address) { try ListeningSocket.requireFree(address) }
    }

    /// What fails in `body` fails with the address named.
    static func naming(_ address: SocketAddress, _ body: () throws -> Void) throws {
        do { try body() } catch let cause as SystemError { throw CannotListen(address: address, cause: cause) }
    }

    var description: String {
        switch cause.code {
        case EADDRINUSE: "\(address) is in use by another process; end that, or choose another PORT"
        case EADDRNOTAVAIL: "this machine does not have the address \(address.ip); choose another HOST"
        default: "cannot listen on \(address): \(cause)"
        }
    }
}
