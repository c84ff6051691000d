import CPostgres
import Runtime

/// A connection in pipeline mode: statements are sent without waiting, answers come back in order.
///
/// Statements between two syncs are one transaction of PostgreSQL (protocol, 55.2.3), so a batch of several requests'
/// statements may only hold reads; what writes is sent as a group with a sync of its own.
final class PipelineConnection: PostgresChannel, @unchecked Sendable {
    /// What the next answer belongs to.
    private enum Step {
        case prepare(PreparedName, StatementText)
        case deallocate
        case batched(Pending)
        case grouped(Pending)
        case sync(Pending?)
    }

    var owner: (any ConnectionOwner)?
    /// Batches and groups that have been sent and not ended.
    private(set) var unfinished = 0
    /// Given to one transaction alone.
    var isLeased = false
    /// Requests to cancel on their way; until they are through, the next statement might be hit.
    private(set) var cancelsRunning = 0
    /// How many statements stay prepared.
    private let statementCapacity: Int

    private var steps = Queue<Step>()
    private var prepared: [Int: PreparedName] = [:]
    private var nextName: UInt64 = 0
    private var uses: UInt64 = 0
    private var mustDeallocateAll = false
    /// The first error since the last sync: why everything after it is aborted.
    private var groupError: DatabaseError?
    /// The error of a statement's preparation, which its execution is then only told to be aborted by.
    private var prepareError: DatabaseError?
    private var isAnswered = false

    init(home: EventLoop, owner: any ConnectionOwner, statementCapacity: Int) {
        self.owner = owner
        self.statementCapacity = statementCapacity
        super.init(home: home)
    }

    var isOpen: Bool { phase == .open }
    var isIdle: Bool { phase == .open && unfinished == 0 && !isLeased && cancelsRunning == 0 }

    override func opened() {
        guard PQenterPipelineMode(handle) == 1 else { return end(.unavailable(libpqMessage)) }
        owner?.connectionOpened(self)
    }

    // MARK: Sending

    /// Sends the reads of several requests with one sync.
    func send(batch: [Pending]) {
        var isSent = makeRoom { batch.count { prepared[$0.text.number] == nil } }
        for pending in batch {
            isSent = isSent && put(pending)
            steps.append(.batched(pending))
        }
        sync(nil, isSent)
    }

    /// Sends the statements linked from `first` with one sync; `head` is told of the end.
    func send(group first: Pending, head: Pending) {
        guard phase == .open else { return head.finish(.connectionLost(outcomeUnknown: false)) }
        var isSent = makeRoom { sequence(first: first) { $0.next }.count { prepared[$0.text.number] == nil } }
        var statement: Pending? = first
        while let pending = statement {
            isSent = isSent && put(pending)
            steps.append(.grouped(pending))
            statement = pending.next
        }
        sync(head, isSent)
    }

    private func sync(_ head: Pending?, _ isSent: Bool) {
        steps.append(.sync(head))
        unfinished += 1
        if isSent, PQpipelineSync(handle) == 1 { flushOutput() } else { failLater() }
    }

