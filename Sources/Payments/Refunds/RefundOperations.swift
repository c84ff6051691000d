import Identity
import JSON
import Service
import Values

/// How money is asked back.
enum RefundOperations {
    static func all(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .post(
                PaymentOperations.base + "/{id}/refund", "refundPayment",
                "Ask for money back: approved at once when staff ask, else requested", tag: "Payments", who: .signedIn,
                problems: [PaymentProblem.refundExceeds, PaymentProblem.paymentNotCompleted, HouseProblem.forbidden], body: RefundWish.self,
                answer: Refund.self
            ) { call, wish in
                let payment = try await payments.payment(try call.id()).payment
                let user = try call.caller.user()
                if call.caller.can(.paymentsManage, on: payment.path) {
                    try call.caller.require(.paymentsManage, on: payment.path)
                    return try await payments.database.transaction { _ in
                        let refund = try await payments.refund(payment.id, wish, by: user, as: .staff)
                        await module.trail?.record(
                            "refund_approved", "refund", refund.id.uuid, product: payment.product, in: payment.scope,
                            details: [
                                ("payment", .text(payment.id.description)), ("amount", .text(refund.amount.description)),
                            ], by: call)
                        return refund
                    }
                }
                guard payment.isOwn(of: call.caller) else {
                    throw call.caller.can(.paymentsRead, on: payment.path)
                        ? HouseProblem.forbidden.problem : HouseProblem.notFound.problem
                }
                return try await payments.refund(payment.id, wish, by: user, as: .payer)
            }.movingMoney()
        ]
    }
}
