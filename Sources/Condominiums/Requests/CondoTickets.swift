import Postgres
import Service
import Tickets
import Values

/// How a condo's tickets are handled: spec 4.8.
struct CondoTickets: Sendable {
    let database: Database

    /// Deadlines are the categories'. "Urgent" of the spec is `critical` here (spec/README, 3).
    var profile: TicketProfile {
        TicketProfile(
            scopeType: .condo, product: "condominiums", policy: Self.policy, measure: .resolution, autoCloseHours: 24,
            reopenHours: 24, waitingDays: nil, defaultCategory: "other", placeType: .unit, managerRoles: ["condo_admin"]
        ) { [database] condo, category in
            guard let condo else { return [] }
            return try await database.all(Self.specialists(category, in: ID(condo)))
        }
    }

    private static let policy: TicketPolicy = TicketPolicy()
        .allowing([.staff], from: [.new], to: [.assigned, .inProgress, .resolved, .closed, .cancelled])
        .allowing([.requester], from: [.new], to: [.cancelled])
        .allowing([.assignee, .staff], from: [.assigned], to: [.inProgress, .review, .resolved])
        .allowing([.staff], from: [.assigned], to: [.new, .cancelled, .closed])
        .allowing([.assignee, .staff], from: [.inProgress], to: [.review, .resolved])
        .allowing([.staff], from: [.inProgress], to: [.assigned, .new, .cancelled, .closed])
        .allowing([.assignee, .staff], from: [.review], to: [.resolved, .inProgress])
        .allowing([.staff], from: [.review], to: [.closed, .cancelled])
        .allowing([.requester, .staff], from: [.resolved], to: [.inProgress])
        .allowing([.staff, .system], from: [.resolved], to: [.closed])
        .allowing([.staff], from: [.closed], to: [.inProgress])

    /// Active staff of the condo or company-wide with the category among their specialities. Index `staff_of_company`.
    static func specialists(_ category: String, in condo: ID<Condo>) -> Statement<UUID> {
        Statement(
            """
            select distinct s.user_id from condo.condos k join condo.staff s on s.company_id = k.company_id
             where k.id = \(condo) and (s.condo_id is null or s.condo_id = k.id) and s.is_active and s.deleted_at is null
               and \(category) = any(s.specializations)
             order by s.user_id
            """)
    }
}
