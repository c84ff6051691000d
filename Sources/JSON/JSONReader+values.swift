import Values

extension JSONReader {
    package mutating func readBool() throws -> Bool {
        skipSpace()
        guard position < end else { throw unexpected() }
        switch base[position] {
        case UInt8(ascii: "t"):
            try expect("true")
            return true
        case UInt8(ascii: "f"):
            try expect("false")
            return false
        default: throw mismatch("true or false")
        }
    }

    /// Reads a null if that is what comes next.
    package mutating func readNull() throws -> Bool {
        skipSpace()
        guard position < end, base[position] == UInt8(ascii: "n") else { return false }
        try expect("null")
        return true
    }

    /// The next value, a string that spells a `T`: `expected` completes "must be …".
    package mutating func readText<T: ASCIIText>(_ type: T.Type, _ expected: StaticString) throws -> T {
        skipSpace()
        guard position < end, base[position] == UInt8(ascii: "\"") else { throw mismatch("a string") }
        let slice = try rawString()
        if slice.isPlain {
            if let value = T(ascii: slice.buffer) { return value }
        } else if let value = T(try Unescaping.string(slice.start, slice.count, offset: slice.start - base)) {
            return value
        }
        throw Refusal.format(expected.description)
    }

    /// The bytes of the next value, whose syntax is checked on the way.
    package mutating func readRaw() throws -> UnsafeRawBufferPointer {
        skipSpace()
        let start = position
        try skipValue()
        return UnsafeRawBufferPointer(start: base + start, count: position &- start)
    }

    /// Passes over the next value, whose syntax is checked all the same. Duplicate names are let pass only where they are
    /// reported in another way.
    package mutating func skipValue(allowingDuplicates: Bool = false) throws {
        switch try peek() {
        case .null: try expect("null")
        case .bool: _ = try readBool()
        case .number: try number()
        case .string: try skipString()
        case .array: try array { try $0.skipValue(allowingDuplicates: allowingDuplicates) }
        case .object where allowingDuplicates:
            try beginObject()
            var first = true
            while try nextMember(first: first) {
                first = false
                try skipString()
                try colon()
                try skipValue(allowingDuplicates: true)
            }
        case .object: try object { try $1.skipValue() }
        }
    }

    private mutating func skipString() throws {
        let slice = try rawString()
        if !slice.isPlain { _ = try Unescaping.string(slice.start, slice.count, offset: slice.start - base) }
    }
}
