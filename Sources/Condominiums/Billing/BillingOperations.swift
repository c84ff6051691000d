import Service
import Values

/// How runs are looked at. They are begun at the Invoices module's door.
enum BillingOperations {
    static func all(_ billing: Billing) -> [Operation] {
        [
            .list(
                "/api/v1/condos/{id}/billing-runs", "listBillingRuns", "Generations of invoices, newest month first",
                tag: "Condos", who: .permission(.billingRead), filter: BillingRunFilter.self, sort: ["-period"]
            ) { call, filter, page in
                try await billing.page(of: call.id(), filter, page, for: call.caller)
            },
            .get(
                "/api/v1/condos/{id}/billing-runs/{runId}", "getBillingRun", "A generation of invoices", tag: "Condos",
                who: .permission(.billingRead)
            ) { call in
                try await billing.one(call.id("runId"), of: call.id(), for: call.caller)
            },
        ]
    }
}
