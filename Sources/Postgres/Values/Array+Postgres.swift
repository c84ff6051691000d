/// A type of which arrays are sent and read. `[UInt8]` is a byte string, all others are PostgreSQL arrays.
package protocol PostgresElement: Sendable {
    static var arrayBindType: UInt32 { get }
    static var arrayTypes: [PostgresType] { get }
    static func bind(_ elements: [Self], to draft: StatementDraft)
    static func read(array cell: Cell) -> [Self]?
}

extension Array: PostgresBindable where Element: PostgresElement {
    package static var bindType: UInt32 { Element.arrayBindType }
    package func bind(to draft: StatementDraft) { Element.bind(self, to: draft) }
}

extension Array: PostgresDecodable where Element: PostgresElement {
    package static var columnTypes: [PostgresType] { Element.arrayTypes }
    package static var specimen: [Element] { [] }

    package init?(cell: Cell) {
        guard let elements = Element.read(array: cell) else { return nil }
        self = elements
    }
}

extension PostgresElement where Self: PostgresCodable {
    package static func bind(_ elements: [Self], to draft: StatementDraft) {
        draft.appendByte(UInt8(ascii: "{"))
        elements.withUnsafeBufferPointer { elements in
            for position in 0..<elements.count {
                if position > 0 { draft.appendByte(UInt8(ascii: ",")) }
                elements[position].bind(to: draft)
            }
        }
        draft.appendByte(UInt8(ascii: "}"))
    }

    package static func read(array cell: Cell) -> [Self]? {
        var elements: [Self] = []
        // A comma in a text makes room for one element more than there is.
        elements.reserveCapacity(cell.bytes.reduce(1) { $0 + ($1 == UInt8(ascii: ",") ? 1 : 0) })
        let isWhole = ArrayText.forEachElement(of: cell) { element in
            guard let element, let value = Self(cell: element) else { return false }
            elements.append(value)
            return true
        }
        return isWhole ? elements : nil
    }
}

extension Bool: PostgresElement {
    package static var arrayBindType: UInt32 { PostgresType.boolArray.oid }
    package static var arrayTypes: [PostgresType] { [.boolArray] }
}

extension Int: PostgresElement {
    package static var arrayBindType: UInt32 { 0 }
    package static var arrayTypes: [PostgresType] { [.int8Array, .int4Array, .int2Array] }
}

extension String: PostgresElement {
    package static var arrayBindType: UInt32 { 0 }
    package static var arrayTypes: [PostgresType] { [.textArray, .citextArray, .varcharArray] }

    /// Every element stands in quotes, so that none can be taken for NULL, a brace or a comma (manual, 8.15.6).
    package static func bind(_ elements: [String], to draft: StatementDraft) {
        draft.appendByte(UInt8(ascii: "{"))
        for (index, element) in elements.enumerated() {
            draft.append(utf8: index > 0 ? ",\"" : "\"")
            for byte in element.utf8 {
                if byte == 0 { draft.refuse(.characterNotInRepertoire, "a text holds a NUL character") }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { draft.appendByte(UInt8(ascii: "\\")) }
                draft.appendByte(byte)
            }
            draft.appendByte(UInt8(ascii: "\""))
        }
        draft.appendByte(UInt8(ascii: "}"))
    }
}

/// `bytea`: sent as it is, read in hexadecimal (the session's `bytea_output`).
extension UInt8: PostgresElement {
    package static var arrayBindType: UInt32 { PostgresType.bytea.oid }
    package static var arrayTypes: [PostgresType] { [.bytea] }

    package static func bind(_ elements: [UInt8], to draft: StatementDraft) {
        draft.setBinary()
        elements.withUnsafeBufferPointer { draft.append($0) }
    }

    package static func read(array cell: Cell) -> [UInt8]? {
        guard cell.count >= 2, cell.count.isMultiple(of: 2),
            cell.start[0] == UInt8(ascii: "\\"), cell.start[1] == UInt8(ascii: "x")
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count / 2 - 1)
        for index in stride(from: 2, to: cell.count, by: 2) {
            guard let high = nibble(cell.start[index]), let low = nibble(cell.start[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
