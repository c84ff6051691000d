import Values

extension JSONReader {
    /// The next value, a number in its exact spelling.
    package mutating func readNumber() throws -> UnsafeBufferPointer<UInt8> {
        skipSpace()
        guard position < end, base[position] == UInt8(ascii: "-") || Self.isDigit(base[position]) else {
            throw mismatch("a number")
        }
        let start = position
        try number()
        return UnsafeBufferPointer(start: base + start, count: position &- start)
    }

    /// Section 6: `number = [ minus ] int [ frac ] [ exp ]`.
    mutating func number() throws {
        let start = position
        if base[position] == UInt8(ascii: "-") { position &+= 1 }
        guard position < end else { throw JSONSyntaxError(.endOfInput, at: end) }
        if base[position] == UInt8(ascii: "0") {
            position &+= 1
        } else {
            try digits(since: start)
        }
        if position < end, base[position] == UInt8(ascii: ".") {
            position &+= 1
            try digits(since: start)
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if position < end, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") { position &+= 1 }
            try digits(since: start)
        }
        // "01", "1a", "-0x": a number ends where a value may end.
        if position < end, Self.continuesNumber(base[position]) { throw JSONSyntaxError(.badNumber, at: start) }
    }

    private mutating func digits(since start: Int) throws {
        let first = position
        while position < end, Self.isDigit(base[position]) { position &+= 1 }
        guard position > first else {
            throw position < end ? JSONSyntaxError(.badNumber, at: start) : JSONSyntaxError(.endOfInput, at: end)
        }
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    private static func continuesNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// The next value, a whole number. `1.0` and `1e3` are whole numbers too.
    package mutating func readInteger() throws -> Int64 {
        let text = try readNumber()
        if let value = Self.integer(text) { return value }
        guard let number = DecimalNumber(ascii: text) else { throw Refusal.outOfRange }
        guard let whole = number.whole else { throw Refusal.type("a whole number") }
        return whole
    }

    /// `[-]digits` alone; nil for any other spelling and for what does not fit.
    @inline(__always)
    private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count <= 18 else { return nil }
        let negative = text[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (negative ? 1 : 0)..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return negative ? 0 &- value : value
    }

    /// The next value, a number that the type can hold exactly.
    package mutating func readNumber<T: ASCIIText>(_ type: T.Type, _ expected: StaticString) throws -> T {
        let text = try readNumber()
        if let value = T(ascii: text) { return value }
        throw DecimalNumber(ascii: text) == nil
            ? Refusal.outOfRange : Refusal(code: "range", message: "must be \(expected)")
    }
}

extension Refusal {
    static let outOfRange = Refusal(code: "range", message: "is too large or has too many digits")
}
