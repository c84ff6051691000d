import Glibc

/// What the bytes received so far amount to.
package enum HeadOutcome: Equatable, Sendable {
    case incomplete
    /// The head ends at this offset, its empty line included.
    case complete(length: Int)
    case refused(Refusal)
}

/// Reads a request head (RFC 9112 sections 2 to 6) strictly: whatever two recipients might read differently is refused.
/// Pure: bytes in, offsets out. A head that arrives in pieces is resumed at the line that was incomplete.
///
/// One thing of more than 200 lines: the grammar of a head is best read in one place, in the order of the wire.
package enum RequestHeadParser {
    @inline(__always) static var cr: UInt8 { 0x0d }
    @inline(__always) static var lf: UInt8 { 0x0a }
    @inline(__always) static var colon: UInt8 { 0x3a }

    package static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: HeadLimits, into head: inout RequestHead
    ) -> HeadOutcome {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return .incomplete }
        if head.fieldsStart == 0 {
            if let early = requestLine(base, bytes.count, limits, &head) { return early }
        }
        return fieldLines(base, bytes.count, limits, &head)
    }

    // MARK: lines

    /// The offset of the CR that ends the line at `start`. -1: not all there yet. -2: LF without CR.
    ///
    /// "Although the line terminator for the start-line and fields is the sequence CRLF, a recipient MAY recognize a
    /// single LF as a line terminator" (RFC 9112 section 2.2): this one does not, since intermediaries differ in it.
    @inline(__always)
    private static func lineEnd(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int {
        guard start < count, let found = memchr(base + start, Int32(lf), count - start) else { return -1 }
        let end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        return end > start && base[end - 1] == cr ? end - 1 : -2
    }

    /// Nil when the line was read and parsing goes on.
    private static func requestLine(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ limits: HeadLimits, _ head: inout RequestHead
    ) -> HeadOutcome? {
        // "a server that is expecting to receive and parse a request-line SHOULD ignore at least one empty line (CRLF)
        // received prior to the request-line" (RFC 9112 section 2.2).
        if head.position == 0, count >= 2, base[0] == cr, base[1] == lf { head.position = 2 }
        let start = head.position
        guard start < count else { return .incomplete }
        // Neither a TLS handshake nor other noise needs to be waited for.
        if base[start] == cr { return start == 0 && count == 1 ? .incomplete : .refused(.bareCarriageReturn) }
        guard Grammar.isToken(base[start]) else {
            return .refused(base[start] == lf ? .bareLineFeed : .malformedRequestLine)
        }
        let end = lineEnd(base, start, count)
        if end == -1 { return count - start > limits.line ? .refused(.requestLineTooLong) : .incomplete }
        if end == -2 { return .refused(.bareLineFeed) }
        if end - start > limits.line { return .refused(.requestLineTooLong) }
        if let refusal = readRequestLine(base, start, end, &head) { return .refused(refusal) }
        head.position = end + 2
        head.fieldsStart = end + 2
        return nil
    }

    private static func fieldLines(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ limits: HeadLimits, _ head: inout RequestHead
    ) -> HeadOutcome {
        while true {
            let start = head.position
            let end = lineEnd(base, start, count)
            if end == -1 {
                return count - head.fieldsStart > limits.fields ? .refused(.fieldsTooLarge) : .incomplete
            }
            if end == -2 { return .refused(.bareLineFeed) }
            if end + 2 - head.fieldsStart > limits.fields { return .refused(.fieldsTooLarge) }
            if end == start {
                if let refusal = conclude(base, &head) { return .refused(refusal) }
                return .complete(length: end + 2)
            }
            if head.count >= min(limits.count, head.capacity) { return .refused(.fieldsTooLarge) }
            if let refusal = readField(base, start, end, &head) { return .refused(refusal) }
            head.position = end + 2
        }
    }

    // MARK: request line

    /// request-line = method SP request-target SP HTTP-version (RFC 9112 section 3)
    private static func readRequestLine(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ head: inout RequestHead
    ) -> Refusal? {
        var index = start
        while index < end, Grammar.isToken(base[index]) { index += 1 }
        guard index > start, index < end, base[index] == 0x20 else { return .malformedRequestLine }
        let method = Method(UnsafeRawBufferPointer(start: base + start, count: index - start))

        head.targetStart = index + 1
        guard let targetEnd = memchr(base + head.targetStart, 0x20, end - head.targetStart) else {
            return .malformedRequestLine
        }
        head.targetEnd = UnsafeRawPointer(targetEnd) - UnsafeRawPointer(base)
        guard head.targetEnd > head.targetStart else { return .malformedRequestLine }

        if let refusal = readVersion(base, head.targetEnd + 1, end, &head) { return refusal }
        // "An origin server that receives a request method that is unrecognized or not implemented SHOULD respond with
        // the 501" (RFC 9110 section 9.1). CONNECT names no resource of ours that could allow something else.
        guard let method else { return .unknownMethod }
        if method == .connect { return .methodRefused }
        head.method = method
        return readTarget(base, &head)
    }

    /// HTTP-version = HTTP-name "/" DIGIT "." DIGIT; HTTP-name = %s"HTTP" (RFC 9112 section 2.3)
    @inline(__always)
    private static func readVersion(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ head: inout RequestHead
    ) -> Refusal? {
        let version = UnsafeRawBufferPointer(start: base + start, count: end - start)
        if version.equals("HTTP/1.1") { return nil }
        guard version.count == 8, UnsafeRawBufferPointer(rebasing: version[0..<5]).equals("HTTP/"),
            Grammar.isDigit(version[5]), version[6] == 0x2e, Grammar.isDigit(version[7])
        else { return .malformedVersion }
        guard version[5] == 0x31 else { return .versionNotSupported }
        // A higher minor version is read as the highest one known (RFC 9110 section 2.5).
        head.isHTTP10 = version[7] == 0x30
        return nil
    }

    /// request-target = origin-form / absolute-form / authority-form / asterisk-form (RFC 9112 section 3.2)
    private static func readTarget(_ base: UnsafePointer<UInt8>, _ head: inout RequestHead) -> Refusal? {
        head.pathStart = head.targetStart
        head.pathEnd = head.targetEnd
        head.queryStart = head.targetEnd + 1
        var start = head.targetStart
        if base[head.targetStart] != 0x2f {
            let target = UnsafeRawBufferPointer(start: base + head.targetStart, count: head.targetEnd - head.targetStart)
            // "the server-wide OPTIONS request" is the one use of the asterisk-form (section 3.2.4).
            if target.equals("*"), head.method == .options { return nil }
            if let refusal = readAbsoluteForm(target, &head) { return refusal }
            start = head.hostEnd
        }
        return readPath(base, from: start, &head)
    }

    /// "a server MUST accept the absolute-form in requests" (section 3.2.2); its authority replaces the Host field.
    private static func readAbsoluteForm(_ target: UnsafeRawBufferPointer, _ head: inout RequestHead) -> Refusal? {
        guard target.count > 7 else { return .malformedTarget }
        let scheme: Int
        if UnsafeRawBufferPointer(rebasing: target[0..<7]).equals(ignoringCase: "http://") {
            scheme = 7
        } else if target.count > 8, UnsafeRawBufferPointer(rebasing: target[0..<8]).equals(ignoringCase: "https://") {
            scheme = 8
        } else {
            return .malformedTarget
        }
        var index = scheme
        while index < target.count, target[index] != 0x2f, target[index] != 0x3f { index += 1 }
        guard HostSyntax.isValid(UnsafeRawBufferPointer(rebasing: target[scheme..<index])) else { return .malformedTarget }
        head.authorityInTarget = true
        head.hostStart = head.targetStart + scheme
        head.hostEnd = head.targetStart + index
        head.pathStart = head.hostEnd
        return nil
    }

    /// Visible ASCII only, no fragment, and each "%" followed by two hexadecimal digits that do not spell NUL
    /// (RFC 3986 section 2.1).
    private static func readPath(
        _ base: UnsafePointer<UInt8>, from start: Int, _ head: inout RequestHead
    ) -> Refusal? {
        let end = head.targetEnd
        var index = start
        var pathEnd = end
        while index < end {
            let byte = base[index]
            guard byte > 0x20, byte < 0x7f, byte != 0x23 else { return .malformedTarget }
            if byte == 0x3f, pathEnd == end {
                pathEnd = index
            } else if byte == 0x25 {
                guard index + 2 < end, let high = Grammar.hexDigit(base[index + 1]),
                    let low = Grammar.hexDigit(base[index + 2]), high | low != 0
                else { return .malformedTarget }
                index += 2
            }
            index += 1
        }
        head.pathEnd = pathEnd
        head.queryStart = pathEnd + 1
        if pathEnd == start {
            // "an empty path component is equivalent to an absolute path of "/"" (RFC 9110 section 4.2.3): the slash that
            // stands before the host spells it.
            head.pathStart = head.hostStart - 1
            head.pathEnd = head.hostStart
        }
        return nil
    }

    // MARK: fields

    /// field-line = field-name ":" OWS field-value OWS (RFC 9112 section 5)
    @inline(__always)
    private static func readField(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ head: inout RequestHead
    ) -> Refusal? {
        var index = start
        while Grammar.isToken(base[index]) { index += 1 }
        guard base[index] == colon, index > start else {
            // "A server that receives an obs-fold in a request message that is not within a "message/http" container
            // MUST either reject the message by sending a 400 (Bad Request) ..." (section 5.2).
            if index == start, Grammar.isBlank(base[index]) { return .foldedField }
            // "No whitespace is allowed between the field name and colon" (section 5.1), nor is any other non-token.
            return base[index] == cr && index < end ? .bareCarriageReturn : .malformedFieldName
        }
        var valueStart = index + 1
        while valueStart < end, Grammar.isBlank(base[valueStart]) { valueStart += 1 }
        var valueEnd = end
        while valueEnd > valueStart, Grammar.isBlank(base[valueEnd - 1]) { valueEnd -= 1 }
        guard Grammar.isFieldText(base + valueStart, valueEnd - valueStart) else {
            // "A recipient of such a bare CR MUST consider that element to be invalid" (RFC 9112 section 2.2).
            return memchr(base + valueStart, Int32(cr), valueEnd - valueStart) == nil
                ? .malformedFieldValue : .bareCarriageReturn
        }
        head.slots[head.count] = FieldSlot(
            nameStart: UInt16(start), nameLength: UInt16(index - start),
            valueStart: UInt16(valueStart), valueLength: UInt16(valueEnd - valueStart))
        head.count += 1
        return note(base, index - start, head.slots[head.count - 1], &head)
    }

    /// Takes what framing and persistence need from the fields that decide them.
    @inline(__always)
    private static func note(
        _ base: UnsafePointer<UInt8>, _ length: Int, _ slot: FieldSlot, _ head: inout RequestHead
    ) -> Refusal? {
        switch length {
        case 4, 6, 7, 10, 14, 17: break
        default: return nil
        }
        let name = slot.name(in: base), value = slot.value(in: base)
        switch length {
        case 4 where name.equals(ignoringCase: "host"): return FramingFields.host(value, slot, &head)
        case 6 where name.equals(ignoringCase: "expect"): FramingFields.expect(value, &head)
        case 7 where name.equals(ignoringCase: "upgrade"): head.wantsUpgrade = true
        case 10 where name.equals(ignoringCase: "connection"): FramingFields.connection(value, &head)
        case 14 where name.equals(ignoringCase: "content-length"): return FramingFields.contentLength(value, &head)
        case 17 where name.equals(ignoringCase: "transfer-encoding"):
            return FramingFields.transferEncoding(value, &head)
        default: break
        }
        return nil
    }

    /// What can only be said when all fields are known.
    private static func conclude(_ base: UnsafePointer<UInt8>, _ head: inout RequestHead) -> Refusal? {
        // "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host
        // header field" (RFC 9112 section 3.2).
        if !head.hostSeen, !head.isHTTP10 { return .missingHost }
        // "A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding header field MUST treat
        // the message as if the framing is faulty" (section 6.1).
        if head.isHTTP10, head.transferEncodingSeen { return .unknownTransferCoding }
        if head.isHTTP10 {
            head.closes = true
            // "A server that receives a 100-continue expectation in an HTTP/1.0 request MUST ignore that expectation"
            // (RFC 9110 section 10.1.1).
            head.expectsContinue = false
        }
        if head.framing == .none { head.expectsContinue = false }
        return head.refusedLater
    }
}
