import Runtime

/// The WebSockets of one loop: the memory they borrow, their deadlines, their counters. Touched on that loop only, the
/// counters and the initialiser excepted.
final class WebSocketLoop: @unchecked Sendable {
    let loop: EventLoop
    let limits: WebSocketLimits
    let counters = WebSocketCounters()
    let blocks = BlockPool()
    /// For all sockets without a window of their own.
    private(set) lazy var inflater = Inflater(keepsContext: false)
    private var deflaters: [Int: Deflater] = [:]

    private(set) var sockets: [WebSocket] = []
    private var deadlines: [UInt64] = []
    private var ticker: LoopTimer?
    private var whenEmpty: (() -> Void)?
    private var isDraining = false

    init(loop: EventLoop, limits: WebSocketLimits) {
        self.loop = loop
        self.limits = limits
    }

    func deflater(bits: Int) -> Deflater? {
        if let known = deflaters[bits] { return known }
        let made = Deflater(bits: bits, keepsContext: false)
        deflaters[bits] = made
        return made
    }

    /// Takes a connection over that has just left HTTP, on this loop or another one.
    ///
    /// - Parameter handler: makes what stands behind the socket, which may be sent to at once.
    func adopt(
        _ handed: HandedOver, _ handshake: WebSocketHandshake, subprotocol: String?, pingEvery: Duration?,
        _ handler: (WebSocket) -> any WebSocketHandler
    ) {
        let socket = WebSocket(handed, handshake, subprotocol: subprotocol, pingEvery: pingEvery, part: self)
        socket.slot = sockets.count
        sockets.append(socket)
        deadlines.append(.max)
        counters.opened.bump()
        counters.active.store(sockets.count, ordering: .relaxed)
        startTicking()
        do {
            try loop.add(socket, .read)
        } catch {
            return socket.drop(.broken)
        }
        socket.handler = handler(socket)
        if isDraining { socket.close(.goingAway) }
        socket.begin(handed.received)
    }

    func setDeadline(_ instant: UInt64, of socket: WebSocket) { deadlines[socket.slot] = instant }

    func forget(_ socket: WebSocket, _ end: WebSocketEnd) {
        let slot = socket.slot, last = sockets.count - 1
        if slot != last {
            sockets[slot] = sockets[last]
            sockets[slot].slot = slot
            deadlines[slot] = deadlines[last]
        }
        sockets.removeLast()
        deadlines.removeLast()
        counters.active.store(sockets.count, ordering: .relaxed)
        counters.count(end)
        if sockets.isEmpty { stopTicking() }
        reportWhenEmpty()
    }

    // MARK: Time

    private func startTicking() {
        guard ticker == nil else { return }
        ticker = loop.timer(after: limits.tick, repeating: limits.tick) { [self] in tick() }
    }

    /// Lets go of this object, which the timer holds.
    private func stopTicking() {
        ticker?.cancel()
        ticker = nil
    }

    private func tick() {
        let now = loop.now
        var slot = 0
        while slot < deadlines.count {
            if deadlines[slot] <= now {
                let socket = sockets[slot]
                socket.expire(now)
                // Another one has taken its place.
                if socket.phase == .closed { continue }
            }
            slot += 1
        }
    }

    // MARK: The end

    /// Tells every client that the server is going away. `done` is called when none is left.
    func drain(_ done: @escaping () -> Void) {
        isDraining = true
        whenEmpty = done
        for socket in sockets { socket.close(.goingAway) }
        reportWhenEmpty()
    }

    /// The time for draining is over.
    func abandon() {
        for socket in sockets { socket.drop(.broken) }
    }

    private func reportWhenEmpty() {
        guard isDraining, sockets.isEmpty, let done = whenEmpty else { return }
        whenEmpty = nil
        done()
    }
}
