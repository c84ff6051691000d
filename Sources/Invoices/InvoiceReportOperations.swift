import JSON
import Service
import Values

/// Figures and files of invoices: of those that the list shows.
enum InvoiceReportOperations {
    private static let base = "/api/v1/invoices"

    static func all(_ module: InvoicesModule) -> [Operation] {
        let invoices = module.invoices
        return [
            .get(
                base + "/stats", "getInvoiceStats", "What was invoiced and paid, what is open and for how long, and its tax",
                tag: "Invoices", who: .signedIn, query: InvoiceFilter.self, answer: [InvoiceStats].self
            ) { call, filter in
                let selection = try selection(filter, call, invoices)
                let taxes = try await invoices.database.all(InvoiceQueries.taxes(selection))
                return try await invoices.database.all(InvoiceQueries.sums(selection)).map { sums in
                    InvoiceStats(sums: sums, taxes: taxes.filter { $0.currency == sums.currency })
                }
            }.openWhenLocked().described("One entry for each currency."),
            .export(
                base + "/export", "exportInvoices", "Invoices as a file", tag: "Invoices", who: .signedIn,
                filter: InvoiceFilter.self, file: "invoices", columns: columns
            ) { call, filter in
                let selection = try selection(filter, call, invoices)
                let rows = try await invoices.database.one(
                    InvoiceQueries.counted(selection, upTo: ExportLimit.counted))
                // Staff's files are written down before their first row; what somebody owes himself is his.
                let isStaff = !(try call.caller.extent(of: .invoicesRead, locked: true)).isEmpty
                return try Export(rows: rows) { last, limit in
                    if last == nil, isStaff {
                        await module.trail?.record(
                            "invoices_exported", "invoice", nil, product: "invoices", in: .platform,
                            details: [("rows", .number(Int64(rows)))], by: call)
                    }
                    return try await invoices.database.all(InvoiceQueries.exported(selection, after: last, limit: limit))
                }
            }.openWhenLocked(),
        ]
    }

    private static func selection(_ filter: InvoiceFilter, _ call: Call, _ invoices: Invoices) throws -> InvoiceSelection {
        InvoiceSelection(sight: try InvoiceSight(of: call.caller, among: invoices.kinds), filter: filter, now: call.now)
    }

    static let columns: [ExportColumn<Invoice>] = [
        ExportColumn("number") { $0.number },
        ExportColumn("kind") { $0.kind },
        ExportColumn("status") { $0.state.status.rawValue },
        ExportColumn("debtorType") { $0.parties.debtor.type.name },
        ExportColumn("debtorId") { $0.parties.debtor.id?.description },
        ExportColumn("scopeType") { $0.parties.scope.type.name },
        ExportColumn("scopeId") { $0.parties.scope.id?.description },
        ExportColumn("period") { $0.period?.description },
        ExportColumn("issuedOn") { $0.issuedOn?.description },
        ExportColumn("dueOn") { $0.state.dueOn.description },
        ExportColumn("subtotal", isNumber: true) { $0.major($0.subtotal) },
        ExportColumn("tax", isNumber: true) { $0.major($0.tax) },
        ExportColumn("total", isNumber: true) { $0.major($0.state.total) },
        ExportColumn("paid", isNumber: true) { $0.major($0.state.paid) },
        ExportColumn("balance", isNumber: true) { $0.major($0.state.total - $0.state.paid) },
        ExportColumn("currency") { $0.currency.code },
        ExportColumn("description") { $0.description },
    ]
}

extension Invoice {
    /// In major units, with all decimals of the currency.
    fileprivate func major(_ minor: Int64) -> String {
        String(Money(minor: minor, currency: currency).description.prefix { $0 != " " })
    }
}
