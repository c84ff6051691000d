import CSystem
import Glibc
import Runtime
import Synchronization

/// The part of a server that lives on one loop: its connections, the memory they borrow, their deadlines, its counters.
/// Touched on that loop only, the counters and the initialiser excepted.
final class ServerLoop: @unchecked Sendable {
    let loop: EventLoop
    let limits: ServerLimits
    let times: ServerTimes
    let responder: any Responder
    let census: ConnectionCensus
    let counters = ServerCounters()
    let blocks = BlockPool()
    let compressor = Compressor()
    let streamCompressors = StreamCompressor.Count()

    private(set) var connections: [HTTPConnection] = []
    /// One instant per connection, in one piece: a tick over twenty thousand of them reads 160 KB in order.
    private var deadlines: [UInt64] = []
    private var spareExchanges: [Exchange] = []
    private var ticker: LoopTimer?
    private var lastCall: LoopTimer?
    /// Keeps this object for as long as its loop may call it, and no longer.
    private let anchor = Anchor()
    private var listeners: [Listener] = []
    private(set) var isDraining = false
    private var whenEmpty: (() -> Void)?
    /// The same server on the other loops.
    private var siblings: [Sibling] = []
    /// Connections on their way here from another loop; added to by that one.
    private let arriving = Atomic<Int>(0)
    /// Connections accepted here that no loop has taken yet.
    private var handedOver = 0
    /// This loop's share of `ServerLimits.inFlight`.
    let inFlightShare: Int
    var inFlight = 0

    private static let sparesKept = 256

    init(loop: EventLoop, limits: ServerLimits, responder: any Responder, census: ConnectionCensus, loops: Int) {
        self.loop = loop
        self.limits = limits
        self.times = ServerTimes(limits)
        self.responder = responder
        self.census = census
        inFlightShare = max(1, limits.inFlight / loops)
    }

    private struct Sibling { weak var part: ServerLoop? }

    // MARK: Life

    /// Called once, before the start.
    func know(_ parts: [ServerLoop]) { siblings = parts.filter { $0 !== self }.map { Sibling(part: $0) } }

    func start(listening descriptors: [Int32]) throws {
        anchor.part = self
        ticker = loop.timer(after: limits.tick, repeating: limits.tick) { [anchor] in anchor.part?.tick() }
        for fd in descriptors {
            let listener = Listener(fd: fd, server: self)
            listeners.append(listener)
            try loop.add(listener, .read)
        }
    }

    /// No new connections: what the kernel had already accepted is still taken, then the descriptors are closed.
    func stopListening() {
        for listener in listeners { listener.stop() }
        listeners.removeAll()
    }

    /// Connections close after their next answer, idle ones after a last call. `done` is called when none is left.
    func drain(_ done: @escaping () -> Void) {
        stopListening()
        isDraining = true
        whenEmpty = done
        for connection in connections { connection.drain() }
        lastCall = loop.timer(after: limits.lastCall) { [anchor] in
            guard let part = anchor.part else { return }
            for connection in part.connections { connection.endIdle() }
        }
        reportWhenEmpty()
    }

    /// The time for draining is over.
    func abandon() {
        for connection in connections { connection.abandon() }
        reportWhenEmpty()
    }

    /// Ends everything now.
    func stopAtOnce() {
        stopListening()
        isDraining = true
        for connection in connections { connection.abandon() }
        retire()
    }

    private func reportWhenEmpty() {
        guard isDraining, connections.isEmpty, handedOver == 0, let done = whenEmpty else { return }
        whenEmpty = nil
        retire()
        done()
    }

    private func retire() {
        ticker?.cancel()
        ticker = nil
        lastCall?.cancel()
        lastCall = nil
        anchor.part = nil
    }

    private final class Anchor { var part: ServerLoop? }

    // MARK: Connections

    /// A descriptor just accepted, non-blocking.
    func accept(_ fd: Int32, from peer: PeerAddress) {
        guard census.enter(peer) else {
            counters.refusedConnections.bump()
            return refuse(fd)
        }
        counters.accepted.bump()
        if !isDraining, let sibling = lighterSibling { handOver(fd, from: peer, to: sibling) } else { settle(fd, from: peer) }
    }

    /// How many connections there are, those included that are on their way.
    private var load: Int { counters.active.load(ordering: .relaxed) + arriving.load(ordering: .relaxed) }

