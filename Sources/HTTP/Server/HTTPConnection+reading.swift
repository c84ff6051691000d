import CSystem
import Glibc
import Runtime

/// Bytes in: heads, bodies, and what nobody wanted.
extension HTTPConnection {
    func receive() {
        if phase == .lingering || phase == .closing { return throwAway() }
        input.ensureBlock()
        makeRoom()
        let room = input.room
        guard room > 0 else { return advance() }
        let count = recv(fd, input.base! + input.end, room, 0)
        if count < 0 {
            if atrium_errno() == EAGAIN || atrium_errno() == EINTR { return settle() }
            return vanish()
        }
        if count == 0 { return finishPeer() }
        input.end += count
        lastReceived = server.loop.now
        server.counters.bytesIn.bump(count)
        advance()
    }

    /// Moves or enlarges the buffer when it is full and nothing points into it.
    private func makeRoom() {
        guard input.room == 0 else { return }
        switch phase {
        case .fresh, .idle, .head:
            if headStart > 0 {
                input.shift(from: headStart)
                headStart = 0
                rawStart = 0
            } else {
                input.grow(to: BlockPool.blockSize * 5)
            }
        case .body:
            let end = input.end
            if headStart > 0 {
                input.shift(from: headStart)
                move(by: -headStart)
            }
            let whole = bodyStart + (isChunkedBody ? bodyLimit + 1024 : bodyEnd - bodyStart + bodyRemaining)
            if end == input.end { input.grow(to: min(max(input.capacity * 2, 4096), max(whole, input.capacity + 1024))) }
            exchange?.base = input.base.map { UnsafeRawPointer($0) + headStart }
        default: break
        }
    }

    private func move(by distance: Int) {
        headStart += distance
        bodyStart += distance
        bodyEnd += distance
        rawStart += distance
    }

    /// The client has sent its last byte; it may still read (RFC 9112 section 9.6).
    private func finishPeer() {
        peerFinished = true
        if phase == .body || phase == .discarding {
            // "If a request is incomplete ... the server" has nobody to tell.
            return vanish()
        }
        if phase == .handling, !isBodyComplete {
            keepsAlive = false
            bodyWaiter.take()?.resume(throwing: ExchangeError.gone)
        }
        advance()
    }

    /// Does all that can be done with the bytes at hand: answers pipelined requests in their order until one has to
    /// wait, or others must have their turn.
    func advance() {
        if isAdvancing { return }
        isAdvancing = true
        var turns = server.limits.requestsPerRound
        while true {
            switch phase {
            case .fresh, .idle, .head:
                guard rawStart < input.end, hasTurn else { break }
                if turns == 0 {
                    comeBackNextRound()
                    break
                }
                turns -= 1
                if readHead() { continue }
            case .body: if collectBody() { continue }
            case .handling where isStreamingBody: feedReader()
            case .discarding: if discardBody() { continue }
            default: break
            }
            break
        }
        isAdvancing = false
        let wasHeldUp = !hasTurn
        settle()
        // What held the next request up has just been sent.
        if phase == .idle || phase == .head, wasHeldUp, hasTurn, rawStart < input.end { comeBackNextRound() }
    }

    private func comeBackNextRound() {
        if hasRoundPending { return }
        hasRoundPending = true
        server.loop.timer(after: .zero) {
            self.hasRoundPending = false
            if self.phase != .closed { self.advance() }
        }
    }

    // MARK: head

    /// True when a whole head was there and has been dealt with.
    private func readHead() -> Bool {
        let exchange = freshExchange()
        let bytes = input.bytes(headStart..<input.end)
        switch RequestHeadParser.parse(bytes, limits: server.limits.head, into: &exchange.head) {
        case .incomplete:
            // An absolute limit from the first byte, however the rest drips.
            if phase != .head { enter(.head, until: server.loop.now &+ server.times.head) }
            return false
        case .refused(let refusal):
            refuse(refusal)
            return false
        case .complete(let length):
            begin(exchange, length)
            return true
        }
    }

    private func freshExchange() -> Exchange {
        if let exchange, phase == .head { return exchange }
        if exchange != nil, isKnownUniquelyReferenced(&exchange), let known = exchange {
            known.reset()
            return known
        }
        let next = server.takeExchange()
        next.reset()
        exchange = next
        return next
    }

    private func begin(_ x: Exchange, _ length: Int) {
        server.counters.requests.bump()
        let start = headStart + length
        bodyStart = start
        bodyEnd = start
        rawStart = start
        bodyTotal = 0
        bodyLimit = server.limits.discardedBody
        isStreamingBody = false
        holdsChunk = false
        isChunkedBody = x.head.framing == .chunked
        keepsAlive = !x.head.closes && !server.isDraining
        omitsBody = x.head.method == .head
        owesContinue = x.head.expectsContinue
        switch x.head.framing {
        case .none: bodyRemaining = 0
        case .length(let declared): bodyRemaining = declared
        case .chunked:
            bodyRemaining = 0
            decoder = ChunkedDecoder(
                extensionLimit: server.limits.chunkExtensions, trailerLimit: server.limits.trailers)
        }
        isBodyComplete = !isChunkedBody && bodyRemaining == 0
        let now = server.loop.now
        bodyBegan = now
        x.begin(on: self, base: UnsafeRawPointer(input.base! + headStart), started: now)
        phase = .admitting
        server.inFlight += 1
        server.counters.inFlight.store(server.inFlight, ordering: .relaxed)
        if server.inFlight > server.inFlightShare { return refuse(.tooManyRequests) }
        admit(x)
    }

