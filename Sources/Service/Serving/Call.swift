import Crypto
import HTTP
import JSON
import Postgres
import Runtime
import Values

/// One request on its way through an operation: its input, its caller, and what the answer will carry besides its
/// content. Lives from the routing of the head to the sending of the answer, on one loop.
package final class Call: @unchecked Sendable {
    package let operation: Operation
    package let exchange: Exchange
    package let loop: EventLoop
    /// The caller's own if it was acceptable, else ours; in every log line and answer.
    package let requestID: String
    package let clock: Clock
    /// W3C Trace Context: continued, or begun here.
    package let trace: TraceContext
    package internal(set) var caller: Caller
    /// Chosen by the handler among the statuses that the operation declares.
    package var answerStatus: Int?
    var fields: [(name: StaticString, value: String)] = []
    var rateLimitFields: (limit: RateLimit, decision: RateLimiter.Decision)?
    private let captures: Router.Captures
    private let buffers: AnswerBufferPool

    init(
        operation: Operation, exchange: Exchange, requestID: String, clock: Clock, trace: TraceContext, caller: Caller,
        captures: Router.Captures, buffers: AnswerBufferPool
    ) {
        self.operation = operation
        self.exchange = exchange
        loop = exchange.loop
        self.requestID = requestID
        self.clock = clock
        self.trace = trace
        self.caller = caller
        self.captures = captures
        self.buffers = buffers
    }

    package var now: Instant { clock.now() }

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
        guard let bytes = parameterBytes(name), let id = UUID(utf8: bytes) else {
            throw HouseProblem.notFound.problem
        }
        return id
    }

    private func parameterBytes(_ name: String) -> UnsafeRawBufferPointer? {
        guard let index = operation.path.parameters.firstIndex(of: name) else {
            preconditionFailure("\(operation.id) has no path parameter \(name)")
        }
        let capture = captures[index]
        return UnsafeRawBufferPointer(rebasing: exchange.path[Int(capture.start)..<Int(capture.start + capture.count)])
    }

    // MARK: Fields

    /// The first field of that name, given in lower case.
    package func field(_ name: StaticString) -> String? {
        exchange.field(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `User-Agent`, at most 400 characters: what audit rows and sign-ins keep.
    package var userAgent: String? { field("user-agent").map { String($0.prefix(400)) } }

    /// A field of the answer.
    package func setField(_ name: StaticString, _ value: String) { fields.append((name, value)) }

    // MARK: Body

    /// The body as it came.
    package var body: UnsafeRawBufferPointer { exchange.body }

    package func decodeBody<Body: Shaped>() throws -> Body { try Body.decode(json: exchange.body) }

    /// An action takes no body; an empty object is let pass, since many clients send one.
    func noBody() throws {
        if exchange.body.count == 0 { return }
        _ = try Empty.decode(json: exchange.body)
    }

    // MARK: Answer

    func answer<Output: WireOutput>(_ output: Output, status: Int) throws -> Answer {
        let buffer = buffers.take()
        buffer.writer.raw("{\"success\":true,\"data\":")
        output.write(to: &buffer.writer)
        buffer.writer.raw("}")
        return Answer(status: answerStatus ?? status, content: .json(buffer))
    }

    func answer<Item: WireOutput>(_ page: Page<Item>, of request: PageRequest) throws -> Answer {
        let buffer = buffers.take()
        openList(page.items, &buffer.writer)
        buffer.writer.raw("\"page\":")
        buffer.writer.value(request.page)
        buffer.writer.raw(",\"limit\":")
        buffer.writer.value(request.limit)
        buffer.writer.raw(",\"total\":")
        buffer.writer.value(page.total)
        buffer.writer.raw(",\"totalPages\":")
        buffer.writer.value((page.total + request.limit - 1) / request.limit)
        buffer.writer.raw("}}")
        return Answer(status: answerStatus ?? 200, content: .json(buffer))
    }

    func answer<Item: WireOutput>(_ feed: Feed<Item>, of request: CursorRequest) throws -> Answer {
        let buffer = buffers.take()
        openList(feed.items, &buffer.writer)
        buffer.writer.raw("\"limit\":")
        buffer.writer.value(request.limit)
        buffer.writer.raw(",\"nextCursor\":")
        if let cursor = feed.nextCursor {
            buffer.writer.value(Cursor.encode(cursor))
        } else {
            buffer.writer.raw("null")
        }
        buffer.writer.raw("}}")
        return Answer(status: answerStatus ?? 200, content: .json(buffer))
    }

    private func openList<Item: WireOutput>(_ items: [Item], _ writer: inout JSONWriter) {
        writer.raw("{\"success\":true,\"data\":[")
        var isFirst = true
        for item in items {
            if !isFirst { writer.raw(",") }
            isFirst = false
            item.write(to: &writer)
        }
        writer.raw("],\"meta\":{")
    }

    /// Honours `If-Match`: throws 412 unless it names the representation that the object has now.
    package func checkMatch<Output: WireOutput>(_ current: Output) throws {
        guard let wanted = field("if-match") else { return }
        let answer = try answer(current, status: 200)
        guard case .json(let buffer) = answer.content else { return }
        let tag = buffer.writer.withUnsafeBytes { EntityTag.of($0) }
        buffers.give(buffer)
        if !EntityTag.list(wanted, contains: tag) { throw HouseProblem.preconditionFailed.problem }
    }
}
