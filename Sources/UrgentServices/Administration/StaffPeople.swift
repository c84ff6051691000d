import Identity
import Postgres
import Service
import Values

/// What staff do about people (spec 3.6, rows 48 to 51).
struct StaffPeople: Sendable {
    let staff: StaffBook
    let orders: Orders
    let complaints: Complaints
    let movements: Movements

    private var database: Database { staff.database }

    func page(_ query: PeopleQuery) async throws -> StaffList<StaffPerson> {
        var condition = query.condition
        condition.reach = staff.reach
        return try await staff.list(
            query.slice, { StaffPeopleQueries.page(condition, $0) }, { StaffPeopleQueries.count(condition, reach: $0) })
    }

    /// Somebody with his last orders, the last complaints about him, and for administrators what last moved his balance.
    func details(_ id: Int, for member: StaffMember) async throws -> StaffPersonDetails {
        guard let person = try await database.first(StaffPeopleQueries.person(id)) else { throw UrgentProblem.notFound }
        let last = Slice(limit: 20)
        let made = try await database.all(StaffOrderQueries.page(StaffOrderCondition(client: id), last))
        return StaffPersonDetails(
            person: person,
            movements: member.role == .admin ? try await movements.page(MovementCondition(user: id), last).rows : nil,
            orders: made.map { StaffOrderView(order: $0, viewer: member.viewer) },
            complaints: try await complaints.page(ComplaintCondition(client: id), last).rows)
    }

    /// Blocks somebody and closes his active orders, which their executors are paid back for. He is locked before his orders, so
    /// that he makes none meanwhile.
    ///
    /// Throws 404, `staff_only` for staff whom a moderator would block, `own_account`, and `already_done`.
    ///
    /// - Parameter again: that he is blocked already is no refusal.
    func block(_ id: Int, because reason: String, by member: StaffMember, again: Bool = false) async throws {
        try await staff.acting {
            guard let standing = try await database.first(UserQueries.lock(id)) else { throw UrgentProblem.notFound }
            try refuse(standing, id, by: member)
            if standing.isBlocked {
                if again { return }
                throw UrgentProblem.alreadyDone
            }
            try await database.execute(StaffPeopleQueries.block(id, because: reason))
            let closed = try await orders.moderateAll(of: id, refunding: true)
            await staff.record(
                "user_blocked", "user", String(id), [AuditChange("blocked", .flag(false), .flag(true))],
                [("closed_orders", .list(closed.map(\.text)))], because: reason, by: member)
        }
    }

    func unblock(_ id: Int, because reason: String, by member: StaffMember) async throws {
        try await staff.acting {
            guard let standing = try await database.first(UserQueries.lock(id)) else { throw UrgentProblem.notFound }
            try refuse(standing, id, by: member)
            guard standing.isBlocked else { throw UrgentProblem.alreadyDone }
            try await database.execute(StaffPeopleQueries.unblock(id))
            await staff.record(
                "user_unblocked", "user", String(id), [AuditChange("blocked", .flag(true), .flag(false))],
                because: reason, by: member)
        }
    }

    private func refuse(_ standing: UserStanding, _ id: Int, by member: StaffMember) throws {
        if id == member.id { throw UrgentProblem.ownAccount }
        if standing.role != .user, member.role != .admin { throw UrgentProblem.staffOnly }
    }

    /// Gives somebody another role. Who gives it is an administrator until it is given, and nobody changes his own: so one
    /// always remains.
    ///
    /// Throws 404, `own_account`, `already_done`.
    func setRole(_ role: UrgentRole, of id: Int, because reason: String, by member: StaffMember) async throws {
        try await staff.acting {
            _ = try await database.one(StaffPeopleQueries.lockRoles)
            try await staff.users.staff(member.id, admin: true)
            guard let standing = try await database.first(UserQueries.lock(id)) else { throw UrgentProblem.notFound }
            if id == member.id { throw UrgentProblem.ownAccount }
            guard standing.role != role else { throw UrgentProblem.alreadyDone }
            try await database.execute(StaffPeopleQueries.setRole(role, of: id))
            await staff.record(
                "role_changed", "user", String(id), [AuditChange("role", AuditValue(standing.role), AuditValue(role))],
                because: reason, by: member)
        }
    }
}
