import HTTP
import JSON
import Service

/// What can be asked about orders (spec 3.1).
enum OrderOperations {
    private static let base = "/api/orders"
    private static let one = base + "/{id}"
    private static let tag = "Urgent orders"

    static func all(_ orders: Orders) -> [Operation] { reading(orders) + making(orders) + ending(orders) }

    private static func reading(_ orders: Orders) -> [Operation] {
        [
            .raw(
                .get, base, "listUrgentOrders", "Orders; contacts are never shown", tag: tag, who: .anyone,
                problems: [UrgentProblem.notAuthenticated],
                success: Success(200, schema: OrderList.schema, isBare: true), query: OrderFilter.schema
            ) { call in
                try await orders.answer(call.query(), of: call)
            },
            .bare(
                base + "/my-executor", "listTakenUrgentOrders", "Orders that one has taken", tag: tag, who: .signedIn,
                query: TakenFilter.self
            ) { call, query in
                try await orders.list(query.filter, for: call.viewer)
            },
            .bare(
                .get, one, "getUrgentOrder", "An order; with its contact for the customer and whoever took it", tag: tag,
                who: .anyone, problems: [UrgentProblem.orderNotFound]
            ) { call in
                try await orders.one(call.orderID(), for: call.viewer)
            },
        ]
    }

    private static func making(_ orders: Orders) -> [Operation] {
        [
            .bare(
                .post, base, "createUrgentOrder", "Post an order", tag: tag, who: .signedIn,
                problems: [UrgentProblem.userBlocked, UrgentProblem.contactBusy], body: CreateOrder.self, status: 201
            ) { call, body in
                let order = try await orders.create(body, by: call.urgentUser())
                call.setField("Location", "\(base)/\(order.order.id)")
                return order
            },
            .bare(
                .post, one + "/renew", "renewUrgentOrder", "Post an expired order anew that nobody has taken", tag: tag,
                who: .signedIn,
                problems: [
                    UrgentProblem.orderNotFound, UrgentProblem.userBlocked, UrgentProblem.orderTaken, UrgentProblem.notExpired,
                    UrgentProblem.alreadyRenewed, UrgentProblem.contactBusy, UrgentProblem.orderNotActive,
                ], status: 201
            ) { call in
                let order = try await orders.renew(call.orderID(), by: call.urgentUser())
                call.setField("Location", "\(base)/\(order.order.id)")
                return order
            },
            .bare(
                .put, one, "editUrgentOrder", "Change an order that nobody has taken; its town stays", tag: tag, who: .signedIn,
                problems: [
                    UrgentProblem.orderNotFound, UrgentProblem.userBlocked, UrgentProblem.orderTaken,
                    UrgentProblem.orderNotActive, UrgentProblem.contactBusy,
                ], body: UpdateOrder.self
            ) { call, body in
                try await orders.edit(call.orderID(), body, by: call.urgentUser())
            }.limited(UrgentLimits.changes),
            .bareCommand(
                .delete, one, "deleteUrgentOrder", "Take an order back that nobody has taken", tag: tag, who: .signedIn,
                problems: [
                    UrgentProblem.orderNotFound, UrgentProblem.userBlocked, UrgentProblem.orderTaken,
                    UrgentProblem.orderNotActive,
                ]
            ) { call in
                try await orders.delete(call.orderID(), by: call.urgentUser())
            }.limited(UrgentLimits.changes),
        ]
    }

    private static let endingProblems: [any ProblemKind] = [
        UrgentProblem.orderNotFound, UrgentProblem.notOrderClient, UrgentProblem.userBlocked, UrgentProblem.orderNotActive,
        UrgentProblem.noExecutor,
    ]

    private static func ending(_ orders: Orders) -> [Operation] {
        [
            .bare(
                .post, one + "/respond", "respondToUrgentOrder", "The customer answers those who took the order", tag: tag,
                who: .signedIn, problems: endingProblems + [UrgentProblem.alreadyResponded]
            ) { call in
                try await orders.respond(call.orderID(), by: call.urgentUser())
            }.limited(UrgentLimits.changes),
            .bareCommand(
                .post, one + "/close", "closeUrgentOrder", "Close a taken order; without an answer the takes are given back",
                tag: tag, who: .signedIn, problems: endingProblems
            ) { call in
                try await orders.close(call.orderID(), by: call.urgentUser())
            }.limited(UrgentLimits.changes),
            .bare(
                .post, one + "/complete", "completeUrgentOrder", "The job is done", tag: tag, who: .signedIn,
                problems: endingProblems, body: CompleteOrder.self
            ) { call, body in
                try await orders.complete(call.orderID(), executor: body.executor, by: call.urgentUser())
            }.limited(UrgentLimits.changes),
        ]
    }
}

/// The query of what one has taken.
struct TakenFilter: Shaped {
    let status: StatusWish?
    let limit: Int
    let offset: Int

    static let shape = Shape<Self>(
        "UrgentTakenFilter", Self.init,
        Field("status", { $0.status }),
        Field("limit", { $0.limit }, .range(1...100), default: { 50 }),
        Field("offset", { $0.offset }, .range(0...1_000_000_000), default: { 0 }),
        ignoresUnknown: true)

    var filter: OrderFilter {
        OrderFilter(status: status, takenByMe: Flag(isSet: true), limit: limit, offset: offset)
    }
}
