import Postgres
import Service
import Values

/// A company or condo with those of the caller's own units and condos in it: together the path on which his permissions
/// are asked for. So a resident sees his condo and his company, which stand above the unit his grant is on.
struct Seen<Item: Row>: Row {
    let path: ScopePath
    let item: Item

    init(_ row: inout RowReader) throws {
        let units: [ID<Unit>] = try row.next()
        let condos: [ID<Condo>] = try row.next()
        let company: ID<Company> = try row.next()
        item = try Item(&row)
        path = units.map(Scope.unit) + condos.map(Scope.condo) + [.company(company)]
    }
}

/// A row of a list with the number of rows in the whole list.
struct Counted<Item: Row>: Row {
    let total: Int
    let item: Item

    init(_ row: inout RowReader) throws {
        total = try row.next()
        item = try Item(&row)
    }
}

extension Page {
    /// One statement gives rows and total; only a page beyond the end has to ask again how long the list is.
    init<Element>(
        _ statement: Statement<Counted<Element>>, beyondTheEnd count: Statement<Int>, of page: PageRequest,
        from database: some StatementRunner, _ transform: (Element) -> Item
    ) async throws {
        let rows = try await database.all(statement)
        let isBeyond = rows.isEmpty && page.page > 1
        let total = isBeyond ? try await database.one(count) : rows.first?.total ?? 0
        self.init(rows.map { transform($0.item) }, total: total)
    }
}
