/// The fields that decide where a request ends and whether the connection stays (RFC 9112 sections 3.2, 6 and 9).
enum FramingFields {
    /// "... and to any request message that contains more than one Host header field line or a Host header field with an
    /// invalid field value" (RFC 9112 section 3.2).
    static func host(_ value: UnsafeRawBufferPointer, _ slot: FieldSlot, _ head: inout RequestHead) -> Refusal? {
        if head.hostSeen { return .repeatedHost }
        guard HostSyntax.isValid(value) else { return .malformedHost }
        head.hostSeen = true
        if !head.authorityInTarget {
            head.hostStart = Int(slot.valueStart)
            head.hostEnd = Int(slot.valueStart) + Int(slot.valueLength)
        }
        return nil
    }

    /// Content-Length = 1*DIGIT (RFC 9110 section 8.6). A list, a sign, a space or a second field is refused, equal
    /// values included.
    static func contentLength(_ value: UnsafeRawBufferPointer, _ head: inout RequestHead) -> Refusal? {
        if case .length = head.framing { return .repeatedContentLength }
        // "A server MAY reject a request that contains both Content-Length and Transfer-Encoding" (RFC 9112 section 6.1).
        if head.transferEncodingSeen { return .ambiguousFraming }
        guard let length = value.decimal else { return .malformedContentLength }
        head.framing = .length(length)
        return nil
    }

    /// "A server that receives a request message with a transfer coding it does not understand" (RFC 9112 section 6.1)
    /// could as well answer 501; 400 says that the connection's framing is lost.
    static func transferEncoding(_ value: UnsafeRawBufferPointer, _ head: inout RequestHead) -> Refusal? {
        if case .length = head.framing { return .ambiguousFraming }
        // "A sender MUST NOT apply the chunked transfer coding more than once to a message body" (section 6.1).
        if head.transferEncodingSeen { return .unknownTransferCoding }
        guard value.equals(ignoringCase: "chunked") else { return .unknownTransferCoding }
        head.transferEncodingSeen = true
        head.framing = .chunked
        return nil
    }

    /// "A server that receives an Expect field value containing a member other than 100-continue MAY respond with a 417"
    /// (RFC 9110 section 10.1.1). The head is read to its end first, so that malformed framing is told before it.
    static func expect(_ value: UnsafeRawBufferPointer, _ head: inout RequestHead) {
        if value.equals(ignoringCase: "100-continue") {
            head.expectsContinue = true
        } else {
            head.refusedLater = .expectationFailed
        }
    }

    /// "If the "close" connection option is present, the connection will not persist" (RFC 9112 section 9.3).
    static func connection(_ value: UnsafeRawBufferPointer, _ head: inout RequestHead) {
        value.forEachListMember { option in
            if option.equals(ignoringCase: "close") { head.closes = true }
        }
    }
}
