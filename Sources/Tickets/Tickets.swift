import Files
import Identity
import Notifications
import Postgres
import Realtime
import Service
import Values

/// The door of tickets: what people ask of staff, and what becomes of it. Everything joins the caller's transaction.
package final class Tickets: Sendable {
    let database: Database
    let scopes: ScopeTree
    let profiles: TicketProfiles
    let notices: TicketNotices
    private let events: Outbox
    private let rooms: RoomEvents
    let files: FileUse
    let clock: Clock
    /// The roles that are given by hand: whoever holds one on a scope is staff there.
    private let staffRoles: [String]

    /// - Parameter profiles: the platform's and those of products.
    package init(
        database: Database, scopes: ScopeTree, book: RoleBook, profiles: [TicketProfile], events: Outbox,
        notifications: Notifications, files: FileUse, clock: Clock = .system
    ) {
        self.files = files
        self.database = database
        self.scopes = scopes
        self.profiles = TicketProfiles(profiles)
        self.events = events
        rooms = RoomEvents(database: database)
        self.clock = clock
        notices = TicketNotices(notifications: notifications)
        staffRoles = book.all.filter(\.isGrantedByHand).map(\.name)
    }

    // MARK: Who may

    /// The ticket, and what the caller may know of it: 404 when he may not see it, or the status of its locked scope.
    func seen(_ ticket: Ticket?, by caller: Caller) async throws -> (ticket: Ticket, sight: TicketSight) {
        let user = try caller.user()
        guard let ticket else { throw HouseProblem.notFound.problem }
        let path = try await path(of: ticket)
        let sight = TicketSight(
            isRequester: ticket.requester.id == user, isAssignee: ticket.assignee?.id == user,
            isStaff: caller.can(.supportUpdate, on: path), isEntitledToNames: caller.can(.supportManage, on: path))
        let isNeighbour = ticket.place.map { caller.can(.supportCreate, on: [$0]) } ?? false
        guard sight.isRequester || sight.isAssignee || isNeighbour || caller.can(.supportRead, on: path) else {
            throw HouseProblem.notFound.problem
        }
        try caller.decidedByOwnership(on: path)
        return (ticket, sight)
    }

    func path(of ticket: Ticket) async throws -> ScopePath { try await scopes.path(of: ticket.scope) }

    /// Whether the caller reads tickets of the scope or opens some there.
    func isAtHome(_ caller: Caller, on path: ScopePath) async throws -> Bool {
        if caller.can(.supportRead, on: path) || caller.can(.supportCreate, on: path) { return true }
        return try await !places(of: caller, below: path).isEmpty
    }

    /// The caller's own places below a scope where he may open tickets: a resident's units in a condo.
    func places(of caller: Caller, below path: ScopePath) async throws -> [Scope] {
        guard let scope = path.first, let type = profiles[scope.type]?.placeType else { return [] }
        let own = (caller.principal?.grants ?? []).filter {
            $0.scope.type == type && $0.permissions.allows(.supportCreate)
        }
        if own.isEmpty { return [] }
        return try await scopes.placing(own).filter { grant in
            grant.path.contains(scope) && caller.can(.supportCreate, on: grant.path)
        }.map(\.scope)
    }

    func isStaff(_ user: UUID, on path: ScopePath) async throws -> Bool {
        try await !database.all(TicketQueries.staff(of: [user], roles: staffRoles, on: path)).isEmpty
    }

    /// Of these users, those who are staff on the path.
    func staff(of users: [UUID], on path: ScopePath) async throws -> [UUID] {
        users.isEmpty ? [] : try await database.all(TicketQueries.staff(of: users, roles: staffRoles, on: path))
    }

    // MARK: Within

    /// Inside a transaction: the ticket, which nobody else changes until it ends.
    func lock(_ id: ID<Ticket>, by caller: Caller) async throws -> (ticket: Ticket, sight: TicketSight) {
        try await seen(try await database.first(TicketQueries.lock(id)), by: caller)
    }

    func ticket(_ id: ID<Ticket>) async throws -> Ticket {
        guard let ticket = try await database.first(TicketQueries.ticket(id)) else { throw HouseProblem.notFound.problem }
        return ticket
    }

    func profile(of ticket: Ticket) async throws -> TicketProfile {
        guard let profile = try await profiles.effective(ticket.scope.type, database) else {
            preconditionFailure("no product registers tickets of \(ticket.scope.type)")
        }
        return profile
    }

    func publish(_ name: String, _ news: TicketNews, of id: ID<Ticket>) async throws {
        try await events.publish(news.event(name, of: id))
        try await tell(name, news, of: id)
    }

    /// Whoever is to hear of it at once does, when it is committed.
    func tell(_ event: String, _ news: TicketNews, of id: ID<Ticket>) async throws {
        let told = ToldTicket(event: event, id: id, news: news)
        for room in news.rooms { try await rooms.emit(told.name, to: room, told) }
    }
}
