import HTTP
import JSON
import Runtime

/// Puts answers on the wire: the fields that every answer carries, entity tags, CORS, compression.
package final class AnswerSender: Sendable {
    private let policy: Policy
    private let security: FieldBlock
    private static let exposed: StaticString =
        "X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, ETag, Location, X-Cache, X-Total-Count, Content-Disposition, Idempotency-Replayed"

    init(policy: Policy) {
        self.policy = policy
        security = policy.isProduction
            ? FieldBlock([
                "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
                "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            ]) : FieldBlock(["X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"])
    }

    /// Sends an answer that is whole.
    ///
    /// - Returns: bytes of the body.
    func send(_ answer: Answer, of call: Call, on exchange: Exchange) -> Int {
        switch answer.content {
        case .empty:
            return sendBytes(answer, call, exchange, UnsafeRawBufferPointer(start: nil, count: 0), type: nil)
        case .json(let buffer):
            let type = call.route.operation.dialect == nil ? "application/json" : Dialect.contentType
            return buffer.writer.withUnsafeBytes { sendBytes(answer, call, exchange, $0, type: type) }
        case .bytes(let bytes, let type):
            return bytes.withUnsafeBytes { sendBytes(answer, call, exchange, $0, type: type) }
        case .shared(let bytes, let type): return sendBytes(answer, call, exchange, bytes.bytes, type: type)
        case .kept(let kept):
            return kept.body.withUnsafeBytes { sendBytes(answer, call, exchange, $0, type: kept.type, tag: kept.tag) }
        case .file(let file, let type):
            exchange.serve(file) { writeFields(answer, call, exchange, type: exchange.status < 300 ? type : nil, &$0) }
            return exchange.bytesAnswered
        case .stream, .relay, .upgrade: preconditionFailure("what is sent in one piece is bytes")
        }
    }

    /// Whether its body is compressed, and too large for the loop to do that.
    func isLarge(_ answer: Answer, of call: Call) -> Bool {
        let size: Int =
            switch answer.content {
            case .json(let buffer): buffer.writer.count
            case .bytes(let bytes, _): bytes.count
            case .shared(let bytes, _): bytes.bytes.count
            case .empty, .kept, .file, .relay, .stream, .upgrade: 0
            }
        return size > Exchange.largestCompressedAtOnce && call.route.operation.isCompressible
    }

    /// Sends a large answer that is whole, compressed on the pool.
    ///
    /// - Returns: bytes of the body; 0 when nobody has waited for it.
    func sendLarge(
        _ answer: Answer, of call: Call, on exchange: Exchange, compressingOn pool: BlockingPool
    ) async -> Int {
        let body: SharedBytes
        switch answer.content {
        case .json(let buffer): body = buffer.writer.withUnsafeBytes { SharedBytes($0) }
        case .bytes(let bytes, _): body = SharedBytes(bytes)
        case .shared(let bytes, _): body = bytes
        case .empty, .kept, .file, .relay, .stream, .upgrade: preconditionFailure("no large answer")
        }
        let isTagged = answer.status == 200 && call.route.operation.method == .get
        await exchange.send(status: answer.status, head: { head in
            writeFields(answer, call, exchange, type: exchange.status == 304 ? nil : answer.contentType, &head)
        }, body: body, compressingOn: pool, tag: isTagged ? EntityTag(of: body.bytes) : nil)
        return exchange.bytesAnswered
    }

    /// Sends the head of an answer whose body follows.
    func begin(_ answer: Answer, of call: Call, on exchange: Exchange) {
        let isText = answer.contentType.map { $0.hasPrefix("text/") || $0.hasPrefix("application/json") } ?? false
        exchange.startStreaming(status: answer.status, compress: isText && call.route.operation.isCompressible) { head in
            writeFields(answer, call, exchange, type: answer.contentType, &head)
        }
    }

    /// Sends the head of a file that is passed on, and begins its body where there is one.
    func begin(_ part: Exchange.FilePart, of file: RelayedFile, _ answer: Answer, of call: Call, on exchange: Exchange) {
        func fields(_ head: inout HeadWriter) {
            Exchange.writeFields(of: part, size: file.size, tag: file.tag, modified: file.modified, to: &head)
            writeFields(answer, call, exchange, type: exchange.status < 300 ? answer.contentType : nil, &head)
        }
        switch part {
        case .bytes(let range, let status): exchange.startStreaming(status: status, length: range.count, head: fields)
        case .none(let status): exchange.send(status: status, head: fields)
        }
    }

    private func sendBytes(
        _ answer: Answer, _ call: Call, _ exchange: Exchange, _ body: UnsafeRawBufferPointer, type: String?,
        tag: EntityTag? = nil
    ) -> Int {
        let isTagged = answer.status == 200 && call.route.operation.method == .get && type != nil
        exchange.send(status: answer.status, head: { head in
            writeFields(answer, call, exchange, type: exchange.status == 304 ? nil : type, &head)
        }, body: body, compress: call.route.operation.isCompressible, tag: isTagged ? tag ?? EntityTag(of: body) : nil)
        return exchange.bytesAnswered
    }

    /// An answer that was made at start.
    func send(_ prepared: PreparedAnswer, requestID: String, on exchange: Exchange) {
        exchange.send(status: 200, head: { head in
            head.block(prepared.fields)
            head.field("X-Request-Id", requestID)
        }, body: prepared.body)
    }

    /// An answer to a request that reached no operation.
    func sendProblem(_ problem: Problem, requestID: String, on exchange: Exchange) {
        let answer = ProblemReport.answer(problem, requestID: requestID)
        guard case .bytes(let bytes, let type) = answer.content else { return }
        bytes.withUnsafeBytes { body in
            exchange.send(status: problem.status, head: { head in
                head.field("Content-Type", type)
                writeHouseFields(requestID: requestID, to: &head)
                writeCORS(exchange, &head)
                for (name, value) in answer.fields { head.field(name, value) }
            }, body: body)
        }
    }

    /// The same request elsewhere (RFC 9110, 15.4.8).
    func redirect(_ exchange: Exchange, to path: String, requestID: String) {
        exchange.send(status: 307) { head in
            head.field("Location", path)
            writeHouseFields(requestID: requestID, to: &head)
            writeCORS(exchange, &head)
        }
    }

    /// What answers carry that are no operation's.
    func writeHouseFields(requestID: String, to head: inout HeadWriter) {
        head.field("Cache-Control", "no-store")
        head.block(security)
        head.field("Content-Security-Policy", "default-src 'none'")
        head.field("X-Request-Id", requestID)
    }

    // MARK: Fields

    /// What every answer of an operation carries, and its own.
    private func writeFields(
        _ answer: Answer, _ call: Call, _ exchange: Exchange, type: String?, _ head: inout HeadWriter
    ) {
        if let type { head.field("Content-Type", type) }
        head.field("Cache-Control", call.cacheControl ?? call.route.operation.cacheControl)
        head.block(security)
        if !call.route.operation.isPage { head.field("Content-Security-Policy", "default-src 'none'") }
        head.field("X-Request-Id", call.requestID)
        if let (limit, decision) = call.rateLimitFields { writeRateLimit(limit, decision, &head) }
        writeCORS(exchange, &head)
        for (name, value) in answer.fields { head.field(name, value) }
        for (name, value) in call.fields { head.field(name, value) }
    }

    /// draft-ietf-httpapi-ratelimit-headers: quota, what is left of it, seconds until it is full again.
    private func writeRateLimit(_ limit: RateLimit, _ decision: RateLimiter.Decision, _ head: inout HeadWriter) {
        head.field("RateLimit", "\"\(limit.name)\";r=\(decision.remaining);t=\(decision.resetSeconds)")
        head.field("RateLimit-Policy", "\"\(limit.name)\";q=\(limit.quantity);w=\(limit.windowSeconds)")
    }

    private func allowedOrigin(_ exchange: Exchange) -> String? {
        guard policy.admitsOrigins, let field = exchange.field("origin") else { return nil }
        let origin = String(decoding: field, as: UTF8.self)
        return policy.admits(origin: origin) ? origin : nil
    }

    private func writeCORS(_ exchange: Exchange, _ head: inout HeadWriter) {
        if !policy.admitsOrigins { return }
        head.field("Vary", "Origin")
        guard let origin = allowedOrigin(exchange) else { return }
        head.field("Access-Control-Allow-Origin", origin)
        head.field("Access-Control-Allow-Credentials", "true")
        head.field("Access-Control-Expose-Headers", AnswerSender.exposed)
    }

    /// OPTIONS: a CORS preflight, or the question which methods there are (RFC 9110, 9.3.7).
    func preflight(_ exchange: Exchange, allow: String, requestID: String) {
        exchange.send(status: 204) { head in
            head.field("Allow", allow)
            writeHouseFields(requestID: requestID, to: &head)
            guard let origin = allowedOrigin(exchange) else { return }
            head.field("Vary", "Origin")
            head.field("Access-Control-Allow-Origin", origin)
            head.field("Access-Control-Allow-Credentials", "true")
            head.field("Access-Control-Allow-Methods", allow)
            head.field(
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, traceparent")
            head.field("Access-Control-Max-Age", "600")
        }
    }
}
