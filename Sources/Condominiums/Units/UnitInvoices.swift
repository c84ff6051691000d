import Invoices
import JSON
import Service
import Values

/// A unit's invoices, in the shape of the Invoices module.
struct UnitInvoices: Sendable {
    let units: Units
    let invoices: Invoices

    /// For those who live there, the office and the platform's bookkeepers; residents see no drafts. Residents of a blocked
    /// company read what they owe all the same.
    func page(
        of id: ID<Unit>, _ filter: UnitInvoiceFilter, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<Invoice> {
        let unit = try await units.plain(id)
        if !caller.can(.invoicesPay, on: unit.path) {
            try caller.require(.invoicesRead, seeing: .unitsRead, on: unit.path)
        }
        return try await invoices.page(
            of: id.uuid, status: filter.status, period: filter.period, page, for: caller)
    }

    var operations: [Operation] {
        [
            .list(
                "/api/v1/units/{id}/invoices", "listUnitInvoices", "A unit's invoices", tag: "Units",
                who: .permission(.unitsRead), filter: UnitInvoiceFilter.self, item: Invoice.self,
                sort: ["-createdAt", "dueDate", "dueOn"]
            ) { call, filter, page in
                try await self.page(of: call.id(), filter, page, for: call.caller)
            }
        ]
    }
}

/// Which of a unit's invoices.
struct UnitInvoiceFilter: Shaped {
    let status: InvoiceStatus?
    let period: Period?

    static let shape = Shape(
        "UnitInvoiceFilter", UnitInvoiceFilter.init, Field("status", { $0.status }), Field("period", { $0.period }))
}
