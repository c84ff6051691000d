import Postgres
import Service
import Values

/// Which movements a list is about: those that touch accounts the caller may see, narrowed by what he asks for.
struct TransactionSelection {
    /// Whose accounts; nil for everybody's.
    let owners: [UUID]?
    /// Owners below where it is denied.
    let denied: [UUID]
    let filter: TransactionFilter

    /// Refuses whoever may see none, and an owner whom he may not see.
    init(_ filter: TransactionFilter, for caller: Caller, among types: Set<ScopeType>) throws {
        let reach = try caller.reach(.financialRead)
        let reached = types.flatMap { reach.ids(of: $0) }
        if let owner = filter.ownerID, !reach.isEverything, !reached.contains(owner) { throw HouseProblem.notFound.problem }
        self.filter = filter
        owners = filter.ownerID.map { [$0] } ?? (reach.isEverything ? nil : reached)
        denied = types.flatMap { reach.deniedIDs(of: $0) }
    }

    init(owners: [UUID]?, denied: [UUID], filter: TransactionFilter) {
        self.owners = owners
        self.denied = denied
        self.filter = filter
    }

    /// The where clause over `payments.transactions t`.
    func condition() throws -> SQL {
        var condition: SQL = "true"
        if let owners { condition = "\(condition) and t.id in (\(touching(owners)))" }
        if !denied.isEmpty { condition = "\(condition) and t.id not in (\(touching(denied)))" }
        if let kind = filter.kind { condition = "\(condition) and t.kind = \(kind)" }
        if let object = filter.objectID { condition = "\(condition) and t.object_id = \(object)" }
        if let from = filter.from { condition = "\(condition) and t.at >= \(Instant(from))" }
        if let to = filter.to { condition = "\(condition) and t.at < \(Instant(to.adding(days: 1)))" }
        if let unit = filter.unit {
            let least = try filter.parts(filter.least) ?? 0
            let most = try filter.parts(filter.most) ?? .max
            condition = """
                \(condition) and exists (
                    select from payments.entries e join payments.accounts a on a.id = e.account_id
                     where e.transaction_id = t.id and a.unit = \(unit) and abs(e.amount) between \(least) and \(most))
                """
        }
        return condition
    }

    private func touching(_ owners: [UUID]) -> SQL {
        """
        select e.transaction_id from payments.entries e join payments.accounts a on a.id = e.account_id
         where a.owner_id = any(\(owners))
        """
    }
}
