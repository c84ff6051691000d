import Condominiums
import Content
import Files
import Identity
import Reviews
import Service
import Tickets

extension SharedParts {
    /// Tickets to the platform, whose support staff get them in turn, and those of the products.
    func tickets(_ program: Program, _ doors: CondominiumsDoors?) -> TicketsModule {
        let platform = TicketProfile.platform { [grants = identity.grants] _, _ in
            try await grants.holders(of: "support", on: .platform)
        }
        let tickets = Tickets(
            database: program.database, scopes: identity.scopes, book: identity.book,
            profiles: [platform] + (doors.map { [$0.ticketProfile] } ?? []), events: outbox, notifications: notifications)
        return TicketsModule(tickets, trail: StaffTrail(identity.audit, identity.book))
    }

    /// Subjects are the products'; none of those that there are registers one.
    func reviews(_ program: Program) -> ReviewsModule {
        ReviewsModule(
            Reviews(database: program.database, subjects: [], events: outbox),
            trail: StaffTrail(identity.audit, identity.book))
    }

    func content(_ program: Program, _ files: Files) -> ContentModule {
        ContentModule(
            database: program.database, files: files, cache: cache, trail: StaffTrail(identity.audit, identity.book))
    }
}
