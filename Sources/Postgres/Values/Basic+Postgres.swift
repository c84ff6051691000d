extension Bool: PostgresCodable {
    package static var bindType: UInt32 { 16 }
    package static var columnTypes: [PostgresType] { [.bool] }
    package static var specimen: Bool { false }
    package static var isPlain: Bool { true }

    package func bind(to draft: StatementDraft) { draft.appendByte(UInt8(ascii: self ? "t" : "f")) }

    package init?(cell: Cell) {
        guard cell.count == 1 else { return nil }
        switch cell.start[0] {
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        default: return nil
        }
    }
}

extension PostgresBindable where Self: FixedWidthInteger {
    package static var bindType: UInt32 { 0 }
    package static var isPlain: Bool { true }

    package func bind(to draft: StatementDraft) { draft.append(decimal: Int64(self)) }
}

extension PostgresDecodable where Self: FixedWidthInteger & SignedInteger {
    package static var specimen: Self { 0 }

    package init?(cell: Cell) {
        guard let value = cell.integer, let exact = Self(exactly: value) else { return nil }
        self = exact
    }
}

extension Int: PostgresCodable {
    package static var columnTypes: [PostgresType] { [.int8, .int4, .int2] }
}

extension Int64: PostgresCodable {
    package static var columnTypes: [PostgresType] { [.int8, .int4, .int2] }
}

extension Int32: PostgresCodable {
    package static var columnTypes: [PostgresType] { [.int4, .int2] }
}

extension Int16: PostgresCodable {
    package static var columnTypes: [PostgresType] { [.int2] }
}

extension Double: PostgresCodable {
    package static var bindType: UInt32 { PostgresType.float8.oid }
    package static var columnTypes: [PostgresType] { [.float8] }
    package static var specimen: Double { 0 }

    package func bind(to draft: StatementDraft) {
        if isNaN { return draft.append(utf8: "NaN") }
        if isInfinite { return draft.append(utf8: self < 0 ? "-Infinity" : "Infinity") }
        draft.append(utf8: description)
    }

    package init?(cell: Cell) { self.init(cell.text) }
}

extension String: PostgresCodable {
    package static var bindType: UInt32 { 0 }
    package static var columnTypes: [PostgresType] { [.text, .citext, .varchar, .bpchar, .name] }
    package static var specimen: String { "" }

    package func bind(to draft: StatementDraft) { draft.append(utf8: self) }

    package init?(cell: Cell) { self = cell.text }
}

extension StatementDraft {
    /// Appends text. PostgreSQL has no NUL in its texts and answers 22021; so do we, before anything is sent.
    package func append(utf8 text: String) {
        var text = text
        text.withUTF8 { bytes in
            if bytes.contains(0) { refuse(.characterNotInRepertoire, "a text holds a NUL character") }
            append(bytes)
        }
    }

    package func append(decimal value: Int64) {
        append(most: 20) { target in
            var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
            return withUnsafeMutableBytes(of: &digits) { digits in
                var rest = value.magnitude
                var first = digits.count
                repeat {
                    first &-= 1
                    digits[first] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
                    rest /= 10
                } while rest > 0
                var written = 0
                if value < 0 {
                    target[0] = UInt8(ascii: "-")
                    written = 1
                }
                for index in first..<digits.count {
                    target[written] = digits[index]
                    written &+= 1
                }
                return written
            }
        }
    }
}

extension Cell {
    /// The whole text as a number.
    var integer: Int64? {
        var index = 0
        let isNegative = count > 0 && start[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < count else { return nil }
        var value: Int64 = 0
        while index < count {
            let digit = start[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.subtractingReportingOverflow(Int64(digit))
            if overflow || carried { return nil }
            value = sum
            index &+= 1
        }
        // Collected below zero, where the range reaches one further.
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
