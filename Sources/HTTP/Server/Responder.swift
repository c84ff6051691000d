/// What to do with a request whose head is known.
package enum Admission: Sendable {
    /// Collect the body, of at most `limit` bytes, then call `respond`. A larger one is answered 413 before it is read.
    case buffer(limit: Int)
    /// Call `respond` at once; the body is read by `Exchange.nextBodyChunk`, at most `limit` bytes of it.
    case stream(limit: Int)
    /// An answer has been given, or will be, without the body and without `respond`.
    case answered
}

/// Answers requests. All calls come on the exchange's loop and must not block.
package protocol Responder: AnyObject, Sendable {
    /// The head is known and the body not yet read. Views taken here do not outlive the call.
    func admit(_ x: Exchange) -> Admission

    /// The request is ready. The answer may be given before returning, or later from a task on the same loop.
    func respond(_ x: Exchange)

    /// The client is gone or the handler's time is over: stop working; nothing that is sent any more arrives. For a
    /// handler out of time an answer given during this call is still sent; without one the server answers 503.
    func cancelled(_ x: Exchange)

    /// The server answers by itself. Adds fields to `head` and returns the body, whose type is
    /// `application/problem+json`.
    func describe(_ refusal: Refusal, to head: inout HeadWriter) -> [UInt8]
}

extension Responder {
    package func describe(_ refusal: Refusal, to head: inout HeadWriter) -> [UInt8] { refusal.problem() }
}

extension Refusal {
    /// RFC 9457, with the members that every problem of this platform has. Nothing in it needs escaping.
    package func problem(requestID: String? = nil) -> [UInt8] {
        let title = StatusLine.reason(status)
        return Array(
            """
            {"success":false,"type":"about:blank","title":"\(title)","status":\(status),\
            "detail":"\(detail)","code":"\(rawValue)"\(requestID.map { ",\"requestId\":\"\($0)\"" } ?? "")}
            """.utf8)
    }
}
