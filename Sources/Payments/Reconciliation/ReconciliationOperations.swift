import JSON
import Service

/// How what the nights have found is read: by the platform's staff.
enum ReconciliationOperations {
    static func all(_ payments: Payments) -> [Operation] {
        [
            .list(
                PaymentOperations.base + "/reconciliations", "listReconciliations",
                "What the nightly comparisons with providers and of the book have found", tag: "Ledger",
                who: .permission(.financialRead), problems: [HouseProblem.forbidden], filter: ReconciliationFilter.self,
                item: Reconciliation.self, sort: ["-day"]
            ) { call, filter, page in
                guard call.caller.can(.financialRead, on: []) else { throw HouseProblem.forbidden.problem }
                return Page(
                    try await payments.database.all(ReconciliationQueries.page(filter, page)),
                    total: try await payments.database.one(ReconciliationQueries.count(filter)))
            }
        ]
    }
}
