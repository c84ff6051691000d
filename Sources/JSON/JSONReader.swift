import Values

/// Pulls values from the bytes of one document (RFC 8259), strictly. The bytes must outlive the reader.
package struct JSONReader: ~Copyable {
    let base: UnsafePointer<UInt8>
    let end: Int
    var position: Int
    var depth: Int
    var members: Int
    package let limits: JSONLimits

    /// Mistakes found so far, with paths relative to the value that is being read.
    package internal(set) var errors: [FieldError] = []

    /// Throws when the bytes are no UTF-8: "JSON text … MUST be encoded using UTF-8" (section 8.1). With that known,
    /// strings need no further check.
    package init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard) throws {
        self.limits = limits
        base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nothing
        end = bytes.count
        position = 0
        depth = 0
        members = 0
        if let offset = UTF8Check.firstInvalid(base, end) { throw JSONSyntaxError(.invalidUTF8, at: offset) }
    }

    private nonisolated(unsafe) static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

    /// Nothing but white space may follow.
    package mutating func finish() throws {
        skipSpace()
        guard position == end else { throw JSONSyntaxError(.trailingBytes, at: position) }
    }

    /// What kind of value comes next, without reading it.
    package mutating func peek() throws -> Kind {
        skipSpace()
        guard position < end else { throw JSONSyntaxError(.endOfInput, at: position) }
        switch base[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw JSONSyntaxError(.unexpectedByte, at: position)
        }
    }

    package enum Kind: Hashable, Sendable { case object, array, string, number, bool, null }

    /// `ws = *( %x20 / %x09 / %x0A / %x0D )`
    mutating func skipSpace() {
        while position < end {
            switch base[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
            default: return
            }
        }
    }

    func unexpected() -> JSONSyntaxError {
        position < end ? JSONSyntaxError(.unexpectedByte, at: position) : JSONSyntaxError(.endOfInput, at: end)
    }

    /// Reads `word` here or throws.
    mutating func expect(_ word: StaticString) throws {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < end, base[position] == word.utf8Start[index] else { throw unexpected() }
            position &+= 1
        }
    }

    /// What it takes to read a value a second time.
    struct Mark {
        let position: Int
        let depth: Int
        let members: Int
        let errors: Int
    }

    var mark: Mark { Mark(position: position, depth: depth, members: members, errors: errors.count) }

    mutating func rewind(to mark: Mark = Mark(position: 0, depth: 0, members: 0, errors: 0)) {
        position = mark.position
        depth = mark.depth
        members = mark.members
    }
}
