import HTTP
import JSON
import Payments
import Service
import Values

/// How balances are read and filled (spec 3.3).
enum BalanceOperations {
    private static let base = "/api/balance"
    private static let tag = "Urgent: balance"
    private static let refusals: [any ProblemKind] = [
        UrgentProblem.userBlocked, UrgentProblem.idempotencyConflict, UrgentProblem.paymentNotConfigured,
        UrgentProblem.paymentProviderError, UrgentProblem.validationError,
    ]

    static func all(_ recharges: Recharges) -> [Operation] { reading(recharges) + paying(recharges) }

    private static func reading(_ recharges: Recharges) -> [Operation] {
        [
            .bare(.get, base, "getUrgentBalance", "What one has", tag: tag, who: .signedIn, answer: BalanceView.self) { call in
                BalanceView(balance: try await recharges.balance(of: call.urgentUser()))
            },
            .bare(
                .get, base + "/packages", "listUrgentPackages", "Amounts that are often paid in", tag: tag, who: .anyone,
                answer: [PackageView].self
            ) { _ in recharges.packages },
            .bare(
                base + "/transactions", "listUrgentTransactions", "What has moved one's balance, newest first", tag: tag,
                who: .signedIn, query: MovementQuery.self, answer: MovementsView.self
            ) { call, query in try await recharges.movements(of: call.urgentUser(), query) },
            .bare(
                .get, base + "/payment/{payment_id}/status", "getUrgentPaymentStatus", "Whether a payment of one's own has come",
                tag: tag, who: .signedIn, problems: [UrgentProblem.paymentNotFound, UrgentProblem.validationError],
                answer: PaymentStatusView.self
            ) { call in
                let user = try call.urgentUser()
                guard let id = Int(try call.text("payment_id")) else {
                    throw InvalidInput(field: "payment_id", code: "type", message: "must be a whole number")
                }
                return PaymentStatusView(standing: try await recharges.standing(id, of: user))
            },
        ]
    }

    private static func paying(_ recharges: Recharges) -> [Operation] {
        [
            .bare(
                .post, base + "/recharge", "rechargeUrgentBalance", "Begin to pay into one's balance", tag: tag, who: .signedIn,
                problems: refusals, body: RechargeBody.self, answer: RechargeView.self, status: 202
            ) { call, body in
                let user = try call.urgentUser()
                let key = try call.contractKey()
                if recharges.terms.isFree {
                    call.answerStatus = 200
                    return try await recharges.give(body.amount, key: key, to: user, account: call.urgentAccount())
                }
                let pending = try await recharges.begin(body, key: key, of: user, as: call.caller)
                return RechargeView(pending: pending, balance: try await recharges.balance(of: user), transaction: nil)
            }.alsoAnswers(200).limited(UrgentLimits.recharges).described(
                "With DEV_RECHARGE the money is there at once (200); else it comes when the provider says so."),
            .bare(
                .post, base + "/create-invoice", "createUrgentInvoice", "An invoice to pay into one's balance", tag: tag,
                who: .signedIn, problems: refusals, body: RechargeBody.self, answer: InvoiceView.self
            ) { call, body in
                let user = try call.urgentUser()
                return try await recharges.begin(body, key: call.contractKey(), of: user, as: call.caller)
            }.limited(UrgentLimits.recharges).described("By the same Idempotency-Key one gets the first invoice again."),
        ]
    }
}

extension Call {
    /// `Idempotency-Key` as the board's contract has it: 1 to 64 letters, digits, `_` and `-`; nil where none was sent. The
    /// board keeps the invoice and not the answer.
    func contractKey() throws -> String? {
        guard let key = field("idempotency-key") else { return nil }
        let isFine = (1...64).contains(key.utf8.count) && key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isFine else { throw HouseProblem.idempotencyKeyInvalid.problem }
        return key
    }
}
