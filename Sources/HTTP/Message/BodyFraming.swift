/// How a request's body is delimited (RFC 9112 section 6.3).
package enum BodyFraming: Equatable, Sendable {
    /// "If this is a request message and none of the above are true, then the message body length is zero".
    case none
    case length(Int)
    case chunked
}