    private func admit(_ x: Exchange) {
        let admission = server.responder.admit(x)
        guard phase == .admitting else { return }
        switch admission {
        case .answered: handle(until: server.times.handler)
        case .buffer(let limit):
            bodyLimit = limit
            guard bodyRemaining <= limit else { return refuse(.contentTooLarge) }
            if isBodyComplete { return hand(over: x) }
            enter(.body, until: server.loop.now &+ server.times.bodyIdle)
        case .stream(let limit):
            bodyLimit = limit
            guard bodyRemaining <= limit else { return refuse(.contentTooLarge) }
            isStreamingBody = !isBodyComplete
            if isStreamingBody { widen(x) }
            handle(until: isStreamingBody ? server.times.upload : server.times.handler)
            server.responder.respond(x)
        }
    }

    func handle(until time: UInt64) {
        handlerDeadline = server.loop.now &+ time
        enter(.handling, until: handlerDeadline)
        if isStreamingBody { watchStream() }
    }

    /// A body that is being read is looked at more often than its handler's deadline.
    func watchStream() { phaseDeadline = min(handlerDeadline, server.loop.now &+ server.times.bodyIdle) }

    private func hand(over x: Exchange) {
        handle(until: server.times.handler)
        x.bodyStart = bodyStart - headStart
        x.bodyCount = bodyEnd - bodyStart
        server.responder.respond(x)
    }

    // MARK: body

    /// Takes what has arrived out of its framing, in place. False when the body broke a rule and has been refused.
    private func decodeBody() -> Bool {
        if isBodyComplete { return true }
        if !isChunkedBody {
            let count = min(bodyRemaining, input.end - rawStart)
            rawStart += count
            bodyEnd += count
            bodyTotal += count
            bodyRemaining -= count
            isBodyComplete = bodyRemaining == 0
            return true
        }
        while true {
            let raw = input.bytes(rawStart..<input.end)
            var offset = 0
            let step = decoder.next(raw, at: &offset)
            let from = rawStart
            rawStart += offset
            switch step {
            case .data(let start, let count):
                bodyTotal += count
                guard fits() else { return false }
                if bodyEnd != from + start { memmove(input.base! + bodyEnd, input.base! + from + start, count) }
                bodyEnd += count
            case .finished:
                isBodyComplete = true
                return true
            case .needMore:
                guard fits() else { return false }
                // All framing is used up: its room can be received into again.
                input.end = bodyEnd
                rawStart = bodyEnd
                return true
            case .refused(let refusal):
                refuse(refusal)
                return false
            }
        }
    }

    /// Refuses a body that is too large, also one of which only the size of a chunk says so.
    private func fits() -> Bool {
        if decoder.announced <= bodyLimit &- bodyTotal { return true }
        refuse(.contentTooLarge)
        return false
    }

    private func collectBody() -> Bool {
        guard decodeBody() else { return false }
        if isBodyComplete, let exchange {
            hand(over: exchange)
            return true
        }
        sendContinue()
        return false
    }

    /// "100 (Continue) ... the server intends to send a final response after the request has been fully received"
    /// (RFC 9110 section 15.2.1). Left out when the body is coming anyway.
    private func sendContinue() {
        guard owesContinue else { return }
        owesContinue = false
        if bodyTotal == 0 { out.append("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    /// Room for a streamed body behind its head, before anybody holds views of it.
    private func widen(_ x: Exchange) {
        input.grow(to: bodyStart + server.limits.unreadBody)
        x.base = UnsafeRawPointer(input.base! + headStart)
    }

    private func feedReader() {
        // What the reader holds must not be moved, nor what lies behind it be decoded over it: it is only appended to.
        guard decodeBody() else { return }
        if bodyEnd > bodyStart && !holdsChunk || isBodyComplete { bodyWaiter.take()?.resume(returning: ()) }
    }

    func takeBodyChunk() -> UnsafeRawBufferPointer? {
        guard bodyEnd > bodyStart else { return nil }
        let chunk = input.bytes(bodyStart..<bodyEnd)
        bodyStart = bodyEnd
        holdsChunk = true
        return chunk
    }

    /// The reader is done with the chunk it holds; when nothing lies behind, the room is received into again.
    func releaseBodyChunk() {
        guard isStreamingBody, holdsChunk else { return }
        holdsChunk = false
        let wasFull = input.room == 0
        if bodyStart == bodyEnd, rawStart == input.end, let exchange {
            let origin = headStart + exchange.head.position + 2
            bodyStart = origin
            bodyEnd = origin
            rawStart = origin
            input.end = origin
        }
        if wasFull { server.loop.markDirty(self) }
    }

    func waitForBody() -> Waiter<Void> {
        let waiter = Waiter<Void>()
        bodyWaiter = waiter
        lastReceived = server.loop.now
        sendContinue()
        server.loop.markDirty(self)
        return waiter
    }

    /// Drops the rest of a body after its answer. True when it is past.
    private func discardBody() -> Bool {
        guard decodeBody() else { return false }
        bodyStart = bodyEnd
        if isBodyComplete {
            rest()
            return true
        }
        headStart = 0
        bodyStart = 0
        bodyEnd = 0
        rawStart = 0
        input.end = 0
        return false
    }

    /// Between two requests: what has been received beyond the last one is the next one's beginning.
    func rest() {
        headStart = rawStart
        if rawStart == input.end {
            headStart = 0
            rawStart = 0
            input.end = 0
        }
        enter(.idle, until: server.loop.now &+ server.times.idle)
        if server.isDraining { phase = .closing }
    }

    /// After the last answer: reads and forgets.
    private func throwAway() {
        withUnsafeTemporaryAllocation(byteCount: BlockPool.blockSize, alignment: 16) { space in
            let count = recv(fd, space.baseAddress, space.count, 0)
            if count > 0 { return }
            if count < 0, atrium_errno() == EAGAIN || atrium_errno() == EINTR { return }
            close()
        }
    }
}
