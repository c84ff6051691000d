import CPostgres
import Runtime

/// A connection outside of pipeline mode, for what that mode cannot do: scripts of several statements, COPY,
/// listening without end. One task uses it at a time. Confined to its loop.
final class PlainConnection: PostgresChannel, @unchecked Sendable {
    /// The last result of a script, as text.
    struct Answer: Sendable {
        var rows: [[String?]] = []
        var affected = 0
    }

    private enum Expectation {
        case nothing
        case opening
        case answer
        case copyStart
        case room
    }

    /// A notification has arrived: channel and payload.
    var onNotification: ((String, String) -> Void)?
    /// The connection has broken while nobody was using it.
    var onLost: ((DatabaseError) -> Void)?

    private var expectation = Expectation.nothing
    private var continuation: UnsafeContinuation<Void, any Error>?
    private var answer = Answer()
    private var failure: DatabaseError?
    private var description = Description()

    // MARK: Opening

    /// A new connection, ready for use.
    static func open(_ settings: ConnectionSettings, on home: EventLoop, resolver: Resolver) async throws
        -> PlainConnection
    {
        let connection = PlainConnection(home: home)
        try await connection.expect(.opening) { connection.open(settings, .plain, resolver) }
        return connection
    }

    override func opened() { fulfil() }

    override func lost(_ error: DatabaseError) {
        if continuation != nil { resume(throwing: error) } else { onLost?(error) }
    }

    // MARK: Scripts

    /// Runs a script and answers its last result. With a single statement or inside a transaction block nothing of it
    /// remains when it fails; otherwise the script is a transaction of its own (protocol, 55.2.2).
    @discardableResult
    func run(_ script: String) async throws -> Answer {
        answer = Answer()
        failure = nil
        try await expect(.answer) {
            if PQsendQuery(handle, script) == 1 { flushOutput() } else { failLater() }
        }
        return answer
    }

    private func expect(_ what: Expectation, _ start: () -> Void) async throws {
        precondition(continuation == nil, "one task uses a plain connection at a time")
        // Nothing would ever end the wait.
        guard phase != .closed else { throw DatabaseError.connectionLost(outcomeUnknown: false) }
        expectation = what
        try await withUnsafeThrowingContinuation {
            continuation = $0
            start()
        }
    }

    private func fulfil() {
        if let failure { resume(throwing: failure) } else { resume(with: .success(())) }
    }

    private func resume(throwing error: DatabaseError) { resume(with: .failure(error)) }

    private func resume(with result: Result<Void, any Error>) {
        guard let waiting = continuation else { return }
        continuation = nil
        expectation = .nothing
        waiting.resume(with: result)
    }

    // MARK: Receiving

    override func received() {
        takeNotifications()
        switch expectation {
        case .answer, .copyStart: takeResults()
        case .nothing, .opening, .room: break
        }
    }

    private func takeNotifications() {
        while phase == .open, let notification = PQnotifies(handle) {
            onNotification?(String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
    }

    private func takeResults() {
        while phase == .open, PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else { return fulfil() }
            let status = PQresultStatus(result)
            switch status {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                answer = PlainConnection.read(result)
                readDescription(result)
            case PGRES_COPY_IN: break
            case PGRES_COPY_OUT, PGRES_COPY_BOTH:
                failure = failure ?? DatabaseError(.featureNotSupported, "COPY TO is not taken here")
            default: failure = failure ?? DatabaseError(result: result)
            }
            PQclear(result)
            if status == PGRES_COPY_IN { return startCopy() }
            // Such a result would be answered again and again until the data had been read.
            if status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH { return failLater() }
        }
    }

    private func startCopy() {
        if expectation == .copyStart { return fulfil() }
        // A script must not contain COPY … FROM STDIN: nobody would send the rows.
        PQputCopyEnd(handle, "no rows follow here")
        flushOutput()
    }

    private static func read(_ result: OpaquePointer) -> Answer {
        let columns = PQnfields(result)
        let rows = (0..<PQntuples(result)).map { row in
            (0..<columns).map { column in
                PQgetisnull(result, row, column) != 0 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
        return Answer(rows: rows, affected: PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0)
    }

    // MARK: Describing

    /// What PostgreSQL says of a statement: the types of its binds, names and types of its columns.
    struct Description {
        var binds: [UInt32] = []
        var columns: [(name: String, type: UInt32)] = []
    }

    /// Prepares a statement without running it.
    func describe(_ text: String, bindTypes: [UInt32]) async throws -> Description {
        description = Description()
        failure = nil
        try await expect(.answer) {
            if PQsendPrepare(handle, "", text, Int32(bindTypes.count), bindTypes) == 1 { flushOutput() } else { failLater() }
        }
        failure = nil
        try await expect(.answer) {
            if PQsendDescribePrepared(handle, "") == 1 { flushOutput() } else { failLater() }
        }
        return description
    }

    private func readDescription(_ result: OpaquePointer) {
        description.binds = (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        description.columns = (0..<PQnfields(result)).map { (String(cString: PQfname(result, $0)), PQftype(result, $0)) }
    }

    // MARK: COPY

    /// Begins `COPY … FROM STDIN`.
    func startCopying(_ statement: String) async throws {
        failure = nil
        try await expect(.copyStart) {
            if PQsendQuery(handle, statement) == 1 { flushOutput() } else { failLater() }
        }
    }

    /// Sends a piece of the rows; suspends while the server takes no more.
    func copy(_ bytes: UnsafeBufferPointer<UInt8>) async throws {
        guard let start = bytes.baseAddress else { return }
        let characters = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
        while phase == .open {
            switch PQputCopyData(handle, characters, Int32(bytes.count)) {
            case 1: return try await drain()
            case 0: try await drain()
            default:
                failLater()
                throw DatabaseError.connectionLost(outcomeUnknown: false, libpqMessage)
            }
        }
        throw DatabaseError.connectionLost(outcomeUnknown: false)
    }

    /// Suspends until what libpq holds is with the kernel.
    private func drain() async throws {
        flushOutput()
        guard interest.contains(.write) else { return }
        try await expect(.room) {}
    }

    override func flushOutput() {
        super.flushOutput()
        if expectation == .room, !interest.contains(.write) { fulfil() }
    }

    /// Ends the rows; a `reason` has the server forget them all. Answers how many there were.
    func finishCopying(refusing reason: String? = nil) async throws -> Int {
        answer = Answer()
        failure = nil
        try await expect(.answer) {
            if PQputCopyEnd(handle, reason) == 1 { flushOutput() } else { failLater() }
        }
        return answer.affected
    }
}
