import Values

/// `timestamptz`. Sent with microseconds and `Z`; read in the session's form, `2025-03-01 09:30:00.25+00` (DateStyle
/// ISO, TimeZone UTC). `infinity` is the end of our own time line.
extension Instant: PostgresCodable, Row {
    package static var bindType: UInt32 { PostgresType.timestamptz.oid }
    package static var columnTypes: [PostgresType] { [.timestamptz] }
    package static var specimen: Instant { Instant(microseconds: 0) }
    package static var isPlain: Bool { true }

    private static let microsecondsPerDay: Int64 = 86_400_000_000

    package func bind(to draft: StatementDraft) {
        day.bind(to: draft)
        let time = microseconds - Int64(day.number) * Instant.microsecondsPerDay
        draft.append(most: 20) { target in
            let parts: [(Int64, Int, UInt8)] = [
                (time / 3_600_000_000, 2, UInt8(ascii: "T")), (time / 60_000_000 % 60, 2, UInt8(ascii: ":")),
                (time / 1_000_000 % 60, 2, UInt8(ascii: ":")), (time % 1_000_000, 6, UInt8(ascii: ".")),
            ]
            var written = 0
            for (value, digits, lead) in parts {
                target[written] = lead
                var rest = value
                for place in stride(from: digits, to: 0, by: -1) {
                    target[written + place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                written += digits + 1
            }
            target[written] = UInt8(ascii: "Z")
            return written + 1
        }
    }

    package init?(cell: Cell) {
        let (text, count) = (cell.start, cell.count)
        if count == 8, cell.text == "infinity" { self = .distantFuture; return }
        if count == 9, cell.text == "-infinity" { self = .distantPast; return }
        guard count >= 22, text[10] == UInt8(ascii: " "),
            let day = Day(cell: Cell(start: text, count: 10)),
            let hour = cell.digits(11, 2), text[13] == UInt8(ascii: ":"),
            let minute = cell.digits(14, 2), text[16] == UInt8(ascii: ":"),
            let second = cell.digits(17, 2)
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if text[index] == UInt8(ascii: ".") {
            index += 1
            var place: Int64 = 100_000
            while index < count, let digit = cell.digits(index, 1) {
                fraction += digit * place
                place /= 10
                index += 1
            }
        }
        guard index + 3 == count, text[index] == UInt8(ascii: "+"), cell.digits(index + 1, 2) == 0 else { return nil }
        let seconds = Int64(day.number) * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }
}

extension Instant: PostgresElement {
    package static var arrayBindType: UInt32 { PostgresType.timestamptzArray.oid }
    package static var arrayTypes: [PostgresType] { [.timestamptzArray] }
}

extension Cell {
    /// Exactly `count` digits at `offset`.
    fileprivate func digits(_ offset: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in offset..<(offset + count) {
            let digit = start[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }
}
