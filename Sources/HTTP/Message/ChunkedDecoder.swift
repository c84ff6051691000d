/// Takes a body out of the chunked transfer coding (RFC 9112 section 7.1). Pure: the caller keeps the bytes, this keeps
/// the place. Extensions and trailer fields are read, bounded and dropped: "A recipient MUST ignore unrecognized chunk
/// extensions" (section 7.1.1), and trailer fields may be discarded (RFC 9110 section 6.5.1).
package struct ChunkedDecoder: Sendable {
    package enum Step: Equatable, Sendable {
        /// All bytes given are used up and the body goes on.
        case needMore
        /// The next bytes of the body, as offsets into the bytes given.
        case data(start: Int, count: Int)
        /// The body, trailer section included, ended before the offset.
        case finished
        case refused(Refusal)
    }

    private enum State: UInt8 {
        case firstDigit, digits, extensions, sizeFeed, data, dataReturn, dataFeed
        case trailerStart, trailerName, trailerValue, trailerFeed, lastFeed, finished
    }

    private var state = State.firstDigit
    private var size = 0
    private var digits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private let extensionLimit: Int
    private let trailerLimit: Int

    package init(extensionLimit: Int = 4 * 1024, trailerLimit: Int = 8 * 1024) {
        self.extensionLimit = extensionLimit
        self.trailerLimit = trailerLimit
    }

    package var isFinished: Bool { state == .finished }

    /// Bytes of the chunk under way that are still to come, as its size says.
    package var announced: Int { state == .data ? size : 0 }

    /// Goes on from `offset`, which is moved past what was understood.
    package mutating func next(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Step {
        while offset < bytes.count {
            if state == .data {
                let start = offset
                let count = min(size, bytes.count - start)
                offset += count
                size -= count
                if size == 0 { state = .dataReturn }
                return .data(start: start, count: count)
            }
            if state == .finished { return .finished }
            let byte = bytes[offset]
            offset += 1
            if let refusal = take(byte) { return .refused(refusal) }
        }
        return state == .finished ? .finished : .needMore
    }

    private mutating func take(_ byte: UInt8) -> Refusal? {
        switch state {
        case .firstDigit, .digits: return takeDigit(byte)
        case .extensions: return takeExtension(byte)
        case .sizeFeed:
            guard byte == 0x0a else { return .malformedChunk }
            // last-chunk = 1*("0") [ chunk-ext ] CRLF
            state = size == 0 ? .trailerStart : .data
        case .dataReturn:
            // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
            guard byte == 0x0d else { return .malformedChunk }
            state = .dataFeed
        case .dataFeed:
            guard byte == 0x0a else { return .malformedChunk }
            state = .firstDigit
        case .lastFeed:
            guard byte == 0x0a else { return .malformedTrailer }
            state = .finished
        case .trailerStart, .trailerName, .trailerValue, .trailerFeed: return takeTrailer(byte)
        case .data, .finished: break
        }
        return nil
    }

    /// chunk-size = 1*HEXDIG: no sign, no space, no prefix. "A recipient MUST ... anticipate potentially large
    /// hexadecimal numerals and prevent parsing errors due to integer conversion overflows" (section 7.1).
    private mutating func takeDigit(_ byte: UInt8) -> Refusal? {
        if let digit = Grammar.hexDigit(byte) {
            if state == .firstDigit {
                size = 0
                digits = 0
                state = .digits
            }
            digits += 1
            guard digits <= 16, size <= Int.max >> 4 else { return .chunkTooLarge }
            size = size << 4 | Int(digit)
            return nil
        }
        guard state == .digits else { return .malformedChunk }
        switch byte {
        case 0x0d: state = .sizeFeed
        case 0x3b: state = .extensions
        default: return .malformedChunk
        }
        return nil
    }

    private mutating func takeExtension(_ byte: UInt8) -> Refusal? {
        if byte == 0x0d {
            state = .sizeFeed
            return nil
        }
        guard byte >= 0x20 || byte == 0x09, byte != 0x7f else { return .malformedChunk }
        // "A server ought to limit the total length of chunk extensions received in a request" (section 7.1.1).
        extensionBytes += 1
        return extensionBytes > extensionLimit ? .chunkExtensionsTooLong : nil
    }

    /// trailer-section = *( field-line CRLF )
    private mutating func takeTrailer(_ byte: UInt8) -> Refusal? {
        trailerBytes += 1
        guard trailerBytes <= trailerLimit else { return .trailersTooLarge }
        switch state {
        case .trailerStart where byte == 0x0d: state = .lastFeed
        case .trailerStart where Grammar.isToken(byte): state = .trailerName
        case .trailerName where byte == 0x3a: state = .trailerValue
        case .trailerName where Grammar.isToken(byte): break
        case .trailerValue where byte == 0x0d: state = .trailerFeed
        case .trailerValue where (byte >= 0x20 && byte != 0x7f) || byte == 0x09: break
        case .trailerFeed where byte == 0x0a: state = .trailerStart
        default: return .malformedTrailer
        }
        return nil
    }
}
