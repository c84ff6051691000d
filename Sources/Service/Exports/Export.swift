import HTTP

/// The rows of a file for download, read a page at a time while it is sent: its length costs no memory.
package struct Export<Row: Sendable>: Sendable {
    /// The rows that follow one, in the order of the file; from the beginning without one.
    package typealias Page = nonisolated(nonsending) @Sendable (_ after: Row?, _ limit: Int) async throws -> [Row]

    /// As many rows as were counted.
    package let count: Int
    private let page: Page

    /// - Parameters:
    ///   - rows: how many there are, counted up to `ExportLimit.counted`. Throws 422 when they are too many.
    ///   - page: fewer rows than asked for are the last.
    package init(rows: Int, page: @escaping Page) throws {
        if rows > ExportLimit.rows { throw HouseProblem.rangeTooLarge.problem }
        count = rows
        self.page = page
    }

    /// Every row, a page of them at a time.
    func each(_ body: (Row) throws -> Void) async throws {
        var last: Row?
        while true {
            let rows = try await page(last, ExportLimit.page)
            for row in rows { try body(row) }
            guard rows.count == ExportLimit.page else { return }
            last = rows.last
        }
    }

    /// Sends a line of names and a line for each row. The next page is read when the client has taken enough of the
    /// last; nothing of the database is held in between.
    func send(_ columns: [ExportColumn<Row>], as format: ExportFormat, to exchange: Exchange) async throws {
        var sheet = try ExportSheet(format)
        for column in columns { sheet.cell(column.name, isNumber: false) }
        try sheet.endRow()
        var last: Row?
        while true {
            let rows = try await page(last, ExportLimit.page)
            for row in rows {
                for column in columns { sheet.cell(column.text(row), isNumber: column.isNumber) }
                try sheet.endRow()
                if sheet.bytes.count >= ExportLimit.piece { try await flush(&sheet, to: exchange) }
            }
            let isEnd = rows.count < ExportLimit.page
            if isEnd { try sheet.finish() }
            try await flush(&sheet, to: exchange)
            if isEnd { return }
            last = rows.last
        }
    }

    private func flush(_ sheet: inout ExportSheet, to exchange: Exchange) async throws {
        if sheet.bytes.isEmpty { return }
        try await exchange.write(sheet.bytes)
        sheet.removeAll()
    }
}

/// A column of an export.
package struct ExportColumn<Row: Sendable>: Sendable {
    let name: String
    /// A spreadsheet calculates with it.
    let isNumber: Bool
    let text: @Sendable (Row) -> String?

    /// - Parameters:
    ///   - name: as the member is called elsewhere.
    ///   - isNumber: its texts are decimal numbers, to calculate with in a spreadsheet.
    ///   - text: nil leaves the cell empty.
    package init(_ name: String, isNumber: Bool = false, _ text: @escaping @Sendable (Row) -> String?) {
        self.name = name
        self.isNumber = isNumber
        self.text = text
    }
}

/// The bounds of exports (0-platform, 3.1 and 4.3).
package enum ExportLimit {
    /// Rows of one file.
    package static let rows = 50_000
    /// As far as rows are counted to know whether they are too many.
    package static let counted = rows + 1
    /// Rows read by one statement, and held for a reader who has not yet taken those before.
    package static let page = 200
    /// Bytes given to the connection at once.
    static let piece = 32 * 1024
    package static let rate = RateLimit("exports", 10, perSeconds: 3_600)
    static let seconds = 600
}

/// What an export is written as.
package enum ExportFormat: String, CaseIterable, Sendable {
    case csv, xlsx

    /// Its media type.
    package var type: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }
}
