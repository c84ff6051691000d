import JSON
import Values

/// A table that staff can have made of what a module keeps: once, or again and again.
package struct ReportKind: Sendable {
    package typealias Make = nonisolated(nonsending) @Sendable (ReportDays, Caller) async throws -> ReportTable

    /// snake_case, unique over all modules.
    package let name: String
    package let title: String
    package let product: String
    /// What it takes on the platform to see what is in it, beside the right to reports.
    package let permission: Permission
    package let make: Make

    package init(
        _ name: String, title: String, product: String, permission: Permission, make: @escaping Make
    ) {
        self.name = name
        self.title = title
        self.product = product
        self.permission = permission
        self.make = make
    }
}

/// The days that a report is about, both inclusive, in UTC.
package struct ReportDays: Sendable, Equatable {
    package let from: Day
    package let to: Day

    package init(from: Day, to: Day) {
        self.from = from
        self.to = to
    }
}

/// The rows of a report, read a page at a time: an export whose rows' type nobody needs to know.
package struct ReportTable: Sendable {
    package typealias Read = nonisolated(nonsending) @Sendable (_ take: ([String?]) throws -> Void) async throws -> Void

    package let columns: [(name: String, isNumber: Bool)]
    /// As many as were counted before; counted up to `ExportLimit.counted`.
    package let count: Int
    /// Hands every row over, in order.
    package let read: Read

    /// Of rows that are few.
    package init(columns: [(name: String, isNumber: Bool)], rows: [[String?]]) {
        self.columns = columns
        count = rows.count
        read = { take in
            for row in rows { try take(row) }
        }
    }

    package init<Row: Sendable>(_ export: Export<Row>, columns: [ExportColumn<Row>]) {
        self.columns = columns.map { ($0.name, $0.isNumber) }
        count = export.count
        read = { take in
            try await export.each { row in try take(columns.map { $0.text(row) }) }
        }
    }
}
