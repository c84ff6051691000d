/// The rows of an export in one of its formats: the one writer of all files.
package struct ExportSheet {
    private var csv = CSVWriter()
    /// Present for a workbook.
    private let workbook: XLSXWriter?

    package init(_ format: ExportFormat) throws { workbook = try format == .xlsx ? XLSXWriter() : nil }

    package var bytes: [UInt8] { workbook?.bytes ?? csv.bytes }

    package mutating func cell(_ text: String?, isNumber: Bool) {
        if let workbook { workbook.cell(text, isNumber: isNumber) } else { csv.cell(text) }
    }

    package mutating func endRow() throws {
        if let workbook { try workbook.endRow() } else { csv.endRow() }
    }

    /// Forgets what has been written and keeps its memory.
    package mutating func removeAll() {
        if let workbook { workbook.removeAll() } else { csv.removeAll() }
    }

    /// What follows the last row.
    package func finish() throws { try workbook?.finish() }
}
