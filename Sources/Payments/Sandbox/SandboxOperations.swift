import HTTP
import Service
import Values

/// The sandbox's checkout page. Where there is no sandbox, as in production, these paths do not exist.
enum SandboxOperations {
    private static let path = PaymentOperations.base + "/sandbox/{attemptId}"

    static func all(_ payments: Payments, _ sandbox: SandboxProvider) -> [Operation] {
        [
            .raw(
                .get, path, "showSandboxCheckout", "The sandbox's checkout page", tag: "Payments", who: .anyone,
                success: Success(200, contentType: "text/html")
            ) { call in
                let (order, payment) = try await find(call, payments, sandbox)
                return page(SandboxPage(order: order, payment: payment))
            }.page(),
            .raw(
                .post, path, "decideSandboxCheckout", "Choose how a sandbox payment ends", tag: "Payments", who: .anyone,
                problems: [PaymentProblem.decidedTwice], success: Success(200, contentType: "text/html")
            ) { call in
                let (order, payment) = try await find(call, payments, sandbox)
                let outcome = try outcome(of: call)
                try await payments.database.transaction { _ in
                    guard let event = try await sandbox.decide(order, outcome) else { return }
                    try await payments.followUp.jobs.enqueue(PaymentJobs.tellSandbox, event)
                }
                let after = try await sandbox.order(of: order.attemptID) ?? order
                let notice = outcome == .stall ? "Nothing happens. The payment stays open until its time is over." : nil
                return page(SandboxPage(order: after, payment: payment, notice: notice))
            }.page().acceptingAnyContentType().bodyLimit(4096).withoutIdempotency(),
        ]
    }

    private static func find(
        _ call: Call, _ payments: Payments, _ sandbox: SandboxProvider
    ) async throws -> (SandboxOrder, Payment) {
        let id: ID<PaymentAttempt> = try call.id("attemptId")
        guard let order = try await sandbox.order(of: id),
            let known = try await payments.database.first(PaymentQueries.payment(attempt: id))
        else { throw HouseProblem.notFound.problem }
        return (order, known.payment)
    }

    /// One field of a form, `application/x-www-form-urlencoded`.
    private static func outcome(of call: Call) throws -> SandboxOutcome {
        let fields = try QueryString.parse(call.body)
        guard fields.count == 1, fields[0].name == "outcome", let outcome = SandboxOutcome(rawValue: fields[0].value) else {
            throw InvalidInput(
                field: "outcome", code: "choice",
                message: "One of \(SandboxOutcome.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return outcome
    }

    private static func page(_ page: SandboxPage) -> Answer {
        var answer = Answer.text(page.html, type: "text/html; charset=utf-8")
        answer.fields.append(("Content-Security-Policy", SandboxPage.policy))
        return answer
    }
}
