import Condominiums
import Content
import Files
import Identity
import Invoices
import Payments
import Reviews
import Service
import Subscriptions
import Tickets

extension SharedParts {
    /// Tickets to the platform, whose support staff get them in turn, and those of the products.
    func tickets(_ program: Program, _ doors: CondominiumsDoors?) -> TicketsModule {
        let platform = TicketProfile.platform { [grants = identity.grants] _, _ in
            try await grants.holders(of: "support", on: .platform)
        }
        let tickets = Tickets(
            database: program.database, scopes: identity.scopes, book: identity.book,
            profiles: [platform] + (doors.map { [$0.ticketProfile] } ?? []), events: outbox, notifications: notifications,
            files: FileUse(database: program.database, jobs: jobs))
        return TicketsModule(tickets, trail: StaffTrail(identity.audit, identity.book))
    }

    /// Subjects are the products'; none of those that there are registers one.
    func reviews(_ program: Program) -> ReviewsModule {
        ReviewsModule(
            Reviews(
                database: program.database, subjects: [], events: outbox, cache: cache,
                files: FileUse(database: program.database, jobs: jobs)),
            trail: StaffTrail(identity.audit, identity.book))
    }

    /// To whom plans are sold: the platform to its users. Products with subscribers of their own add themselves here.
    static let sold = [SubscriptionProduct("platform")]

    func subscriptions(_ program: Program, _ invoices: Invoices) -> Subscriptions {
        Subscriptions(
            database: program.database, products: Self.sold, invoices: invoices, scopes: identity.scopes,
            gates: identity.gates, events: outbox, jobs: jobs, notifications: notifications,
            tax: GoodsTax(program.settings),
            grace: .days(program.settings[SubscriptionSettings.grace]))
    }

    /// Premium templates are for those whose plan of the product has the feature.
    func content(_ program: Program, _ files: Files, _ plans: Subscriptions) -> ContentModule {
        ContentModule(
            database: program.database, files: files, cache: cache,
            premium: { user, product in
                let current = try await plans.current(product, of: Scope(.user, user))
                return current?.1.features.contains("premium_templates") ?? false
            },
            trail: StaffTrail(identity.audit, identity.book))
    }
}
