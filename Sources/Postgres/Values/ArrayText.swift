import Glibc

/// PostgreSQL's text form of an array of one dimension: `{a,"b c",NULL}` (manual, 8.15.6).
enum ArrayText {
    /// Calls `body` with each element, nil for NULL, until it answers false. False when that happened, or when the
    /// text is no array of one dimension.
    static func forEachElement(of cell: Cell, _ body: (Cell?) -> Bool) -> Bool {
        let (start, end) = (cell.start, cell.count - 1)
        guard end >= 1, start[0] == UInt8(ascii: "{"), start[end] == UInt8(ascii: "}") else { return false }
        if end == 1 { return true }
        var index = 1
        while true {
            let isRead = start[index] == UInt8(ascii: "\"")
                ? readQuoted(start, &index, end, body) : readPlain(start, &index, end, body)
            guard isRead else { return false }
            if index == end { return true }
            guard start[index] == UInt8(ascii: ",") else { return false }
            index += 1
            if index == end { return false }
        }
    }

    private static func readPlain(
        _ start: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int, _ body: (Cell?) -> Bool
    ) -> Bool {
        let first = index
        while index < end, start[index] != UInt8(ascii: ",") {
            if start[index] == UInt8(ascii: "{") { return false }
            index += 1
        }
        let element = Cell(start: start + first, count: index - first)
        return body(element.count == 4 && memcmp(element.start, "NULL", 4) == 0 ? nil : element)
    }

    private static func readQuoted(
        _ start: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int, _ body: (Cell?) -> Bool
    ) -> Bool {
        index += 1
        let first = index
        while index < end, start[index] != UInt8(ascii: "\"") {
            if start[index] == UInt8(ascii: "\\") { return readEscaped(start, &index, from: first, end, body) }
            index += 1
        }
        guard index < end else { return false }
        index += 1
        // Nothing was escaped, as nearly always: the element is read where it stands.
        return body(Cell(start: start + first, count: index - 1 - first))
    }

    /// An element of which `index` is the first backslash.
    private static func readEscaped(
        _ start: UnsafePointer<UInt8>, _ index: inout Int, from first: Int, _ end: Int, _ body: (Cell?) -> Bool
    ) -> Bool {
        var unescaped = Array(UnsafeBufferPointer(start: start + first, count: index - first))
        while index < end, start[index] != UInt8(ascii: "\"") {
            if start[index] == UInt8(ascii: "\\") { index += 1 }
            unescaped.append(start[index])
            index += 1
        }
        guard index < end else { return false }
        index += 1
        return unescaped.withUnsafeBufferPointer { body(Cell(start: $0.baseAddress!, count: $0.count)) }
    }
}
