import Postgres
import Service
import Values

extension Invoice: Row {
    /// The columns of `InvoiceQueries.columns`, in that order.
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        series = try row.next()
        number = try row.next()
        kind = try row.next()
        product = try row.next()
        parties = InvoiceParties(
            issuer: Scope(ScopeType(try row.next()), try row.next()),
            debtor: Scope(ScopeType(try row.next()), try row.next() as UUID),
            scope: Scope(ScopeType(try row.next()), try row.next() as UUID))
        let objectType: String? = try row.next()
        let objectID: UUID? = try row.next()
        object = objectType.map { Scope(ScopeType($0), objectID) }
        period = try row.next()
        issuedOn = try row.next()
        currency = try row.next()
        subtotal = try row.next()
        tax = try row.next()
        let status: InvoiceStatus = try row.next()
        state = InvoiceState(status: status, total: try row.next(), paid: try row.next(), dueOn: try row.next())
        taxes = try row.next()
        description = try row.next()
        notes = try row.next()
        cancelledAt = try row.next()
        cancelReason = try row.next()
        names = PartyNames(issuer: try row.next(), debtor: try row.next(), scope: try row.next())
    }
}
