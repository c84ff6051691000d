/// One range of the bytes unit (RFC 9110 section 14.1.2).
package enum ByteRange: Equatable, Sendable {
    /// No range, or one that a server may ignore: another unit, a malformed one, or several.
    case whole
    case part(Range<Int>)
    /// 416: "none of the ranges-specifier's range set were satisfiable".
    case unsatisfiable

    /// Reads the value of a Range field for a representation of `size` bytes.
    package init(_ value: UnsafeRawBufferPointer, size: Int) {
        self = Self.read(value, size)
    }

    private static func read(_ value: UnsafeRawBufferPointer, _ size: Int) -> ByteRange {
        guard value.count > 6, UnsafeRawBufferPointer(rebasing: value[..<6]).equals(ignoringCase: "bytes=") else {
            return .whole
        }
        let text = UnsafeRawBufferPointer(rebasing: value[6...]).trimmed
        guard let dash = text.firstIndex(of: 0x2d) else { return .whole }
        let first = UnsafeRawBufferPointer(rebasing: text[..<dash])
        let last = UnsafeRawBufferPointer(rebasing: text[(dash + 1)...])
        // suffix-range = "-" suffix-length
        if first.isEmpty {
            guard let length = last.decimal else { return .whole }
            return length == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - length)..<size)
        }
        // int-range = first-pos "-" [ last-pos ]
        guard let start = first.decimal else { return .whole }
        var end = size
        if !last.isEmpty {
            // "An int-range is invalid if the last-pos value is present and less than first-pos."
            guard let position = last.decimal, position >= start else { return .whole }
            end = min(size, position == Int.max ? size : position + 1)
        }
        return start < size ? .part(start..<end) : .unsatisfiable
    }
}
