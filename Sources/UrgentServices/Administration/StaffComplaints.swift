import Identity
import JSON
import Postgres
import Service
import Values

/// What staff do about complaints (spec 3.6, rows 46 and 47).
struct StaffComplaints: Sendable {
    let staff: StaffBook
    let complaints: Complaints
    let orders: StaffOrders
    let people: StaffPeople

    /// Decides on a complaint; as asked, its executor gets back what he paid, and its customer is blocked. All that this touches is
    /// locked first: the customer, the orders, the accounts of money.
    ///
    /// Throws 404, `already_done` for one that is not open, and what blocking throws.
    func resolve(_ id: Int, _ body: ResolutionBody, by member: StaffMember) async throws {
        try await staff.acting {
            guard let order = try await staff.database.first(ComplaintQueries.order(of: id)) else { throw UrgentProblem.notFound }
            guard let known = try await staff.database.first(ComplaintQueries.complaint(id)) else { throw UrgentProblem.notFound }
            if body.isBlocking { _ = try await staff.users.lock(known.client.id) }
            try await orders.orders.hold([OrderID(stored: order)], activeOf: body.isBlocking ? known.client.id : nil)
            let isRefunded =
                body.isRefunding && known.status == .open
                ? try await orders.giveBack(order, to: known.executor.id).count > 0 : false
            let before = try await complaints.resolve(
                id, body.decision.status, isRefunded: isRefunded, by: member.id, note: body.reason)
            await staff.record(
                "complaint_resolved", "complaint", String(id),
                [
                    AuditChange("status", AuditValue(before.status), AuditValue(body.decision.status)),
                    AuditChange("refunded", .flag(false), .flag(isRefunded)),
                ], because: body.reason, by: member)
            if body.isBlocking { try await people.block(before.client.id, because: body.reason, by: member, again: true) }
        }
    }
}
