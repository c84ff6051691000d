/// What the conditional fields of a request say about the representation as it is now (RFC 9110 section 13).
package enum Precondition: Equatable, Sendable {
    case holds
    /// 304, with the fields a 200 would have had.
    case notModified
    /// 412.
    case failed
}

extension Exchange {
    /// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of section 13.2.2. The
    /// tag of the packed representation counts as well.
    ///
    /// - Parameters:
    ///   - tag: of the current representation; nil when it has none.
    ///   - modified: its Last-Modified in seconds since 1970; nil when that is not known.
    ///   - exists: false when there is no current representation.
    package func precondition(tag: EntityTag?, modified: Int? = nil, exists: Bool = true) -> Precondition {
        if hasField("if-match") {
            // "the origin server MUST use the strong comparison function" (section 13.1.1)
            guard matches("if-match", exists, {
                tag?.strongly(equals: $0) == true || tag?.packed.strongly(equals: $0) == true
            }) else { return .failed }
        } else if let modified, let since = date("if-unmodified-since"), modified > since {
            return .failed
        }
        let isRead = method == .get || method == .head
        if hasField("if-none-match") {
            // "A recipient MUST use the weak comparison function" (section 13.1.2)
            if matches("if-none-match", exists, {
                tag?.weakly(equals: $0) == true || tag?.packed.weakly(equals: $0) == true
            }) {
                return isRead ? .notModified : .failed
            }
        } else if isRead, let modified, let since = date("if-modified-since"), modified <= since {
            return .notModified
        }
        return .holds
    }

    /// The part of a representation that Range asks for, unless If-Range says that the client's copy is of another one
    /// (sections 13.1.5 and 14.2).
    package func range(size: Int, tag: EntityTag?, modified: Int? = nil) -> ByteRange {
        // "A server MUST ignore a Range header field received with a request method that is unrecognized or for which
        // range handling is not defined. For this specification, GET is the only method" (section 14.2).
        guard method == .get, let value = field("range") else { return .whole }
        if let condition = field("if-range"), !isCurrent(condition, tag, modified) { return .whole }
        return ByteRange(value, size: size)
    }

    private func isCurrent(_ condition: UnsafeRawBufferPointer, _ tag: EntityTag?, _ modified: Int?) -> Bool {
        // "A client MUST NOT generate an If-Range header field containing an entity tag that is marked as weak", and a
        // date must be exactly that of the representation (section 13.1.5).
        if let seconds = HTTPDate.parse(condition) { return modified == seconds }
        var current = false
        EntityTag.forEach(in: condition) { if tag?.strongly(equals: $0) == true { current = true } }
        return current
    }

    private func matches(_ name: StaticString, _ exists: Bool, _ equals: (EntityTag) -> Bool) -> Bool {
        var found = false
        forEachField { field, value in
            guard field.equals(ignoringCase: name) else { return }
            if value.equals("*") {
                found = found || exists
            } else if exists {
                EntityTag.forEach(in: value) { if equals($0) { found = true } }
            }
        }
        return found
    }

    private func date(_ name: StaticString) -> Int? { field(name).flatMap { HTTPDate.parse($0) } }
}
