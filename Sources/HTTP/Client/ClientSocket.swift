import COpenSSL
import CSystem
import Glibc
import Runtime

/// An outgoing connection, in clear or under TLS, on one loop. Each operation is tried at once; `ready` waits until it
/// can be tried again.
final class ClientSocket: Channel {
    enum Attempt {
        case bytes(Int)
        case wouldBlock(Interest)
        case end
        case failed
    }

    let home: EventLoop
    private var session: OpaquePointer?
    private var waiter: Waiter<Events>?
    private var failure: ClientError?
    /// Told when the other side stirs while nobody waits: an idle connection is of no use any more.
    var whenStirred: (() -> Void)?

    init(fd: Int32, loop: EventLoop) {
        home = loop
        super.init(fd: fd)
    }

    deinit { shut() }

    func open() throws { try home.add(self, []) }

    func shut() {
        guard fd >= 0 else { return }
        if let session {
            // A last, unanswered close_notify; whether it can be sent does not matter any more.
            if SSL_is_init_finished(session) == 1 { SSL_shutdown(session) }
            SSL_free(session)
        }
        session = nil
        home.remove(self)
        close(fd)
        fd = -1
    }

    /// Ends the wait under way, and every later one, with this error.
    func fail(_ error: ClientError) {
        if failure == nil { failure = error }
        waiter.take()?.resume(throwing: error)
    }

    func ready(_ interest: Interest) async throws -> Events {
        if let failure { throw failure }
        home.modify(self, interest)
        let waiter = Waiter<Events>()
        self.waiter = waiter
        return try await waiter.value()
    }

    /// Nobody waits, but a close by the other side is to be noticed.
    func rest() { home.modify(self, .read) }

    override func onEvent(_ events: Events) {
        if let waiter = waiter.take() {
            waiter.resume(returning: events)
            return
        }
        if !events.isDisjoint(with: [.hangup, .error]) {
            // Reported whatever was asked for, again and again.
            home.remove(self)
            failure = failure ?? .connectionLost(sent: false)
        } else {
            home.modify(self, [])
        }
        whenStirred?()
    }

    // MARK: TLS

    func secure(_ tls: ClientTLS, host: String) async throws {
        let session = try await tls.context().session(host: host, fd: fd)
        self.session = session
        while true {
            ERR_clear_error()
            let result = SSL_do_handshake(session)
            if result == 1 { return }
            guard let interest = interest(after: result, session) else { throw TLSContext.failure(session) }
            _ = try await ready(interest)
        }
    }

    private func interest(after result: Int32, _ session: OpaquePointer) -> Interest? {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: .read
        case SSL_ERROR_WANT_WRITE: .write
        default: nil
        }
    }

    // MARK: bytes

    func read(into space: UnsafeMutableRawBufferPointer) -> Attempt {
        guard fd >= 0 else { return .failed }
        guard let session else {
            let count = recv(fd, space.baseAddress, space.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            return atrium_errno() == EAGAIN || atrium_errno() == EINTR ? .wouldBlock(.read) : .failed
        }
        ERR_clear_error()
        let count = SSL_read(session, space.baseAddress, Int32(clamping: space.count))
        if count > 0 { return .bytes(Int(count)) }
        if let interest = interest(after: count, session) { return .wouldBlock(interest) }
        // Only close_notify says that nothing was cut off (RFC 8446 section 6.1).
        return SSL_get_error(session, count) == SSL_ERROR_ZERO_RETURN ? .end : .failed
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Attempt {
        guard fd >= 0 else { return .failed }
        guard let session else {
            let count = send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            return atrium_errno() == EAGAIN || atrium_errno() == EINTR ? .wouldBlock(.write) : .failed
        }
        ERR_clear_error()
        let count = SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
        if count > 0 { return .bytes(Int(count)) }
        return interest(after: count, session).map { .wouldBlock($0) } ?? .failed
    }
}
