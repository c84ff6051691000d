import CSystem
import Glibc
import Runtime

/// Bytes out.
extension HTTPConnection {
    private static let quietly = Int32(MSG_NOSIGNAL)
    /// What one wake sends of a file at most, so that other connections have their turn.
    private static let fileSlice = 1024 * 1024

    /// Sends as much as the kernel takes.
    func transmit() {
        while !out.isEmpty || attachment != nil {
            let (sent, offered) = sendOnce()
            if sent < 0 {
                let code = atrium_errno()
                if code == EINTR { continue }
                if code == EAGAIN {
                    isBlocked = true
                    break
                }
                return vanish()
            }
            lastSent = server.loop.now
            server.counters.bytesOut.bump(sent)
            // Asking again would only be told EAGAIN; epoll says when there is room.
            if sent < offered {
                isBlocked = true
                break
            }
        }
        if phase == .closed { return }
        if roomWaiter != nil { resumeWriter() }
        if !isBlocked, phase == .idle { phaseDeadline = server.loop.now &+ server.times.idle }
    }

    private func sendOnce() -> (sent: Int, offered: Int) {
        switch attachment {
        case nil:
            let bytes = out.bytes
            let sent = send(fd, bytes.baseAddress, bytes.count, Self.quietly)
            if sent > 0 { out.consume(sent) }
            return (sent, bytes.count)
        case .shared(let body, let start): return sendShared(body, start)
        case .file(let file, let offset, let remaining): return sendFile(file, offset, remaining)
        }
    }

    /// Head and shared body in one call.
    private func sendShared(_ body: SharedBytes, _ start: Int) -> (sent: Int, offered: Int) {
        let front = out.bytes
        let rest = UnsafeRawBufferPointer(rebasing: body.bytes[start...])
        var parts = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: front.baseAddress), iov_len: front.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
        )
        let sent = withUnsafeMutablePointer(to: &parts) { parts in
            parts.withMemoryRebound(to: iovec.self, capacity: 2) { vector in
                var message = msghdr()
                message.msg_iov = vector
                message.msg_iovlen = 2
                return sendmsg(fd, &message, Self.quietly)
            }
        }
        if sent > 0 {
            let ofFront = min(sent, front.count)
            if ofFront > 0 { out.consume(ofFront) }
            let position = start + sent - ofFront
            attachment = position < body.bytes.count ? .shared(body, sent: position) : nil
        }
        return (sent, front.count + rest.count)
    }

    private func sendFile(_ file: OpenFile, _ offset: Int, _ remaining: Int) -> (sent: Int, offered: Int) {
        if !out.isEmpty {
            let bytes = out.bytes
            let sent = send(fd, bytes.baseAddress, bytes.count, Self.quietly | Int32(MSG_MORE))
            if sent > 0 { out.consume(sent) }
            return (sent, bytes.count)
        }
        var position = off_t(offset)
        let sent = sendfile(fd, file.fd, &position, min(remaining, Self.fileSlice))
        if sent == 0 {
            // The file has become shorter than its answer promised: the client must see that this is not the whole.
            attachment = nil
            reset()
            return (0, 0)
        }
        if sent > 0 {
            attachment = sent < remaining ? .file(file, offset: offset + sent, remaining: remaining - sent) : nil
        }
        return (sent, remaining)
    }
}
