import Service

enum TakeOperations {
    static func all(_ takes: Takes) -> [Operation] {
        [
            .bare(
                .post, "/api/orders/{id}/take", "takeUrgentOrder", "Take an order: pay for its contact", tag: "Urgent orders",
                who: .signedIn,
                problems: [
                    UrgentProblem.orderNotFound, UrgentProblem.ownOrder, UrgentProblem.orderNotActive, UrgentProblem.maxExecutors,
                    UrgentProblem.userBlocked, UrgentProblem.insufficientBalance,
                ]
            ) { call in
                try await takes.take(call.orderID(), by: call.urgentUser())
            }.limited(UrgentLimits.takes)
        ]
    }
}
