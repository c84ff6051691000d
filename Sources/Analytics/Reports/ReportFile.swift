import Print
import Service
import Values

/// A report as a file.
struct ReportFile {
    /// Rows of a PDF: some hundred pages.
    static let mostPrinted = 3_000
    /// More than any report of 50,000 rows comes to.
    private static let largest = 64 << 20
    /// Columns that stand beside each other on paper; rows of more are written one member below the other.
    private static let mostColumns = 6

    let title: String
    let days: ReportDays
    let table: ReportTable

    private var subtitle: String { days.from == days.to ? "\(days.from)" : "\(days.from) – \(days.to)" }

    func bytes(as format: ReportFormat, by printer: Printer, on day: Day) async throws -> [UInt8] {
        switch format {
        case .csv: try await sheet(.csv)
        case .xlsx: try await sheet(.xlsx)
        case .pdf: try await printer.pdf(of: try await paper(printer), on: day)
        }
    }

    private func sheet(_ format: ExportFormat) async throws -> [UInt8] {
        var sheet = try ExportSheet(format)
        for column in table.columns { sheet.cell(column.name, isNumber: false) }
        try sheet.endRow()
        try await table.read { row in
            for (column, text) in zip(table.columns, row) { sheet.cell(text, isNumber: column.isNumber) }
            try sheet.endRow()
            if sheet.bytes.count > Self.largest { throw ReportProblem.tooManyRows }
        }
        try sheet.finish()
        return sheet.bytes
    }

    private func paper(_ printer: Printer) async throws -> Paper {
        var paper = try await printer.paper(footer: "\(title) · \(subtitle)")
        paper.text(title, size: 14, weight: .bold)
        paper.text(subtitle, size: 10)
        paper.space(8)
        if table.columns.count > Self.mostColumns {
            try await table.read { row in
                for (column, text) in zip(table.columns, row) where text?.isEmpty == false {
                    paper.row([Paper.Cell(column.name, at: 0, width: 120), Paper.Cell(text ?? "", at: 125, width: 390)])
                }
                paper.rule()
            }
            return paper
        }
        let width = Paper.inner / Double(max(1, table.columns.count))
        func cells(_ texts: [String?], _ weight: Typeface.Weight) -> [Paper.Cell] {
            zip(table.columns, texts).enumerated().map { place, cell in
                Paper.Cell(
                    cell.1 ?? "", at: Double(place) * width, width: width - 6, cell.0.isNumber ? .end : .start, weight: weight)
            }
        }
        paper.table(cells(table.columns.map(\.name), .bold))
        try await table.read { row in paper.row(cells(row, .regular)) }
        paper.endTable()
        return paper
    }
}
