import CSystem

/// Reads a body of `multipart/form-data` (RFC 7578, framed by RFC 2046 section 5.1) as it arrives, in pieces of any size.
///
/// Nothing grows with the body: what is held is the piece given last and the beginning of what may become a delimiter, or
/// the fields of one part. Confined to one task.
package struct MultipartParser {
    package enum Step: Equatable {
        /// A part begins.
        case part(MultipartHead)
        /// The next bytes of its content; never empty.
        case content([UInt8])
        case endOfPart
        /// Everything given has been used.
        case needMore
        /// The closing delimiter has come; what follows it is ignored (section 5.1.1: "implementations must ignore text that
        /// appears ... after the last boundary delimiter line").
        case finished
        case refused(MultipartFault)
    }

    private enum Place {
        /// Before the first delimiter, at the beginning of content, in it, behind a delimiter, in the fields of a part, behind the last delimiter.
        case preamble, opening, content, delimiter, fields, end
        case broken(MultipartFault)
    }

    /// Bytes of a part's fields, of what stands before the first part, and of the padding behind a delimiter.
    package static let fieldsLimit = 8 << 10
    private static let preambleLimit = 4 << 10
    private static let paddingLimit = 256

    /// CRLF "--" boundary.
    private let delimiter: [UInt8]
    private let partLimit: Int
    private var parts = 0
    private var place = Place.preamble
    /// Received and not used yet, from `start` on. Begins with the line end that belongs to the first delimiter, which
    /// stands at the body's start more often than not.
    private var pending: [UInt8] = [0x0d, 0x0a]
    private var start = 0
    private var skipped = 0

    /// - Parameters:
    ///   - boundary: of the content type, without its quotes.
    ///   - parts: how many there may be.
    package init(boundary: [UInt8], parts: Int = 20) {
        delimiter = Array("\r\n--".utf8) + boundary
        partLimit = parts
    }

    /// The boundary that a Content-Type names; nil when it is another type or names none that is allowed.
    ///
    /// boundary := 0*69<bchars> bcharsnospace (RFC 2046 section 5.1.1)
    package static func boundary(of type: UnsafeRawBufferPointer) -> [UInt8]? {
        var parameters = MultipartHead.Parameters(type)
        guard parameters.value == "multipart/form-data" else { return nil }
        var boundary: [UInt8]?
        while let (name, value) = parameters.next() {
            guard name == "boundary" else { continue }
            if boundary != nil { return nil }
            boundary = Array(value.utf8)
        }
        if parameters.isMalformed { return nil }
        guard let boundary, (1...70).contains(boundary.count), boundary.allSatisfy(isBoundaryByte), boundary.last != 0x20
        else { return nil }
        return boundary
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }

    /// Gives the next piece of the body. Only after `needMore`.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        pending.removeFirst(start)
        start = 0
        pending.append(contentsOf: bytes)
    }

    package mutating func next() -> Step {
        while true {
            switch place {
            case .preamble:
                let found = find()
                skip((found ?? pending.count - tail) - start)
                if skipped > Self.preambleLimit { return breakOff(.preamble) }
                guard found != nil else { return .needMore }
                start += delimiter.count
                place = .delimiter
            case .opening: if let step = readOpening() { return step }
            case .content:
                if let found = find() {
                    if found > start { return take(upTo: found) }
                    start = found + delimiter.count
                    place = .delimiter
                    return .endOfPart
                }
                return waiting > tail ? take(upTo: pending.count - tail) : .needMore
            case .delimiter:
                if let step = readDelimiter() { return step }
            case .fields: return readFields()
            case .end:
                start = pending.count
                return .finished
            case .broken(let fault): return .refused(fault)
            }
        }
    }

    // MARK: Parts of the framing

    private var waiting: Int { pending.count - start }

    /// As many of the last bytes may be the beginning of a delimiter.
    private var tail: Int { min(waiting, delimiter.count - 1) }

    private mutating func skip(_ count: Int) {
        start += count
        skipped += count
    }

    private func find() -> Int? {
        pending.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, waiting >= delimiter.count else { return nil }
            let found = delimiter.withUnsafeBytes { memmem(base + start, waiting, $0.baseAddress!, $0.count) }
            return found.map { UnsafeRawPointer($0) - base }
        }
    }

    private mutating func take(upTo end: Int) -> Step {
        defer { start = end }
        return .content(Array(pending[start..<end]))
    }

    private mutating func breakOff(_ fault: MultipartFault) -> Step {
        place = .broken(fault)
        return .refused(fault)
    }

    /// "--" for the last, else transport-padding and the end of the line: "transport-padding := *LWSP-char".
    private mutating func readDelimiter() -> Step? {
        guard waiting >= 2 else { return .needMore }
        if pending[start] == 0x2d, pending[start + 1] == 0x2d {
            place = .end
            return nil
        }
        var index = start
        while index < pending.count, pending[index] == 0x20 || pending[index] == 0x09 { index += 1 }
        if index - start > Self.paddingLimit { return breakOff(.delimiter) }
        guard index + 1 < pending.count else { return .needMore }
        guard pending[index] == 0x0d, pending[index + 1] == 0x0a else { return breakOff(.delimiter) }
        if parts == partLimit { return breakOff(.parts) }
        parts += 1
        // The line end stays: a part without fields has it twice, like one with some.
        start = index
        place = .fields
        return nil
    }

    /// Up to the empty line. `start` is at the line end before the first field.
    private mutating func readFields() -> Step {
        let end = pending.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, waiting >= 4 else { return nil }
            return memmem(base + start, waiting, "\r\n\r\n", 4).map { UnsafeRawPointer($0) - base }
        }
        guard let end, end - start <= Self.fieldsLimit else {
            // The last three may be the beginning of the empty line.
            return waiting > Self.fieldsLimit + 3 ? breakOff(.fields) : .needMore
        }
        let head = pending.withUnsafeBytes { MultipartHead(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
        guard let head else { return breakOff(.fields) }
        start = end + 2
        place = .opening
        return .part(head)
    }

    /// At the second line end of the empty line. A part may be without content (section 5.1.1: "MIME-part-headers [CRLF
    /// *OCTET]"): then this line end is the delimiter's already.
    private mutating func readOpening() -> Step? {
        let known = min(waiting, delimiter.count)
        if !pending[start..<start + known].elementsEqual(delimiter[..<known]) {
            start += 2
            place = .content
            return nil
        }
        if known < delimiter.count { return .needMore }
        start += delimiter.count
        place = .delimiter
        return .endOfPart
    }
}

/// Why a multipart body cannot be read.
package enum MultipartFault: Error, Equatable, Sendable {
    /// Much stands before the first part, or there is none.
    case preamble
    /// A delimiter is followed by something else than its line end.
    case delimiter
    /// The fields of a part are too long, or are none, or name no form field.
    case fields
    /// There are too many parts.
    case parts

    package var detail: String {
        switch self {
        case .preamble: "The body does not begin with its boundary."
        case .delimiter: "Something follows a boundary on its line."
        case .fields: "A part has no Content-Disposition with a name, or more than 8 KiB of fields."
        case .parts: "The body has too many parts."
        }
    }
}
