import Identity
import JSON
import Service
import Values

/// How payouts are reached. Payees see theirs; only staff of the platform let money go.
enum PayoutOperations {
    private static let base = "/api/v1/payouts"

    static func all(_ module: PaymentsModule) -> [Operation] {
        reading(module) + deciding(module) + ending(module) + accounts(module)
    }

    private static func reading(_ module: PaymentsModule) -> [Operation] {
        let payouts = module.payouts
        let types = Set(payouts.kinds.map(\.type))
        return [
            .list(
                base, "listPayouts", "Payouts of the payees one sees", tag: "Payouts", who: .permission(.financialRead),
                filter: PayoutFilter.self, item: Payout.self, sort: ["-createdAt"]
            ) { call, filter, page in
                let selection = try PayoutSelection(filter, for: call.caller, among: types)
                return Page(
                    try await payouts.database.all(PayoutQueries.page(selection, page)),
                    total: try await payouts.database.one(PayoutQueries.count(selection)))
            },
            .export(
                base + "/export", "exportPayouts", "Payouts as a file", tag: "Payouts", who: .permission(.financialRead),
                filter: PayoutFilter.self, file: "payouts", columns: columns
            ) { call, filter in
                let selection = try PayoutSelection(filter, for: call.caller, among: types)
                let rows = try await payouts.database.one(PayoutQueries.count(selection, upTo: ExportLimit.counted))
                return try Export(rows: rows) { last, limit in
                    if last == nil { await module.recordExport(of: "payout", rows: rows, by: call) }
                    return try await payouts.database.all(PayoutQueries.exported(selection, after: last?.id, limit: limit))
                }
            },
            .get(
                base + "/{id}", "getPayout", "One payout, with what it is made of", tag: "Payouts",
                who: .permission(.financialRead), answer: PayoutView.self
            ) { call in
                let payout = try await payouts.payout(try call.id())
                try call.caller.require(.financialRead, on: [payout.payee])
                let items = try await payouts.database.all(PayoutQueries.items(of: payout.id))
                return PayoutView(
                    payout: payout, items: items.map { PayoutItemView(item: $0, currency: payout.amount.currency) })
            },
        ]
    }

    private static func deciding(_ module: PaymentsModule) -> [Operation] {
        let payouts = module.payouts
        return [
            .post(
                base, "createPayout", "Form a payout now of all that a payee has coming to him", tag: "Payouts",
                who: .permission(.financialManage),
                problems: [PaymentProblem.payoutInProgress, PaymentProblem.nothingPayable], body: NewPayoutBody.self,
                answer: Payout.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                let payee = Scope(ScopeType(body.payeeType), body.payeeID)
                try requireStaff(call, of: payee)
                return try await module.audited("payout_formed", call) {
                    try await payouts.form(payee, body.currency, notes: body.notes)
                }
            }.movingMoney(),
            .patch(
                base + "/{id}", "adjustPayout", "Decide on another amount while it is pending", tag: "Payouts",
                who: .permission(.financialManage), problems: [PaymentProblem.invalidState, PaymentProblem.nothingPayable],
                body: AdjustedPayoutBody.self, answer: Payout.self
            ) { call, body in
                let id = try await payouts.managed(call)
                return try await module.audited("payout_adjusted", call) {
                    try await payouts.adjust(id, body, checking: call.caller)
                }
            },
            .post(
                base + "/{id}/process", "processPayout", "Let a payout go", tag: "Payouts",
                who: .permission(.financialManage),
                problems: [
                    PaymentProblem.invalidState, PaymentProblem.accountMissing, PaymentProblem.nothingPayable,
                    PaymentProblem.secondApprovalNeeded, PaymentProblem.paymentsNotConfigured,
                ],
                body: ProcessedPayoutBody.self, answer: Payout.self, status: 202
            ) { call, body in
                let id = try await payouts.managed(call)
                let user = try call.caller.user()
                return try await module.processed(id, body.method, notes: body.notes, by: user, call)
            }.movingMoney()
                .described("Above the limit of its payee's kind the first approves it, and it stays pending until another lets it go."),
            .post(
                base + "/process", "processPayouts", "Let several payouts go", tag: "Payouts",
                who: .permission(.financialManage), body: ProcessedPayoutsBody.self, answer: PayoutBatch.self, status: 202
            ) { call, body in
                guard call.caller.can(.financialManage, on: []) else { throw HouseProblem.forbidden.problem }
                return try await processAll(body, module, call)
            }.movingMoney(),
        ]
    }

    /// Each on its own: one that cannot go holds none up.
    private static func processAll(
        _ body: ProcessedPayoutsBody, _ module: PaymentsModule, _ call: Call
    ) async throws -> PayoutBatch {
        let user = try call.caller.user()
        var results: [PayoutResult] = []
        for id in body.ids {
            do {
                let payout = try await module.processed(id, body.method, notes: body.notes, by: user, call)
                let isWaiting = payout.state.status == .pending
                results.append(PayoutResult(id: id, code: isWaiting ? PaymentProblem.secondApprovalNeeded.rawValue : nil))
            } catch let problem as PaymentProblem {
                results.append(PayoutResult(id: id, code: problem.rawValue))
            } catch let problem as Problem where problem.status < 500 {
                results.append(PayoutResult(id: id, code: problem.code))
            }
        }
        return PayoutBatch(results: results)
    }

