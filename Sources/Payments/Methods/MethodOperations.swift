import JSON
import Service

/// How payers manage what they have saved.
enum MethodOperations {
    private static let base = PaymentOperations.base + "/methods"

    static func all(_ payments: Payments) -> [Operation] {
        [
            .list(
                base, "listPaymentMethods", "What one has saved to pay by", tag: "Payments", who: .signedIn,
                filter: Empty.self, item: SavedMethod.self, sort: ["createdAt"]
            ) { call, _, page in
                let user = try call.caller.user()
                return Page(
                    try await payments.database.all(MethodQueries.page(of: user, page)),
                    total: try await payments.database.one(MethodQueries.count(of: user)))
            },
            .post(
                base, "savePaymentMethod", "Save something to pay by again", tag: "Payments", who: .signedIn,
                problems: [
                    PaymentProblem.methodsNotKept, PaymentProblem.providerRefused, PaymentProblem.providerUnavailable,
                ], body: NewMethodBody.self, answer: SavedMethod.self
            ) { call, body in
                let user = try call.caller.user()
                return try await PaymentOperations.asking { try await payments.save(body, by: user, as: call.effect) }
            }.askingOutside(),
            .action(
                base + "/{id}/default", "chooseDefaultPaymentMethod", "Choose what one pays by as a rule", tag: "Payments",
                who: .signedIn, method: .put, answer: SavedMethod.self
            ) { call in
                try await payments.makeDefault(try call.id(), of: try call.caller.user())
            },
            .delete(
                base + "/{id}", "deletePaymentMethod", "Let go what one has saved", tag: "Payments", who: .signedIn
            ) { call in
                try await payments.deleteMethod(try call.id(), of: try call.caller.user())
            },
        ]
    }
}
