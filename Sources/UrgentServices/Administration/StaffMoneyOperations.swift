import HTTP
import JSON
import Service

/// How administrators reach money.
enum StaffMoneyOperations {
    static func all(_ door: StaffMoney) -> [Operation] {
        let operations: [Operation] = [
            .bare(
                .post, "/api/admin/users/{id}/balance", "adjustUrgentBalance", "Correct somebody's balance, up or down",
                tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems + [UrgentProblem.notFound, StaffProblem.insufficientBalance, UrgentProblem.idempotencyConflict],
                body: AdjustmentBody.self, answer: AdjustmentView.self
            ) { call, body in
                let member = try await door.staff.member(call, admin: true)
                return AdjustmentView(balance: try await door.adjust(try call.number(), body, key: try call.contractKey(), by: member))
            }.described(
                """
                For administrators. A movement of the ledger, of the type `adjustment`. By the same Idempotency-Key it is made once, \
                and answered again.
                """),
            .bare(
                "/api/admin/transactions", "listUrgentMovements", "What has moved balances", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StaffMovementQuery.self, answer: StaffList<Movement>.self
            ) { call, query in
                _ = try await door.staff.member(call, admin: true)
                let (rows, total) = try await door.movements.page(query.condition, query.slice)
                return StaffList(items: rows, total: total, slice: query.slice)
            }.described(
                """
                For administrators, newest first, from the ledger. A type alone asks for what the board itself has moved; of one user \
                everything that has moved his wallet is listed.
                """),
        ]
        return operations.map { $0.limited(UrgentLimits.administration) }
    }
}
