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
        return body(element.bytes.elementsEqual("NULL".utf8) ? nil : element)
    }

    private static func readQuoted(
        _ start: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int, _ body: (Cell?) -> Bool
    ) -> Bool {
        var unescaped: [UInt8] = []
        index += 1
        while index < end, start[index] != UInt8(ascii: "\"") {
            if start[index] == UInt8(ascii: "\\") { index += 1 }
            unescaped.append(start[index])
            index += 1
        }
        guard index < end else { return false }
        index += 1
        // One byte more than there is, so that an empty element too has an address.
        let count = unescaped.count
        unescaped.append(0)
        return unescaped.withUnsafeBufferPointer { body(Cell(start: $0.baseAddress!, count: count)) }
    }
}
