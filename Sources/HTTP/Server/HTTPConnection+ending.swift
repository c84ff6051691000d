import CSystem
import Glibc
import Runtime

/// Refusals, time limits, and the ways in which a connection ends.
extension HTTPConnection {
    /// The server answers by itself and closes.
    func refuse(_ refusal: Refusal, tellingHandler: Bool = true) {
        server.counters.count(refusal)
        let open = exchange.flatMap { $0.isOpen ? $0 : nil }
        // Half an answer cannot be taken back: it is broken off.
        if let open, open.isAnswered { return reset() }
        let wasHandling = phase == .handling
        keepsAlive = false
        lingers = true
        enter(.closing, until: .max)
        writeRefusal(refusal)
        if let open {
            open.status = refusal.status
            leave(open, because: .refused(refusal))
            open.end(keeping: input.detach())
            exchange = nil
            if wasHandling && tellingHandler { server.responder.cancelled(open) }
            open.context = nil
        }
        forgetInput()
        if !isAdvancing { settle() }
    }

    private func writeRefusal(_ refusal: Refusal) {
        if out.isEmpty { lastSent = server.loop.now }
        StatusLine.write(refusal.status, to: &out)
        server.writeDate(to: &out)
        let body = withUnsafeMutablePointer(to: &out) { pointer in
            var writer = HeadWriter(pointer)
            return server.responder.describe(refusal, to: &writer)
        }
        // "An empty Allow field value indicates that the resource allows no methods" (RFC 9110 section 10.2.1).
        if refusal == .methodRefused { out.append("Allow:\r\n") }
        if let seconds = refusal.retryAfter {
            out.append("Retry-After: ")
            out.append(decimal: seconds)
            out.append("\r\n")
        }
        out.append("Content-Type: application/problem+json\r\nContent-Length: ")
        out.append(decimal: body.count)
        out.append("\r\nConnection: close\r\n\r\n")
        if exchange?.method != .head || exchange?.isOpen != true { body.withUnsafeBytes { out.append($0) } }
    }

    private func forgetInput() {
        input.free()
        headStart = 0
        rawStart = 0
        bodyStart = 0
        bodyEnd = 0
        isStreamingBody = false
    }

    // MARK: time

    /// A deadline has passed; perhaps only one that has been moved since.
    func expire(_ now: UInt64) {
        if isBlocked, now >= lastSent &+ server.times.write {
            server.counters.timeouts.write.bump()
            return reset()
        }
        if now < phaseDeadline { return settle() }
        switch phase {
        case .fresh: end(counting: server.counters.timeouts.firstByte.bump())
        case .idle:
            if !out.isEmpty || attachment != nil { return settle() }
            end(counting: server.counters.timeouts.idle.bump())
        case .head:
            server.counters.timeouts.head.bump()
            refuse(.headTimeout)
        case .body: expireBody(now)
        case .handling: expireHandler(now)
        case .discarding, .lingering: close()
        case .admitting, .closing, .closed: break
        }
    }

    private func end(counting: Void) { close() }

    private func expireBody(_ now: UInt64) {
        let whole = bodyBegan &+ (bodyLimit <= server.limits.smallBody ? server.times.body : server.times.upload)
        let next = min(whole, lastReceived &+ server.times.bodyIdle)
        if now < next, isFastEnough(now) {
            phaseDeadline = next
            return settle()
        }
        server.counters.timeouts.body.bump()
        refuse(.bodyTimeout)
    }

    /// Large bodies must arrive at a least rate once they have had time to get going.
    private func isFastEnough(_ now: UInt64) -> Bool {
        if bodyLimit <= server.limits.smallBody { return true }
        let seconds = Double(now &- bodyBegan) / 1e9
        return now &- bodyBegan < server.times.bodyIdle || Double(bodyTotal) >= Double(server.limits.uploadRate) * seconds
    }

    private func expireHandler(_ now: UInt64) {
        if isStreamingBody, !isBodyComplete, bodyWaiter != nil {
            if now >= lastReceived &+ server.times.bodyIdle || !isFastEnough(now) {
                server.counters.timeouts.body.bump()
                return refuse(.bodyTimeout)
            }
        }
        if now < handlerDeadline {
            phaseDeadline = handlerDeadline
            if isStreamingBody { watchStream() }
            return settle()
        }
        server.counters.timeouts.handler.bump()
        if let exchange, exchange.isOpen { server.responder.cancelled(exchange) }
        if phase == .handling { refuse(.handlerTimeout, tellingHandler: false) } else { settle() }
    }

    // MARK: ends

    /// All answers are sent. "Servers ... close the write side, then continue to read until it receives a corresponding
    /// close by the client, or until reasonably certain that the client has received the packet" (RFC 9112 section 9.6),
    /// where the client may still be sending.
    func endGracefully() {
        guard lingers, !peerFinished else { return close() }
        _ = shutdown(fd, Int32(SHUT_WR))
        forgetInput()
        enter(.lingering, until: server.loop.now &+ server.times.linger)
    }

    /// The server is stopping. What has arrived is answered. A fresh connection has a request on its way, most likely: it
    /// is given a moment.
    func drain() {
        guard phase == .fresh || phase == .idle else { return }
        receive()
        guard phase == .fresh else { return }
        phaseDeadline = min(phaseDeadline, server.loop.now &+ server.times.linger)
        settle()
    }

    /// The last call is over: closes when there is no request.
    func endIdle() {
        guard phase == .idle else { return }
        receive()
        guard phase == .idle else { return }
        enter(.closing, until: .max)
        settle()
    }

    /// The server's patience is over.
    func abandon() { vanish() }

    /// The client is gone.
    func vanish() {
        if phase == .closed { return }
        let open = exchange.flatMap { $0.isOpen ? $0 : nil }
        let wasHandling = phase == .handling
        if let open {
            server.counters.cancelled.bump()
            leave(open)
            open.end(keeping: input.detach())
            exchange = nil
            if wasHandling { server.responder.cancelled(open) }
            open.context = nil
        }
        close()
    }

    /// Closes so that the client sees an error: what it has got is not all.
    func reset() {
        if phase == .closed { return }
        server.counters.resets.bump()
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        vanish()
    }

    func close() {
        if phase == .closed { return }
        let descriptor = fd
        depart()
        Glibc.close(descriptor)
    }

    /// Out of the loop and the server's tables, with all memory given back; the descriptor stays open.
    ///
    /// - Parameter keepingPlace: it still counts as a connection, and somebody else sees to the end of that.
    func depart(keepingPlace: Bool = false) {
        phase = .closed
        server.loop.remove(self)
        fd = -1
        attachment = nil
        out.removeAll()
        input.free()
        if let spent = exchange.take() { server.giveBack(spent) }
        server.forget(self, keepingPlace: keepingPlace)
    }
}
