import HTTP
import JSON
import Service

/// How administrators reach payments.
enum StaffPaymentOperations {
    private static let base = "/api/admin/payments"

    static func all(_ door: PaymentReturns) -> [Operation] {
        let operations: [Operation] = [
            .bare(
                base, "listUrgentPayments", "What is paid into balances", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StaffPaymentQuery.self, answer: StaffList<StaffPayment>.self
            ) { call, query in
                _ = try await door.staff.member(call, admin: true)
                return try await door.staff.list(
                    query.slice, { [reach = door.staff.reach] in PaymentReturnQueries.page(query, $0, reach: reach) },
                    { PaymentReturnQueries.count(query, reach: $0) })
            }.described("For administrators."),
            .bare(
                .post, base + "/{id}/refund", "refundUrgentPayment", "Give a payment back to whoever made it", tag: StaffTag.name,
                who: .signedIn,
                problems: StaffTag.problems
                    + [UrgentProblem.paymentNotFound, UrgentProblem.paymentNotPaid, StaffProblem.insufficientBalance],
                body: ReasonBody.self, answer: AdjustmentView.self
            ) { call, body in
                let member = try await door.staff.member(call, admin: true)
                guard let id = Int(text: try call.text("id")[...]) else { throw UrgentProblem.paymentNotFound }
                return AdjustmentView(balance: try await door.giveBack(id, because: body.reason, by: member))
            }.described(
                """
                For administrators. The amount leaves the balance at once; the provider is asked by a job, and where he refuses for \
                good it comes back.
                """),
        ]
        return operations.map { $0.limited(UrgentLimits.administration) }
    }
}
