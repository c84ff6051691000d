import Identity
import Postgres
import Service
import Values

/// Who of the board's people acts as staff, and where it is written down what they did. Roles are the product's own: its
/// contract knows people by their Telegram id, and no grants.
struct StaffBook: Sendable {
    let database: Database
    let users: UrgentUsers
    let audit: Audit
    /// How many a list goes back, and counts.
    let reach: Int

    /// The caller as staff, by his row as it is now. Throws `not_authenticated`, `staff_only`, `user_blocked`: whoever is blocked
    /// still reads what is his own, and that is nothing here.
    func member(_ call: Call, admin: Bool = false) async throws -> StaffMember {
        let id = try call.urgentUser()
        let role = try await users.staff(id, admin: admin)
        try await users.refuseBlocked(id)
        return StaffMember(id: id, account: try call.urgentAccount(), role: role, call: call)
    }

    /// A stretch of a list as far as lists go back, and how many there are so far.
    func list<Item: Row & Answerable>(
        _ slice: Slice, _ page: (Slice) -> Statement<Item>, _ count: (_ reach: Int) -> Statement<Int>
    ) async throws -> StaffList<Item> {
        let items = try await database.all(page(slice.within(reach)))
        return StaffList(items: items, total: try await database.one(count(reach)), slice: slice)
    }

    /// Carries out what a member of the staff does and writes it down, in one transaction.
    func acting<T>(_ body: () async throws -> T) async throws -> T {
        try await database.transaction { _ in try await body() }
    }

    /// A row of the trail, in the transaction of the change.
    ///
    /// - Parameter entity: `order`, `review`, `complaint`, `user`, `payment`.
    func record(
        _ action: String, _ entity: String, _ id: String, _ changes: [AuditChange?] = [],
        _ details: [(name: String, value: AuditValue)] = [], because reason: String, by member: StaffMember
    ) async {
        let call = member.call
        let actor = AuditActor(
            id: member.account, kind: .staff, name: call.caller.principal?.name ?? "", address: call.caller.address,
            client: call.userAgent, requestID: call.requestID)
        await audit.record(
            AuditEntry(
                action, "urgent_\(entity)", id, product: "urgent", scope: .platform, changes: changes.compactMap { $0 },
                details: [("reason", .text(reason))] + details),
            by: actor)
    }
}

/// Somebody of the staff who acts.
struct StaffMember {
    let id: Int
    /// On the platform, as whom the ledger and the trail know him.
    let account: UUID
    let role: UrgentRole
    let call: Call

    var viewer: Viewer { Viewer(id: id, role: role) }
}
