import Postgres
import Service

/// The door of complaints: executors complain about customers.
struct Complaints: Sendable {
    let database: Database
    let users: UrgentUsers
    /// How many a list goes back.
    let reach: Int

    /// An executor complains once of each order that he has taken, whatever has become of it.
    ///
    /// Throws `not_taken_by_you`, `already_complained`.
    func write(_ body: NewComplaintBody, by executor: Int) async throws -> Int {
        try await users.refuseBlocked(executor)
        if let id = try await database.first(ComplaintQueries.insert(body, by: executor)) { return id }
        let said = try await database.one(ClientReviewQueries.said(of: body.order, by: executor))
        throw said.hasComplaint ? UrgentProblem.alreadyComplained : .notTakenByYou
    }

    /// What the condition selects, newest first, and how many these are, as far as a list goes back.
    func page(_ condition: ComplaintCondition, _ slice: Slice) async throws -> (rows: [Complaint], total: Int) {
        let rows = try await database.all(ComplaintQueries.page(condition, slice.within(reach)))
        return (rows, try await database.one(ComplaintQueries.count(condition, reach: reach)))
    }

    /// Staff decide. Inside a transaction, with the order locked.
    ///
    /// - Returns: the complaint as it was. Throws 404, and `already_done` for one that is not open.
    func resolve(
        _ id: Int, _ status: ComplaintStatus, isRefunded: Bool, by staff: Int, note: String
    ) async throws -> Complaint {
        guard let complaint = try await database.first(ComplaintQueries.lock(id)) else { throw UrgentProblem.notFound }
        guard complaint.status == .open else { throw UrgentProblem.alreadyDone }
        try await database.execute(ComplaintQueries.resolve(id, status, isRefunded: isRefunded, by: staff, note: note))
        return complaint
    }
}