    private func put(_ pending: Pending) -> Bool {
        guard phase == .open, let name = prepared[pending.text.number] ?? prepare(pending.text) else { return false }
        uses &+= 1
        name.lastUse = uses
        let draft = pending.draft
        let count = draft.bindCount
        return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count + 1) { values in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count + 1) { numbers in
                for index in 0..<count {
                    let bind = draft.binds[index]
                    let start = UnsafeRawPointer(draft.bytes + Int(bind.offset))
                    values[index] = bind.length < 0 ? nil : start.assumingMemoryBound(to: CChar.self)
                    numbers[index] = max(0, bind.length)
                    numbers[count + index] = bind.isBinary ? 1 : 0
                }
                let lengths = numbers.baseAddress!
                return PQsendQueryPrepared(
                    handle, name.name, Int32(count), values.baseAddress!, lengths, lengths + count, 0) == 1
            }
        }
    }

    // MARK: Prepared statements

    private func prepare(_ text: StatementText) -> PreparedName? {
        let name = PreparedName(number: nextName)
        nextName &+= 1
        guard PQsendPrepare(handle, name.name, text.text, Int32(text.bindTypes.count), text.bindTypes) == 1
        else { return nil }
        steps.append(.prepare(name, text))
        prepared[text.number] = name
        return name
    }

    /// Drops statements where those that a batch or group will prepare exceed the capacity. It goes ahead, behind a sync
    /// of its own: neither may fail with the other, and DEALLOCATE takes a snapshot, after which a `begin` cannot choose
    /// its isolation any more.
    private func makeRoom(_ unprepared: () -> Int) -> Bool {
        guard phase == .open, prepared.count >= statementCapacity || mustDeallocateAll else { return true }
        if mustDeallocateAll, steps.isEmpty, transactionStatus == PQTRANS_IDLE {
            mustDeallocateAll = false
            prepared.removeAll()
            return deallocate("deallocate all") && endDropping()
        }
        let surplus = prepared.count + unprepared() - statementCapacity
        // A failed transaction takes nothing but its end; room is made after it.
        guard surplus > 0, transactionStatus != PQTRANS_INERROR else { return true }
        for _ in 0..<surplus {
            guard let oldest = prepared.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
            prepared[oldest.key] = nil
            guard deallocate("deallocate " + String(cString: oldest.value.name)) else { return false }
        }
        return endDropping()
    }

    private func endDropping() -> Bool {
        steps.append(.sync(nil))
        unfinished += 1
        return PQpipelineSync(handle) == 1
    }

    private func deallocate(_ text: String) -> Bool {
        steps.append(.deallocate)
        return PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 0) == 1
    }

    /// Every statement is prepared anew at its next use: a table has changed under a plan.
    func forgetStatements() {
        prepared.removeAll()
        mustDeallocateAll = true
    }

    // MARK: Receiving

    override func received() {
        while phase == .open, PQisBusy(handle) == 0 {
            if let result = PQgetResult(handle) {
                take(result)
            } else {
                // PQgetResult answers NULL once after each statement, and when nothing is left.
                guard isAnswered else { break }
                isAnswered = false
                completeStep()
            }
        }
    }

    private func take(_ result: OpaquePointer) {
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            finishSync()
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            isAnswered = true
            noteAborted()
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            isAnswered = true
            switch steps.first {
            case .batched(let pending), .grouped(let pending): pending.take(result)
            default: PQclear(result)
            }
        default:
            let error = DatabaseError(result: result)
            PQclear(result)
            isAnswered = true
            if PQstatus(handle) == CONNECTION_BAD || error.endsConnection {
                end(.connectionLost(outcomeUnknown: false, error.message))
            } else {
                note(error)
            }
        }
    }

    private func note(_ error: DatabaseError) {
        var error = error
        switch steps.first {
        case .batched(let pending), .grouped(let pending):
            error.statement = pending.text.description
            pending.error = error
        case .prepare(let name, let text):
            error.statement = text.description
            prepareError = error
            forget(name, text)
        case .deallocate, .sync, nil: break
        }
        if groupError == nil { groupError = error }
    }

    private func noteAborted() {
        switch steps.first {
        case .batched(let pending), .grouped(let pending):
            if let prepareError { pending.error = prepareError } else { pending.isAborted = true }
            prepareError = nil
        case .prepare(let name, let text): forget(name, text)
        case .deallocate, .sync, nil: break
        }
    }

    private func forget(_ name: PreparedName, _ text: StatementText) {
        if prepared[text.number] === name { prepared[text.number] = nil }
    }

    private func completeStep() {
        // An error at the commit is told in answer to the sync, whose own answer is still to come.
        if case .sync = steps.first { return }
        if case .batched(let pending) = steps.popFirst() { owner?.connection(self, answered: pending) }
    }

    private func finishSync() {
        guard case .sync(let head) = steps.popFirst() else {
            return end(.connectionLost(outcomeUnknown: false, "answers out of step"))
        }
        unfinished -= 1
        head?.error = groupError
        groupError = nil
        prepareError = nil
        owner?.connection(self, finished: head)
    }

    // MARK: Ends

    override func lost(_ error: DatabaseError) {
        var statements: [Pending] = [], heads: [Pending] = []
        while let step = steps.popFirst() {
            switch step {
            case .batched(let pending): statements.append(pending)
            case .sync(let head): if let head { heads.append(head) }
            case .prepare, .deallocate, .grouped: break
            }
        }
        prepared.removeAll()
        unfinished = 0
        let told = owner
        owner = nil
        told?.connection(self, lost: error, statements: statements, heads: heads)
    }

    /// Asks PostgreSQL to give up what it is doing for this connection. PQcancel connects anew and blocks, hence the
    /// pool. Only for leased connections: on a shared one it might hit another request's statement.
    func cancelRunning(on pool: BlockingPool) {
        guard phase == .open, let cancel = PQgetCancel(handle) else { return }
        let address = UInt(bitPattern: cancel)
        cancelsRunning += 1
        home.spawn { [self] in
            var isSent = true
            do {
                try await pool.run { PipelineConnection.cancel(OpaquePointer(bitPattern: address)!) }
            } catch {
                // The pool is full: the statement runs until it ends, or until the server's time limit for it.
                PQfreeCancel(OpaquePointer(bitPattern: address)!)
                isSent = false
            }
            cancelsRunning -= 1
            owner?.connection(self, cancelled: isSent)
        }
    }

    private static func cancel(_ cancel: OpaquePointer) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(cancel, message.baseAddress!, 256)
        }
        PQfreeCancel(cancel)
    }
}
