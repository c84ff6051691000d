import CPostgres
import Glibc
import Runtime

/// A libpq connection in a loop: how it is opened, how its bytes move, how its end is noticed.
///
/// What is said on it is left to the subclasses. `lost` is called exactly once for every `open` that did not end in
/// `close`.
class PostgresChannel: Channel, @unchecked Sendable {
    enum Phase { case new, connecting, settling, open, closed }

    let home: EventLoop
    private(set) var phase = Phase.new
    /// libpq's connection, from `open` to the end.
    private(set) var handle: OpaquePointer?
    private var connectTimer: LoopTimer?
    /// What the session is told when its options have not come through.
    private var sessionScript = ""
    /// Something could not be sent; reported at the end of the round, when nobody is in the middle of sending.
    private var hasFailed = false

    init(home: EventLoop) {
        self.home = home
        super.init()
    }

    deinit { PQfinish(handle) }

    // MARK: For subclasses

    func opened() {}
    /// Input has arrived and is with libpq.
    func received() {}
    func lost(_ error: DatabaseError) {}

    // MARK: Opening

    /// Begins to connect; `opened` or `lost` follows, not before this call has returned.
    func open(_ settings: ConnectionSettings, _ purpose: ConnectionSettings.Purpose, _ resolver: Resolver) {
        phase = .connecting
        sessionScript = settings.sessionScript(for: purpose)
        connectTimer = home.timer(after: settings.connectTimeout) { [weak self] in
            self?.end(.unavailable("connecting took longer than \(settings.connectTimeout)"))
        }
        home.spawn { [self] in
            do {
                let parameters = try await settings.parameters(for: purpose, resolver: resolver)
                await Task.yield()
                start(parameters)
            } catch {
                await Task.yield()
                end(.unavailable("\(error)"))
            }
        }
    }

    private func start(_ parameters: [(name: String, value: String)]) {
        guard phase == .connecting else { return }
        let names = parameters.map { strdup($0.name) }, values = parameters.map { strdup($0.value) }
        defer { for pointer in names + values { free(pointer) } }
        let keywords = names.map { UnsafePointer($0) } + [nil]
        handle = PQconnectStartParams(keywords, values.map { UnsafePointer($0) } + [nil], 0)
        // Notices (a table that already exists) would be printed to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        guard handle != nil, PQstatus(handle) != CONNECTION_BAD else { return end(.unavailable(libpqMessage)) }
        // libpq, 34.1: behave at first as if PQconnectPoll had answered PGRES_POLLING_WRITING.
        watch(.write)
    }

    private func watch(_ interest: Interest) {
        fd = PQsocket(handle)
        do { try home.add(self, interest) } catch { end(.unavailable("\(error)")) }
    }

    private func advance() {
        // The descriptor may be another one after each step.
        home.remove(self)
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING: watch(.read)
        case PGRES_POLLING_WRITING: watch(.write)
        case PGRES_POLLING_OK:
            PQsetnonblocking(handle, 1)
            watch(.read)
            if phase == .connecting { settle() }
        default: end(.unavailable(libpqMessage))
        }
    }

    /// A pooler leaves out what options a connection begins with. Its session is as its role and its database have it, in
    /// another time zone perhaps: then it is told by itself.
    private func settle() {
        let told = ConnectionSettings.told
        if let value = PQparameterStatus(handle, told.name), strcmp(value, told.value) == 0 { return ready() }
        phase = .settling
        if PQsendQuery(handle, sessionScript) == 1 { flushOutput() } else { failLater() }
    }

    private func settled() {
        while phase == .settling, PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else { return ready() }
            let status = PQresultStatus(result)
            PQclear(result)
            if status != PGRES_COMMAND_OK { return end(.unavailable(libpqMessage)) }
        }
    }

    private func ready() {
        connectTimer?.cancel()
        phase = .open
        opened()
    }

    // MARK: Bytes

    override final func onEvent(_ events: Events) {
        switch phase {
        case .connecting: advance()
        case .settling, .open:
            if events.contains(.writable) { flushOutput() }
            guard phase != .closed, !events.isDisjoint(with: [.readable, .hangup, .error, .peerClosed]) else { return }
            // After the server's end has closed, the first call still succeeds; the next round's fails.
            if PQconsumeInput(handle) == 0 { return end(brokenError) }
            if phase == .settling { settled() } else { received() }
        case .new, .closed: break
        }
    }

    /// Sends what libpq holds; what the socket does not take follows when it is writable.
    func flushOutput() {
        switch PQflush(handle) {
        case 0: home.modify(self, .read)
        case 1: home.modify(self, [.read, .write])
        default: failLater()
        }
    }

    /// Ends the connection as lost, at the end of the round.
    func failLater() {
        hasFailed = true
        // libpq may have closed the socket already: until the round ends its number may become another channel's, which
        // must not be forgotten in our place.
        home.remove(self)
        home.markDirty(self)
    }

    override func flush() {
        if hasFailed { end(brokenError) }
    }

    // MARK: The end

    /// Ends the connection as lost.
    func end(_ error: DatabaseError) {
        guard phase != .closed else { return }
        let wasOpen = phase == .open
        release()
        lost(wasOpen && error.kind == .unavailable ? brokenError : error)
    }

    /// Ends the connection on purpose.
    func close() {
        guard phase != .closed else { return }
        release()
    }

    private func release() {
        phase = .closed
        connectTimer?.cancel()
        home.remove(self)
        fd = -1
        if let handle { PQfinish(handle) }
        handle = nil
    }

    private var brokenError: DatabaseError { .connectionLost(outcomeUnknown: false, libpqMessage) }

    var libpqMessage: String {
        guard let handle, let message = PQerrorMessage(handle) else { return "connection lost" }
        let text = DatabaseError.oneLine(String(cString: message))
        return text.isEmpty ? "connection lost" : text
    }

    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(handle) }
}
