/// The request methods that this server implements, and two that it knows in order to refuse them (RFC 9110 section 9): TRACE,
/// which would reflect credentials, no resource allows; CONNECT is refused before there is one.
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options
    case trace, connect

    /// The method's name as it stands on the wire; names are case-sensitive (RFC 9110 section 9.1).
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        }
    }

    /// "Request methods are considered safe if their defined semantics are essentially read-only" (section 9.2.1).
    package var isSafe: Bool { self == .get || self == .head || self == .options || self == .trace }

    /// Repeating it has the same intended effect as doing it once (section 9.2.2).
    package var isIdempotent: Bool { isSafe || self == .put || self == .delete }

    /// Nil for a token that is no method of ours, which is answered 501.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer) {
        switch bytes.count {
        case 3:
            if bytes.equals("GET") { self = .get } else if bytes.equals("PUT") { self = .put } else { return nil }
        case 4:
            if bytes.equals("POST") { self = .post } else if bytes.equals("HEAD") { self = .head } else { return nil }
        case 5:
            if bytes.equals("PATCH") { self = .patch } else if bytes.equals("TRACE") { self = .trace } else { return nil }
        case 6 where bytes.equals("DELETE"): self = .delete
        case 7:
            if bytes.equals("OPTIONS") { self = .options } else if bytes.equals("CONNECT") { self = .connect } else { return nil }
        default: return nil
        }
    }
}
