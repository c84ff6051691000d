import Postgres
import Service
import Values

/// The SQL by which the book is read movement by movement. Their ids rise with time.
enum TransactionQueries {
    private static let columns: SQL = """
        t.id, t.kind, t.product, t.object_type, t.object_id, t.description, t.reverses, t.created_by, t.at
        """

    /// Newest first. Indexes `transactions_pkey`, `transactions_object`, `accounts_unique`, `entries_account`.
    static func feed(_ selection: TransactionSelection, before: UUID?, limit: Int) throws -> Statement<TransactionRow> {
        let condition = try selection.condition()
        let earlier: SQL = before.map { "and t.id < \($0)" } ?? .empty
        return Statement(
            """
            select \(columns) from payments.transactions t
             where \(condition) \(earlier) order by t.id desc limit \(limit)
            """)
    }

    static func transaction(_ id: UUID) -> Statement<TransactionRow> {
        Statement("select \(columns) from payments.transactions t where t.id = \(id)")
    }

    /// Index `entries_transaction`.
    static func postings(of transactions: [UUID]) -> Statement<PostingRow> {
        Statement(
            """
            select e.id, e.transaction_id, e.account_id, a.owner_type, a.owner_id, a.code, a.unit, e.amount, e.balance_after
              from payments.entries e join payments.accounts a on a.id = e.account_id
             where e.transaction_id = any(\(transactions)) order by e.id
            """)
    }

    /// How many, counted up to a bound.
    static func count(_ selection: TransactionSelection, upTo bound: Int) throws -> Statement<Int> {
        let condition = try selection.condition()
        return Statement(
            """
            select count(*) from (select from payments.transactions t where \(condition) limit \(bound)) x
            """, .report)
    }
}

extension TransactionQueries {
    static var samples: [StatementSample] {
        let filter = TransactionFilter(
            kind: "x", ownerID: .zero, objectID: .zero, unit: "EUR", from: .first, to: .first, least: 1, most: 2)
        let selection = TransactionSelection(owners: [.zero], denied: [.zero], filter: filter)
        var samples = [
            StatementSample("transactions.transaction", transaction(.zero)),
            StatementSample("transactions.postings", postings(of: [.zero])),
        ]
        if let feed = try? feed(selection, before: .zero, limit: 1), let count = try? count(selection, upTo: 1) {
            samples += [StatementSample("transactions.feed", feed), StatementSample("transactions.count", count)]
        }
        return samples
    }
}
