import HTTP

/// The rows of a file for download, read a page at a time while it is sent: its length costs no memory.
package struct Export<Row: Sendable>: Sendable {
    /// The rows that follow one, in the order of the file; from the beginning without one.
    package typealias Page = nonisolated(nonsending) @Sendable (_ after: Row?, _ limit: Int) async throws -> [Row]

    private let page: Page

    /// - Parameters:
    ///   - rows: how many there are, counted up to `ExportLimit.counted`. Throws 422 when they are too many.
    ///   - page: fewer rows than asked for are the last.
    package init(rows: Int, page: @escaping Page) throws {
        if rows > ExportLimit.rows { throw HouseProblem.rangeTooLarge.problem }
        self.page = page
    }

    /// Sends a line of names and a line for each row. The next page is read when the client has taken enough of the
    /// last; nothing of the database is held in between.
    func send(_ columns: [ExportColumn<Row>], to exchange: Exchange) async throws {
        var writer = CSVWriter()
        for column in columns { writer.cell(column.name) }
        writer.endRow()
        var last: Row?
        while true {
            let rows = try await page(last, ExportLimit.page)
            for row in rows {
                for column in columns { writer.cell(column.text(row)) }
                writer.endRow()
                if writer.bytes.count >= ExportLimit.piece { try await flush(&writer, to: exchange) }
            }
            try await flush(&writer, to: exchange)
            if rows.count < ExportLimit.page { return }
            last = rows.last
        }
    }

    private func flush(_ writer: inout CSVWriter, to exchange: Exchange) async throws {
        try await exchange.write(writer.bytes)
        writer.removeAll()
    }
}

/// A column of an export.
package struct ExportColumn<Row: Sendable>: Sendable {
    let name: String
    let text: @Sendable (Row) -> String?

    /// - Parameters:
    ///   - name: as the member is called elsewhere.
    ///   - text: nil leaves the cell empty.
    package init(_ name: String, _ text: @escaping @Sendable (Row) -> String?) {
        self.name = name
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
    static let rate = RateLimit("exports", 10, perSeconds: 3_600)
    static let seconds = 600
}

/// What an export is written as.
enum ExportFormat: String, CaseIterable {
    case csv
}
