import Crypto
import HTTP
import JSON
import Postgres
import Runtime
import Telemetry
import Values

/// One request on its way through an operation: its input, its caller, and what the answer will carry besides its
/// content. Lives from the routing of the head to the sending of the answer, on one loop.
package final class Call: @unchecked Sendable {
    let route: Route
    package var operation: Operation { route.operation }
    package let exchange: Exchange
    package let loop: EventLoop
    /// The caller's own if it was acceptable, else ours; in every log line and answer.
    package let requestID: String
    package let clock: Clock
    /// W3C Trace Context, continued from the caller; nil when he sent none.
    package let trace: TraceContext?
    /// When the head was complete, in monotonic nanoseconds.
    let started: UInt64
    package let caller: Caller
    /// Chosen by the handler among the statuses that the operation declares.
    package var answerStatus: Int?
    /// For an operation that asks somebody outside: what it does, to be found again in a repetition under its key.
    package internal(set) lazy var effect = Effect(id: .v7(), isContinued: false)
    /// False for an answer that is not to be kept though its operation declares how: it is about to change, or belongs to
    /// somebody for whom nothing says when it does.
    package var keepsAnswer = true
    /// Instead of what the operation says, where that hangs on the object.
    package var cacheControl: StaticString?
    var fields: [(name: StaticString, value: String)] = []
    var rateLimitFields: (limit: RateLimit, decision: RateLimiter.Decision)?
    /// The task that answers; cancelled when nobody waits any more.
    var task: Task<Void, Never>?
    private let captures: Router.Captures
    private let buffers: AnswerBufferPool

    init(
        route: Route, exchange: Exchange, requestID: String, clock: Clock, trace: TraceContext?, caller: Caller,
        captures: Router.Captures, buffers: AnswerBufferPool
    ) {
        self.route = route
        self.exchange = exchange
        loop = exchange.loop
        self.requestID = requestID
        self.clock = clock
        self.trace = trace
        started = exchange.started
        self.caller = caller
        self.captures = captures
        self.buffers = buffers
    }

    package var now: Instant { clock.now() }

    /// Gives the call the time that its operation declares, counted from the head.
    func keepDeadline() {
        guard let seconds = route.operation.deadlineSeconds else { return }
        exchange.allow(.seconds(seconds) - .nanoseconds(loop.now &- started))
    }

    // MARK: Path

    /// A parameter of the path, with escapes decoded. Throws 404 for one that is not UTF-8.
    package func text(_ name: String) throws -> String {
        guard let bytes = parameterBytes(name), let text = PercentEncoding.decode(bytes) else {
            throw HouseProblem.notFound.problem
        }
        return text
    }

    /// An id in the path. What is no id names no object: 404.
    package func id<Entity>(_ name: String = "id", of: Entity.Type = Entity.self) throws -> ID<Entity> {
        ID(try uuid(name))
    }

    package func uuid(_ name: String = "id") throws -> UUID {
        guard let bytes = parameterBytes(name), let id = UUID(ascii: bytes.bindMemory(to: UInt8.self)) else {
            throw HouseProblem.notFound.problem
        }
        return id
    }

    private func parameterBytes(_ name: String) -> UnsafeRawBufferPointer? {
        guard let index = route.operation.path.parameters.firstIndex(of: name) else {
            preconditionFailure("\(route.operation.id) has no path parameter \(name)")
        }
        return parameterBytes(index)
    }

    /// The text of the path's parameter at a place, as sent.
    package func parameterBytes(_ place: Int) -> UnsafeRawBufferPointer {
        let capture = captures[place]
        return UnsafeRawBufferPointer(rebasing: exchange.path[Int(capture.start)..<Int(capture.start + capture.count)])
    }

    // MARK: Fields

    /// The first field of that name, given in lower case.
    package func field(_ name: StaticString) -> String? {
        exchange.field(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `User-Agent`, at most 400 scalars, as PostgreSQL counts: what audit rows and sign-ins keep.
    package var userAgent: String? { field("user-agent").map { String($0.unicodeScalars.prefix(400)) } }

    /// A field of the answer.
    package func setField(_ name: StaticString, _ value: String) { fields.append((name, value)) }

    // MARK: Body

    /// The body as it came.
    package var body: UnsafeRawBufferPointer { exchange.body }

    /// No body at all is an object without members: what it lacks is then named member by member.
    package func decodeBody<Body: Shaped>() throws -> Body {
        exchange.body.count == 0 ? try Body.decode(json: "{}") : try Body.decode(json: exchange.body)
    }

    /// An action takes no body; an empty object is let pass, since many clients send one.
    func noBody() throws {
        if exchange.body.count == 0 { return }
        _ = try Empty.decode(json: exchange.body)
    }

    // MARK: Answer

    /// A buffer of the loop, for an answer that is written into it.
    func takeBuffer() -> AnswerBuffer { buffers.take() }

    /// An object in the envelope.
    package func answer<Output: Answerable>(_ output: Output, status: Int) throws -> Answer {
        let buffer = buffers.take()
        buffer.writer.constant("{\"success\":true,\"data\":")
        output.write(to: &buffer.writer)
        buffer.writer.constant("}")
        return Answer(status: answerStatus ?? status, content: .json(buffer))
    }

    func answer<Item: Answerable>(_ page: Page<Item>, of request: PageRequest) throws -> Answer {
        let buffer = buffers.take()
        openList(page.items, &buffer.writer)
        buffer.writer.constant("\"page\":")
        buffer.writer.write(request.page)
        buffer.writer.constant(",\"limit\":")
        buffer.writer.write(request.limit)
        buffer.writer.constant(",\"total\":")
        buffer.writer.write(page.total)
        buffer.writer.constant(",\"totalPages\":")
        buffer.writer.write((page.total + request.limit - 1) / request.limit)
        if let totals = page.totals {
            buffer.writer.constant(",\"")
            buffer.writer.constant(route.operation.totalsName)
            buffer.writer.constant("\":")
            totals.write(to: &buffer.writer)
        }
        buffer.writer.constant("}}")
        return Answer(status: answerStatus ?? 200, content: .json(buffer))
    }

    func answer<Item: Answerable>(_ feed: Feed<Item>, of request: CursorRequest) throws -> Answer {
        let buffer = buffers.take()
        openList(feed.items, &buffer.writer)
        buffer.writer.constant("\"limit\":")
        buffer.writer.write(request.limit)
        buffer.writer.constant(",\"nextCursor\":")
        if let cursor = feed.nextCursor {
            buffer.writer.write(Cursor.encode(cursor))
        } else {
            buffer.writer.constant("null")
        }
        buffer.writer.constant("}}")
        return Answer(status: answerStatus ?? 200, content: .json(buffer))
    }

    private func openList<Item: Answerable>(_ items: [Item], _ writer: inout JSONWriter) {
        writer.constant("{\"success\":true,\"data\":[")
        for item in items {
            item.write(to: &writer)
        }
        writer.constant("],\"meta\":{")
    }

    /// Throws 412 unless `If-Match` names what `reading` answers this caller now. Whom it refuses has no representation
    /// that he could name; `*` holds all the same, since the object is there.
    func checkMatch(_ reading: Operation.Run) async throws {
        var tag: EntityTag?
        do {
            tag = takeTag(of: try await reading(self))
        } catch let error where !ProblemReport.isFault(error) {}
        if exchange.precondition(tag: tag) == .failed { throw HouseProblem.preconditionFailed.problem }
    }

    /// Throws 412 where `If-Match` names another copy than the one a read is about to answer (RFC 9110, 13.1.1). Files ask
    /// for themselves, and what is streamed has no tag.
    func checkRead(_ answer: Answer) throws {
        guard route.operation.method == .get, answer.status == 200 else { return }
        switch answer.content {
        case .empty, .file, .relay, .stream, .upgrade: return
        case .json(let buffer):
            let tag = buffer.writer.withUnsafeBytes { EntityTag(of: $0) }
            if exchange.precondition(tag: tag) != .failed { return }
            buffers.give(buffer)
        case .bytes, .shared, .kept:
            if exchange.precondition(tag: takeTag(of: answer)) != .failed { return }
        }
        throw HouseProblem.preconditionFailed.problem
    }

    /// Whether a change has answered what `reading` answers this caller now.
    func isRepresentation(_ answer: Answer, of reading: Operation.Run) async -> Bool {
        guard case .json(let given) = answer.content else { return false }
        // The change is made whatever becomes of this.
        guard let read = try? await reading(self), case .json(let current) = read.content else { return false }
        defer { buffers.give(current) }
        return given.writer.withUnsafeBytes { given in
            current.writer.withUnsafeBytes { current in given.elementsEqual(current) }
        }
    }

    func setTag(of answer: Answer) {
        guard case .json(let buffer) = answer.content else { return }
        setField("ETag", buffer.writer.withUnsafeBytes { EntityTag(of: $0) }.description)
    }

    /// The entity tag of an answer that nobody is sent.
    private func takeTag(of answer: Answer) -> EntityTag? {
        switch answer.content {
        case .empty, .stream, .upgrade: return nil
        case .file(let file, _): return file.tag
        case .relay(let file, _): return file.tag
        case .bytes(let bytes, _): return bytes.withUnsafeBytes { EntityTag(of: $0) }
        case .shared(let bytes, _): return EntityTag(of: bytes.bytes)
        case .kept(let kept): return kept.tag
        case .json(let buffer):
            defer { buffers.give(buffer) }
            return buffer.writer.withUnsafeBytes { EntityTag(of: $0) }
        }
    }
}

extension Call {
    /// Whether the caller sent this secret as a bearer token; compared in constant time.
    func presents(_ secret: String) -> Bool {
        guard let token = bearerToken else { return false }
        return ConstantTime.equal(Array(token), Array(secret.utf8))
    }
}