    private static func ending(_ module: PaymentsModule) -> [Operation] {
        let payouts = module.payouts
        return [
            .post(
                base + "/{id}/cancel", "cancelPayout", "Give a payout up; what it was made of is free for another",
                tag: "Payouts", who: .permission(.financialManage), problems: [PaymentProblem.invalidState],
                body: CancelledPayoutBody.self, answer: Payout.self, status: 200
            ) { call, body in
                let id = try await payouts.managed(call)
                return try await module.audited("payout_cancelled", call) {
                    try await payouts.cancel(id, reason: body.reason)
                }
            },
            .action(
                base + "/{id}/retry", "retryPayout", "Try a payout again that was refused", tag: "Payouts",
                who: .permission(.financialManage),
                problems: [
                    PaymentProblem.invalidState, PaymentProblem.accountMissing, PaymentProblem.nothingPayable,
                    PaymentProblem.payoutInProgress, PaymentProblem.paymentsNotConfigured,
                ], answer: Payout.self, status: 202
            ) { call in
                let id = try await payouts.managed(call)
                let user = try call.caller.user()
                return try await module.audited("payout_retried", call) { try await payouts.retry(id, by: user) }
            },
        ]
    }

    private static func accounts(_ module: PaymentsModule) -> [Operation] {
        let payouts = module.payouts
        return [
            .get(
                base + "/account", "getPayoutAccount", "Where a payee's money goes", tag: "Payouts",
                who: .permission(.financialRead), query: PayoutAccountQuery.self, answer: PayoutAccountRow.self
            ) { call, query in
                let payee = Scope(ScopeType(query.payeeType), query.payeeID)
                try call.caller.require(.financialRead, on: [payee])
                guard let row = try await payouts.database.first(PayoutQueries.account(of: payee)) else {
                    throw HouseProblem.notFound.problem
                }
                return row
            },
            .put(
                base + "/account", "setPayoutAccount", "Say where a payee's money goes", tag: "Payouts",
                who: .permission(.financialManage), body: PayoutAccountBody.self, answer: PayoutAccountRow.self
            ) { call, body in
                let payee = Scope(ScopeType(body.payeeType), body.payeeID)
                try call.caller.require(.financialManage, seeing: .financialRead, on: [payee])
                guard payouts.kinds.contains(where: { $0.type == payee.type }) else { throw HouseProblem.notFound.problem }
                let sealed = payouts.vault.seal(body.details, of: payee)
                return try await payouts.database.transaction { _ in
                    try await call.caller.checkMatch()
                    try await payouts.database.execute(PayoutQueries.keep(body, sealed: sealed, now: call.now))
                    await module.trail?.record(
                        "payout_account_set", "payout_account", body.payeeID, product: "platform", in: payee,
                        details: [("bank", .text(body.bank)), ("holder", .text(body.holder))], by: call)
                    return try await payouts.database.one(PayoutQueries.account(of: payee))
                }
            },
        ]
    }

    /// Letting the platform's money go is for the platform's staff: a payee's own grants are not enough.
    fileprivate static func requireStaff(_ call: Call, of payee: Scope) throws {
        try call.caller.require(.financialRead, on: [payee])
        guard call.caller.can(.financialManage, on: []) else { throw HouseProblem.forbidden.problem }
    }

    private static let columns: [ExportColumn<Payout>] = [
        ExportColumn("number") { $0.number },
        ExportColumn("createdAt") { "\($0.createdAt)" },
        ExportColumn("payeeType") { $0.payee.type.name },
        ExportColumn("payeeId") { $0.payee.id?.description },
        ExportColumn("gross", isNumber: true) { $0.gross.majorText },
        ExportColumn("commission", isNumber: true) { $0.commission.majorText },
        ExportColumn("adjustment", isNumber: true) { $0.adjustment.majorText },
        ExportColumn("amount", isNumber: true) { $0.amount.majorText },
        ExportColumn("currency") { $0.amount.currency.code },
        ExportColumn("dueOn") { "\($0.dueOn)" },
        ExportColumn("status") { $0.state.status.rawValue },
        ExportColumn("method") { $0.method?.rawValue },
        ExportColumn("providerPayoutId") { $0.providerID },
        ExportColumn("completedAt") { $0.completedAt.map { "\($0)" } },
    ]
}

extension Payouts {
    /// The payout that the path names, which the caller may decide on.
    fileprivate func managed(_ call: Call) async throws -> ID<Payout> {
        let payout = try await payout(try call.id())
        try PayoutOperations.requireStaff(call, of: payout.payee)
        return payout.id
    }
}

extension PaymentsModule {
    /// Carries a decision out and writes it down, in one transaction.
    fileprivate func audited(
        _ action: String, _ call: Call, _ decision: () async throws -> Payout
    ) async throws -> Payout {
        try await audited({ _ in action }, call, decision)
    }

    /// Lets a payout go, or is the first of two to do so.
    fileprivate func processed(
        _ id: ID<Payout>, _ method: PayoutMethod?, notes: String?, by user: UUID, _ call: Call
    ) async throws -> Payout {
        try await audited({ $0.state.status == .pending ? "payout_approved" : "payout_processed" }, call) {
            try await payouts.process(id, method, notes: notes, by: user)
        }
    }

    private func audited(
        _ action: (Payout) -> String, _ call: Call, _ decision: () async throws -> Payout
    ) async throws -> Payout {
        try await payments.database.transaction { _ in
            let payout = try await decision()
            await trail?.record(
                action(payout), "payout", payout.id.uuid, product: "platform", in: payout.payee,
                details: [("number", .text(payout.number))] + .amount(payout.amount), by: call)
            return payout
        }
    }
}
