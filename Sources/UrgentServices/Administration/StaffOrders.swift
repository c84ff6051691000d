import Identity
import Postgres
import Service

/// What staff do about orders (spec 3.6, rows 40 to 43).
struct StaffOrders: Sendable {
    let staff: StaffBook
    let orders: Orders
    let reviews: Reviews
    let complaints: Complaints
    let movements: Movements

    private var database: Database { staff.database }

    func page(_ query: StaffOrderQuery, for member: StaffMember) async throws -> StaffList<StaffOrderView> {
        let (condition, slice) = (query.condition, query.slice)
        let rows = try await database.all(StaffOrderQueries.page(condition, slice.within(staff.reach)))
        return StaffList(
            items: rows.map { StaffOrderView(order: $0, viewer: member.viewer) },
            total: try await database.one(StaffOrderQueries.count(condition, reach: staff.reach)), slice: slice)
    }

    /// An order with all that hangs on it: a fixed number of statements.
    func details(_ id: OrderID, for member: StaffMember) async throws -> StaffOrderDetails {
        guard let order = try await database.first(OrderQueries.one(id)) else { throw UrgentProblem.orderNotFound }
        var opinions = ReviewCondition()
        opinions.order = id.text
        return StaffOrderDetails(
            order: StaffOrderView(order: order, viewer: member.viewer), client: try await staff.users.profile(order.client),
            takes: try await database.all(StaffOrderQueries.takes(of: id)), movements: try await movements.of(order: id),
            reviews: try await reviews.page(opinions, for: member.id, Slice()).rows,
            complaints: try await complaints.page(ComplaintCondition(order: id.text), Slice()).rows)
    }

    /// Closes an order that is active. Throws `order_not_found`, `order_not_active`.
    func close(_ id: OrderID, _ body: ClosingBody, by member: StaffMember) async throws {
        try await orders.changing(id, check: { _ in }, { order in
            guard order.isActive else { throw UrgentProblem.orderNotActive }
            _ = try await orders.moderate([id], refunding: body.isRefunding)
            await staff.record(
                "order_closed", "order", id.text,
                [
                    AuditChange("status", AuditValue(OrderStatus.active), AuditValue(OrderStatus.closedNoResponse)),
                    AuditChange("close_reason", .none, AuditValue(CloseReason.moderated)),
                ], [("refund", .flag(body.isRefunding))], because: body.reason, by: member)
        })
    }

    /// Gives back what a take of a finished order has cost, or all takes of it. Throws `order_not_found`, `order_not_finished`
    /// (409), `already_done` where nothing is left.
    func refund(_ id: OrderID, _ body: OrderRefundBody, by member: StaffMember) async throws -> OrderRefundView {
        try await orders.endIfLapsed(id) { _ in }
        return try await staff.acting {
            guard try await !orders.lock(id).isActive else { throw StaffProblem.orderStillActive }
            let given = try await orders.refund(id, executor: body.executor)
            guard !given.isEmpty else { throw UrgentProblem.alreadyDone }
            let sum = given.reduce(0) { $0 + $1.amount }
            await staff.record(
                "order_refunded", "order", id.text, [],
                [("executors", .list(given.map { String($0.executor) })), ("amount", .number(Int64(sum)))],
                because: body.reason, by: member)
            return OrderRefundView(refunded: given.count, amount: sum)
        }
    }

    /// What one executor has paid for the contact, if he has not had it back. Inside a transaction; locks the order.
    func giveBack(_ order: String, to executor: Int) async throws -> [Refunded] {
        try await orders.refund(OrderID(stored: order), executor: executor)
    }
}
