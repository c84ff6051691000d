import Identity
import JSON
import Service
import Values

/// How debtors are told of invoices, and when they are dunned.
enum DunningOperations {
    private static let base = "/api/v1/invoices/dunning-policies"

    static func all(_ module: InvoicesModule, _ dunning: Dunning) -> [Operation] {
        [
            .action(
                "/api/v1/invoices/{id}/send", "sendInvoice", "Tell the debtor of an issued invoice", tag: "Invoices",
                who: .permission(.invoicesUpdate), problems: [InvoiceProblem.invalidState], answer: InvoiceDetail.self
            ) { call in
                let id: ID<Invoice> = try call.id()
                return try await module.audited("invoice_sent", call, on: id) {
                    guard let invoice = try await module.invoices.invoice(id) else { throw HouseProblem.notFound.problem }
                    try invoice.require(.invoicesUpdate, by: call.caller)
                    try await dunning.send(invoice)
                    return id
                }
            },
            .get(
                base, "listDunningPolicies", "When debtors are reminded, by kind of invoice", tag: "Invoices",
                who: .permission(.invoicesManage), answer: [DunningPolicy].self
            ) { call in
                try call.caller.requirePlatform(.invoicesManage)
                return try await dunning.policies()
            },
            .put(
                base + "/{kind}", "changeDunningPolicy", "Change when debtors of a kind are reminded, or whether",
                tag: "Invoices", who: .permission(.invoicesManage), body: DunningPolicyBody.self, answer: DunningPolicy.self
            ) { call, body in
                try call.caller.requirePlatform(.invoicesManage)
                return try await module.invoices.database.transaction { _ in
                    let kind = try call.text("kind")
                    let (before, after) = try await dunning.change(kind, body)
                    await module.trail?.record(
                        "dunning_policy_changed", "dunning_policy", kind, product: "invoices", in: .platform,
                        changes: [
                            AuditChange("isEnabled", .flag(before.isEnabled), .flag(after.isEnabled)),
                            AuditChange(
                                "steps", .text(JSONText(encoding: before.steps).string),
                                .text(JSONText(encoding: after.steps).string)),
                        ], by: call)
                    return after
                }
            },
        ]
    }
}
