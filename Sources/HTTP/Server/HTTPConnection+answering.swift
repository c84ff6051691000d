import Runtime

/// How an answer's body is delimited (RFC 9112 section 6.2).
enum AnswerFraming {
    case none
    case length(Int)
    case streamed

    var isStreamed: Bool {
        if case .streamed = self { true } else { false }
    }
}

/// Answers, from the exchange into the write buffer.
extension HTTPConnection {
    func writeHead(_ x: Exchange, _ status: Int, _ framing: AnswerFraming, _ fields: (inout HeadWriter) -> Void) {
        x.status = status
        // A stream may be answered while it is still being read; whether its rest can be skipped is seen at the end.
        if server.isDraining || !canReadOn && !framing.isStreamed { keepsAlive = false }
        // An interim answer would now stand in the middle of this one; without it the client may keep its body.
        if owesContinue {
            owesContinue = false
            keepsAlive = false
        }
        // "Any response to a HEAD request and any response with a 1xx, 204, or 304 status code is always terminated by
        // the first empty line after the header fields" (RFC 9112 section 6.3).
        let isBare = status == 204 || status == 304 || status < 200
        omitsBody = omitsBody || isBare
        if out.isEmpty { lastSent = server.loop.now }
        StatusLine.write(status, to: &out)
        server.writeDate(to: &out)
        withUnsafeMutablePointer(to: &out) { pointer in
            var writer = HeadWriter(pointer)
            fields(&writer)
        }
        isChunkedAnswer = false
        switch framing {
        case .length(let count) where !isBare:
            out.append("Content-Length: ")
            out.append(decimal: count)
            out.append("\r\n")
        case .streamed where !isBare:
            // "A server MUST NOT send a response containing Transfer-Encoding unless the corresponding request indicates
            // HTTP/1.1 (or later minor revisions)" (section 6.1).
            if x.isHTTP10 {
                keepsAlive = false
            } else {
                isChunkedAnswer = true
                out.append("Transfer-Encoding: chunked\r\n")
            }
        default: break
        }
        out.append(keepsAlive ? "\r\n" : status == 101 ? "\r\n" : "Connection: close\r\n\r\n")
    }

    /// Whether what the client still sends of its request can be skipped, so that the next one is found. Not when it is
    /// long, not when its length is unknown, and not when the client may or may not send it (Expect).
    private var canReadOn: Bool {
        if isBodyComplete { return true }
        if isChunkedBody || owesContinue { return false }
        return bodyRemaining - (input.end - rawStart) <= server.limits.discardedBody
    }

    func writeBody(_ bytes: UnsafeRawBufferPointer) {
        if !omitsBody { out.append(bytes) }
    }

    func attach(_ body: Attachment, count: Int) {
        if !omitsBody, count > 0 { attachment = body }
    }

    // MARK: streams

    func beginStreaming(_ x: Exchange, _ length: Int?) {
        // To HEAD the head is the whole answer; the producer is told to stop at its first write.
        if omitsBody { return complete(x) }
        isStreamingAnswer = true
        burst = 0
        answerRemaining = length ?? -1
        extendHandler(server.limits.uploadTime)
        if !isAdvancing { server.loop.markDirty(self) }
    }

    func stream(_ bytes: UnsafeRawBufferPointer) {
        guard isStreamingAnswer, !bytes.isEmpty else { return }
        burst += bytes.count
        if out.isEmpty { lastSent = server.loop.now }
        if isChunkedAnswer {
            out.append(hexadecimal: bytes.count)
            out.append("\r\n")
            out.append(bytes)
            out.append("\r\n")
        } else if answerRemaining >= 0 {
            // More than was promised would be taken for the next answer.
            let count = min(bytes.count, answerRemaining)
            answerRemaining -= count
            out.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        } else {
            out.append(bytes)
        }
        if out.count >= server.limits.unreadPipeline, !isBlocked { transmit() }
        // Also when all has been sent: the end of the round is what a writer that has had its turn waits for.
        server.loop.markDirty(self)
    }

    /// Whether a stream's writer has to wait: for the client to read, or for the other connections to have their turn.
    var mustPause: Bool { out.count > server.limits.unreadAnswer || burst >= Self.burstLimit && phase != .closed }

    /// What one connection may stream before the loop looks at the others.
    private static let burstLimit = 1024 * 1024

    /// Lets the writer go on, if it waits and may.
    func resumeWriter() {
        guard roomWaiter != nil, out.count <= server.limits.unreadAnswer / 2 else { return }
        roomWaiter.take()?.resume(returning: ())
    }

    func waitForRoom() -> Waiter<Void> {
        let waiter = Waiter<Void>()
        roomWaiter = waiter
        return waiter
    }

    func finishStream() {
        guard isStreamingAnswer else { return }
        if answerRemaining > 0 {
            // The client sees by the length that this is not all.
            keepsAlive = false
        } else if isChunkedAnswer {
            out.append("0\r\n\r\n")
        }
    }

    /// Ends a stream before its end. What has been produced is still sent: the last chunk that does not come, or the
    /// bytes that were promised, tell the client that this is not all (RFC 9112 section 8). Where the end of the
    /// connection is the end of the body, only a reset tells.
    func breakOff(_ x: Exchange) {
        guard isStreamingAnswer, isChunkedAnswer || answerRemaining > 0 else { return reset() }
        keepsAlive = false
        complete(x)
    }

    func extendHandler(_ time: Duration) {
        handlerDeadline = server.loop.now &+ time.nanoseconds
        guard phase == .handling else { return }
        phaseDeadline = handlerDeadline
        if isStreamingBody { watchStream() }
    }

    // MARK: end of an exchange

    /// The answer is whole; the connection turns to its next request.
    func complete(_ x: Exchange) {
        guard x.connection === self else { return }
        leave(x)
        x.end()
        x.context = nil
        isStreamingAnswer = false
        if !canReadOn { keepsAlive = false }
        if !keepsAlive {
            lingers = lingers || !isBodyComplete
            enter(.closing, until: .max)
        } else if !isBodyComplete {
            enter(.discarding, until: server.loop.now &+ server.times.bodyIdle)
        } else {
            rest()
        }
        if !isAdvancing { server.loop.markDirty(self) }
    }

    /// The exchange no longer counts as in flight, and nobody waits in it any more.
    func leave(_ x: Exchange, because reason: ExchangeError = .gone) {
        server.inFlight -= 1
        server.counters.inFlight.store(server.inFlight, ordering: .relaxed)
        bodyWaiter.take()?.resume(throwing: reason)
        roomWaiter.take()?.resume(throwing: reason)
    }

    /// The connection leaves HTTP.
    func handOver(_ x: Exchange, _ taker: (HandedOver) -> Void) {
        transmit()
        guard phase != .closed else { return }
        let handed = HandedOver(
            fd: fd, loop: server.loop, peer: peer, received: Array(input.bytes(rawStart..<input.end)),
            unsent: Array(out.bytes), place: ConnectionPlace(of: peer, in: server.census))
        leave(x)
        x.end(keeping: input.detach())
        x.context = nil
        exchange = nil
        depart(keepingPlace: true)
        taker(handed)
    }
}
