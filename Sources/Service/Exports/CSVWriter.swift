/// Writes comma-separated values (RFC 4180).
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe instead (1-condominiums, 4.12).
struct CSVWriter {
    private(set) var bytes: [UInt8] = []
    private var isRowBegun = false

    /// Nil leaves the cell empty.
    mutating func cell(_ text: String?) {
        if isRowBegun { bytes.append(UInt8(ascii: ",")) }
        isRowBegun = true
        guard var text else { return }
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    mutating func endRow() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        isRowBegun = false
    }

    /// Forgets what has been written and keeps its memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let first = text.first else { return }
        let isQuoted = text.contains(where: Self.needsQuotes)
        if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        if Self.beginsFormula(first) { bytes.append(UInt8(ascii: "'")) }
        if isQuoted {
            for byte in text {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(contentsOf: text)
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }

    private static func beginsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
            UInt8(ascii: "\r"):
            true
        default: false
        }
    }
}
