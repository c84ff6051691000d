/// The rows of an export in one of its formats: the one writer of all files.
struct ExportSheet {
    private var csv = CSVWriter()
    /// Present for a workbook.
    private let workbook: XLSXWriter?

    init(_ format: ExportFormat) throws { workbook = try format == .xlsx ? XLSXWriter() : nil }

    var bytes: [UInt8] { workbook?.bytes ?? csv.bytes }

    mutating func cell(_ text: String?, isNumber: Bool) {
        if let workbook { workbook.cell(text, isNumber: isNumber) } else { csv.cell(text) }
    }

    mutating func endRow() throws {
        if let workbook { try workbook.endRow() } else { csv.endRow() }
    }

    /// Forgets what has been written and keeps its memory.
    mutating func removeAll() {
        if let workbook { workbook.removeAll() } else { csv.removeAll() }
    }

    /// What follows the last row.
    func finish() throws { try workbook?.finish() }
}
