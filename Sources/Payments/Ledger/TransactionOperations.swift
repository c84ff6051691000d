import JSON
import Service
import Values

/// How the book is read movement by movement.
enum TransactionOperations {
    private static let base = PaymentOperations.base + "/transactions"

    static func all(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .feed(
                base, "listTransactions", "All movements of money and credit, newest first", tag: "Ledger",
                who: .permission(.financialRead), filter: TransactionFilter.self, item: TransactionView.self
            ) { call, filter, request in
                let selection = try TransactionSelection(filter, for: call.caller, among: payments.ownerTypes)
                var before: UUID?
                if let cursor = request.cursor {
                    guard let id = UUID(cursor) else {
                        throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
                    }
                    before = id
                }
                let rows = try await payments.database.all(
                    try TransactionQueries.feed(selection, before: before, limit: request.limit + 1))
                return Feed(fetched: try await payments.views(of: rows), limit: request.limit) { "\($0.row.id)" }
            },
            .export(
                base + "/export", "exportTransactions", "Movements of money as a file", tag: "Ledger",
                who: .permission(.financialRead), filter: TransactionFilter.self, file: "transactions", columns: columns
            ) { call, filter in
                let selection = try TransactionSelection(filter, for: call.caller, among: payments.ownerTypes)
                let rows = try await payments.database.one(
                    try TransactionQueries.count(selection, upTo: ExportLimit.counted))
                return try Export(rows: rows) { last, limit in
                    if last == nil { await module.recordExport(of: "transaction", rows: rows, by: call) }
                    let rows = try await payments.database.all(
                        try TransactionQueries.feed(selection, before: last?.row.id, limit: limit))
                    return try await payments.views(of: rows)
                }
            },
            .get(
                base + "/{id}", "getTransaction", "One movement, with all its sides", tag: "Ledger",
                who: .permission(.financialRead), answer: TransactionView.self
            ) { call in
                let reach = try call.caller.reach(.financialRead)
                guard let row = try await payments.database.first(TransactionQueries.transaction(try call.uuid())) else {
                    throw HouseProblem.notFound.problem
                }
                let view = try await payments.views(of: [row])[0]
                let owners = Set(view.postings.compactMap(\.owner.id))
                let reached = payments.ownerTypes.flatMap { reach.ids(of: $0) }
                let denied = payments.ownerTypes.flatMap { reach.deniedIDs(of: $0) }
                guard reach.isEverything || !owners.isDisjoint(with: reached), owners.isDisjoint(with: denied) else {
                    throw HouseProblem.notFound.problem
                }
                return view
            },
        ]
    }

    /// A cell holds all sides: a movement is a line.
    private static let columns: [ExportColumn<TransactionView>] = [
        ExportColumn("id") { "\($0.row.id)" },
        ExportColumn("at") { "\($0.row.at)" },
        ExportColumn("kind") { $0.row.kind },
        ExportColumn("product") { $0.row.product },
        ExportColumn("objectType") { $0.row.object?.type.name },
        ExportColumn("objectId") { $0.row.object?.id?.description },
        ExportColumn("description") { $0.row.description },
        ExportColumn("postings") { view in view.postings.map(\.line).joined(separator: "; ") },
    ]
}

extension PostingRow {
    /// `company 0190… payable EUR +95.00`
    fileprivate var line: String {
        let amount = Currency(unit).map { Money(minor: self.amount, currency: $0).majorText } ?? "\(self.amount)"
        return "\(owner.type)\(owner.id.map { " \($0)" } ?? "") \(code) \(unit) \(self.amount > 0 ? "+" : "")\(amount)"
    }
}

extension Payments {
    /// Scopes that own accounts of the ledger and on which grants are given.
    var ownerTypes: Set<ScopeType> { invoices.kinds.scopeTypes }

    /// With their sides, which come with one statement for all.
    func views(of rows: [TransactionRow]) async throws -> [TransactionView] {
        let postings = rows.isEmpty ? [] : try await database.all(TransactionQueries.postings(of: rows.map(\.id)))
        let byTransaction = Dictionary(grouping: postings, by: \.transactionID)
        return rows.map { TransactionView(row: $0, postings: byTransaction[$0.id] ?? []) }
    }
}
