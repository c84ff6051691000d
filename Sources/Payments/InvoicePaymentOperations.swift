import Identity
import Invoices
import JSON
import Service
import Values

/// The payments of one invoice: `/invoices/{id}/payments` belongs to Payments, which knows both.
enum InvoicePaymentOperations {
    private static let path = "/api/v1/invoices/{id}/payments"

    static func all(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .list(
                path, "listInvoicePayments", "What was paid on an invoice", tag: "Invoices", who: .signedIn,
                filter: Empty.self, item: PaymentView.self, sort: PaymentQueries.sortable
            ) { call, _, page in
                let id: ID<Invoice> = try call.id()
                guard let invoice = try await payments.invoices.invoice(id) else { throw HouseProblem.notFound.problem }
                try invoice.requireVisible(to: call.caller)
                let rows = try await payments.database.all(PaymentQueries.page(ofInvoice: id, page))
                return Page(
                    try await payments.views(rows), total: try await payments.database.one(PaymentQueries.count(ofInvoice: id)))
            }.uncompressed(),
            .post(
                path, "recordInvoicePayment", "Record money that the office took by hand", tag: "Invoices",
                who: .permission(.paymentsManage),
                problems: [
                    PaymentProblem.amountExceedsBalance, PaymentProblem.useOnlinePayment, PaymentProblem.invalidState,
                ], body: HandPaymentBody.self, answer: PaymentView.self,
                location: { "\(PaymentOperations.base)/\($0.payment.id)" }
            ) { call, body in
                let id: ID<Invoice> = try call.id()
                guard let invoice = try await payments.invoices.invoice(id) else { throw HouseProblem.notFound.problem }
                try invoice.requireVisible(to: call.caller)
                guard payments.mayRecord(call.caller, for: invoice) else { throw PaymentProblem.useOnlinePayment }
                let user = try call.caller.user()
                return try await payments.database.transaction { _ in
                    let known = try await payments.record(body, for: id, by: user)
                    await module.trail?.record(
                        "payment_recorded", "payment", known.payment.id.uuid, product: invoice.product,
                        in: invoice.parties.scope,
                        details: [("invoice", .text(id.description))] + .amount(known.payment.state.amount), by: call)
                    return try await payments.view(known)
                }
            }.movingMoney().uncompressed(),
        ]
    }
}

extension Payments {
    /// Recording money is less than managing payments: whoever may record cannot refund.
    fileprivate func mayRecord(_ caller: Caller, for invoice: Invoice) -> Bool {
        let managers = invoice.parties.managers
        return caller.can(.paymentsManage, on: managers) || caller.can(.paymentsRecord, on: managers)
    }
}
