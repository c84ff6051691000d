import HTTP
import JSON
import Service

/// How staff reach orders.
enum StaffOrderOperations {
    private static let base = "/api/admin/orders"

    static func all(_ door: StaffOrders) -> [Operation] { (reading(door) + deciding(door)).map { $0.limited(UrgentLimits.administration) } }

    private static func reading(_ door: StaffOrders) -> [Operation] {
        [
            .bare(
                base, "listUrgentOrdersAsStaff", "All orders, with their contacts", tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems, query: StaffOrderQuery.self, answer: StaffList<StaffOrderView>.self
            ) { call, query in
                let member = try await door.staff.member(call)
                return try await door.page(query, for: member)
            },
            .bare(
                .get, base + "/{id}", "getUrgentOrderAsStaff", "An order with all that hangs on it", tag: StaffTag.name,
                who: .signedIn, problems: StaffTag.problems + [UrgentProblem.orderNotFound], answer: StaffOrderDetails.self
            ) { call in
                let member = try await door.staff.member(call)
                return try await door.details(try call.orderID(), for: member)
            }.described("Its customer, takes, what it has moved in the ledger, reviews and complaints."),
        ]
    }

    private static func deciding(_ door: StaffOrders) -> [Operation] {
        [
            .bare(
                .post, base + "/{id}/close", "closeUrgentOrderAsStaff", "Close an active order", tag: StaffTag.name,
                who: .signedIn, problems: StaffTag.problems + [UrgentProblem.orderNotFound, UrgentProblem.orderNotActive],
                body: ClosingBody.self, answer: Done.self
            ) { call, body in
                let member = try await door.staff.member(call)
                try await door.close(try call.orderID(), body, by: member)
                return Done()
            }.described("Executors get back what they paid for the contact, unless `refund` says no."),
            .bare(
                .post, base + "/{id}/refund", "refundUrgentOrder", "Give executors of a finished order their money back",
                tag: StaffTag.name, who: .signedIn,
                problems: StaffTag.problems
                    + [UrgentProblem.orderNotFound, UrgentProblem.alreadyDone, StaffProblem.orderStillActive],
                body: OrderRefundBody.self, answer: OrderRefundView.self
            ) { call, body in
                let member = try await door.staff.member(call, admin: true)
                return try await door.refund(try call.orderID(), body, by: member)
            }.described("For administrators. One executor, or all who have not had it back; 409 when nothing is left."),
        ]
    }
}