    /// The kernel deals connections to the sockets of a port by a hash of their addresses: of a proxy's sixty-four kept
    /// connections one loop in two may get forty. A loop that has two more than another gives it the next.
    private var lighterSibling: ServerLoop? {
        var (lightest, least) = (nil as ServerLoop?, load - 1)
        for sibling in siblings {
            guard let part = sibling.part, part.load < least else { continue }
            (lightest, least) = (part, part.load)
        }
        return lightest
    }

    /// The connection comes back when the other loop serves no new ones any more; this one stays until it is known.
    private func handOver(_ fd: Int32, from peer: PeerAddress, to sibling: ServerLoop) {
        handedOver += 1
        sibling.arriving.add(1, ordering: .relaxed)
        sibling.loop.execute { [self] in
            let isTaken = !sibling.isDraining
            if isTaken { sibling.settle(fd, from: peer) }
            sibling.arriving.subtract(1, ordering: .relaxed)
            loop.execute { [self] in
                handedOver -= 1
                if !isTaken { settle(fd, from: peer) }
                reportWhenEmpty()
            }
        }
    }

    private func settle(_ fd: Int32, from peer: PeerAddress) {
        let connection = HTTPConnection(fd: fd, peer: peer, server: self)
        do {
            try loop.add(connection, .read)
        } catch {
            census.leave(peer)
            close(fd)
            return
        }
        connection.slot = connections.count
        connections.append(connection)
        deadlines.append(loop.now &+ times.firstByte)
        counters.active.store(connections.count, ordering: .relaxed)
        guard isDraining else { return }
        if anchor.part == nil { connection.abandon() } else { connection.drain() }
    }

    /// Says why before it hangs up. What the client may have sent already is read away first, so that the answer is not
    /// lost in a reset.
    func refuse(_ fd: Int32) {
        counters.count(.tooManyConnections)
        let answer: StaticString = """
            HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n
            """
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { space in
            _ = recv(fd, space.baseAddress, space.count, Int32(MSG_DONTWAIT))
        }
        _ = send(fd, answer.utf8Start, answer.utf8CodeUnitCount, Int32(MSG_NOSIGNAL))
        _ = shutdown(fd, Int32(SHUT_WR))
        close(fd)
    }

    func setDeadline(_ instant: UInt64, of connection: HTTPConnection) { deadlines[connection.slot] = instant }

    func forget(_ connection: HTTPConnection, keepingPlace: Bool) {
        let slot = connection.slot
        let last = connections.count - 1
        if slot != last {
            connections[slot] = connections[last]
            connections[slot].slot = slot
            deadlines[slot] = deadlines[last]
        }
        connections.removeLast()
        deadlines.removeLast()
        if !keepingPlace { census.leave(connection.peer) }
        counters.active.store(connections.count, ordering: .relaxed)
        if isDraining { reportWhenEmpty() }
    }

    private func tick() {
        let now = loop.now
        var slot = 0
        while slot < deadlines.count {
            if deadlines[slot] <= now {
                let connection = connections[slot]
                connection.expire(now)
                // Another one has taken its place.
                if connection.phase == .closed { continue }
            }
            slot += 1
        }
    }

    // MARK: Exchanges

    func takeExchange() -> Exchange {
        spareExchanges.popLast() ?? Exchange(loop: loop, capacity: limits.head.count)
    }

    /// Keeps the exchange for another request, unless somebody still holds it.
    func giveBack(_ exchange: consuming Exchange?) {
        var exchange = exchange
        guard spareExchanges.count < Self.sparesKept, isKnownUniquelyReferenced(&exchange), let spare = exchange else { return }
        spare.reset()
        spareExchanges.append(spare)
    }

    // MARK: Date

    private var dateSecondEnds: UInt64 = 0
    private var dateLine = OutgoingBytes()

    /// "Date: Sun, 06 Nov 1994 08:49:37 GMT" and CRLF, composed once a second.
    @inline(__always)
    func writeDate(to out: inout OutgoingBytes) {
        if loop.now >= dateSecondEnds { composeDate() }
        out.append(dateLine.bytes)
    }

    private func composeDate() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        dateSecondEnds = loop.now &+ (1_000_000_000 &- UInt64(time.tv_nsec))
        dateLine.removeAll()
        dateLine.append("Date: ")
        HTTPDate.write(time.tv_sec, to: &dateLine)
        dateLine.append("\r\n")
    }
}
