import JSON
import Postgres
import Service
import Values

/// The door of orders: what their clients do with them, and how they are read.
package struct Orders: Sendable {
    let database: Database
    let users: UrgentUsers
    let terms: UrgentTerms
    let events: Outbox
    /// What a new order is called.
    var draw: @Sendable () -> OrderID = { .random() }
    /// Lists that many ask for again and again.
    let feeds: RecentReads<OrderFilter, Feed>
    /// Whether somebody has ever taken an order.
    let takers: Batcher<Int, Int>
    private let byID: Batcher<OrderID, Order>

    init(database: Database, users: UrgentUsers, terms: UrgentTerms, events: Outbox, feeds: RecentReads<OrderFilter, Feed>) {
        self.database = database
        self.users = users
        self.terms = terms
        self.events = events
        self.feeds = feeds
        takers = Batcher(database) { TakeQueries.takers(among: $0) }
        byID = Batcher(database) { OrderQueries.each($0) }
    }

    // MARK: Reading

    /// Throws `order_not_found`, also for a deleted one, but for its client and staff.
    func one(_ id: OrderID, for viewer: Viewer) async throws -> OrderView {
        guard let order = try await byID.first(id),
            order.status != .deleted || order.client == viewer.id || viewer.isStaff
        else { throw UrgentProblem.orderNotFound }
        return view(order, viewer, showsContact: order.isParty(viewer))
    }

    /// A list that is somebody's own, or shows him what is his first; for others see `answer`.
    func list(_ filter: OrderFilter, for viewer: Viewer) async throws -> OrderList {
        guard let query = try OrderQuery(filter, for: viewer, terms) else {
            return OrderList(orders: [], total: 0)
        }
        return list(try await database.all(OrderListQueries.list(query)), filter, viewer)
    }

    func list(_ rows: [ListedOrder], _ filter: OrderFilter, _ viewer: Viewer) -> OrderList {
        let views = rows.compactMap(\.order).map { order in
            OrderView(
                order, for: viewer, showsContact: false, masks: terms.masksContacts,
                distance: order.distance(from: filter.point, for: viewer))
        }
        return OrderList(orders: views, total: rows.first?.total ?? 0)
    }

    private func view(_ order: Order, _ viewer: Viewer, showsContact: Bool) -> OrderView {
        OrderView(order, for: viewer, showsContact: showsContact, masks: terms.masksContacts)
    }

    /// What its client is shown of his own order.
    private func own(_ id: OrderID, _ user: Int) async throws -> OrderView {
        try await one(id, for: Viewer(id: user, role: .user))
    }

    // MARK: Making

    /// Throws `user_blocked`, `rate_limited`, `contact_busy`.
    func create(_ body: CreateOrder, by user: Int) async throws -> OrderView {
        let contact = try contact(body.contact)
        return try await named { id in
            let draft = OrderDraft(
                id: id, client: user, category: body.category, description: body.description, city: body.city, contact: contact,
                lifetimeMinutes: terms.lifetimeMinutes, place: body.place, renewedFrom: nil, takings: Takings.account(of: id))
            return try await freeing(contact) {
                try await database.transaction { _ in
                    try await insert(draft)
                    return try await own(id, user)
                }
            }
        }
    }

    /// Draws the name of a new order, and again should there be one of that name.
    private func named<Value>(_ body: (OrderID) async throws -> Value) async throws -> Value {
        var attempt = 1
        while true {
            do { return try await body(draw()) } catch let error as DatabaseError where error.violates("orders_pkey") && attempt < 3 {
                attempt += 1
            }
        }
    }

    /// A new order like one that has expired without anybody having taken it.
    func renew(_ id: OrderID, by user: Int) async throws -> OrderView {
        guard let seen = try await byID.first(id) else { throw UrgentProblem.orderNotFound }
        try seen.checkOwner(user)
        guard let contact = Contact(seen.contact, by: .free) else { throw UrgentProblem.orderNotFound }
        try await endIfLapsed(id) { try $0.checkOwner(user) }
        return try await named { new in
            try await freeing(contact) {
                try await database.transaction { _ in
                    // The client's row before the order, as whoever blocks him locks them.
                    _ = try await users.lock(user)
                    let order = try await lock(id)
                    try order.checkOwner(user)
                    try order.checkRenewable(within: .hours(24))
                    try await insert(order, again: new, contact)
                    return try await own(new, user)
                }
            }
        }
    }

    private func insert(_ order: Order, again new: OrderID, _ contact: Contact) async throws {
        do {
            try await insert(
                OrderDraft(
                    id: new, client: order.client, category: order.category, description: order.description, city: order.city,
                    contact: contact, lifetimeMinutes: terms.lifetimeMinutes, place: order.place, renewedFrom: order.id,
                    takings: Takings.account(of: new)))
        } catch let error as DatabaseError where error.violates("orders_renewed_once") {
            throw UrgentProblem.alreadyRenewed
        }
    }

    /// Within a transaction. The client's row is locked, so that none of his orders is counted twice or not at all.
    private func insert(_ draft: OrderDraft) async throws {
        if try await users.lock(draft.client).isBlocked { throw UrgentProblem.userBlocked }
        let recent = try await database.one(OrderQueries.recent(of: draft.client))
        if recent.count >= terms.ordersPerHour {
            throw UrgentProblem.rateLimited.retry(after: max(1, Int((recent.wait ?? 1).rounded(.up))))
        }
        try await database.execute(OrderQueries.insert(draft))
        try await events.publish(.urgent("order_created", draft.id))
    }

    // MARK: Changing

    func edit(_ id: OrderID, _ body: UpdateOrder, by user: Int) async throws -> OrderView {
        let contact = try body.contact.map(contact)
        return try await freeing(contact) {
            try await changing(id) { order in
                try order.checkOwner(user)
                try await users.refuseBlocked(user)
            } _: { order in
                try order.checkEditable()
                if !body.isEmpty {
                    try await database.execute(OrderQueries.update(id, body, contact: contact))
                    try await events.publish(.urgent("order_updated", id))
                }
                return try await own(id, user)
            }
        }
    }

    func delete(_ id: OrderID, by user: Int) async throws {
        try await endIfLapsed(id) { order in
            try order.checkOwner(user)
            try await users.refuseBlocked(user)
        }
        try await database.transaction { _ in
            let order = try await lock(id)
            try order.checkOwner(user)
            try order.checkDeletable()
            if order.isActive {
                _ = try await database.one(OrderQueries.finish(id, .deleted, .clientDeleted, refunding: false))
                wake()
            } else {
                try await database.execute(OrderQueries.deleteExpired(id))
                try await events.publish(.urgent("order_deleted", id))
            }
        }
    }

    func respond(_ id: OrderID, by user: Int) async throws -> OrderView {
        try await changing(id) { order in
            try order.checkClient(user)
            try await users.refuseBlocked(user)
        } _: { order in
            try order.checkRespondable()
            _ = try await database.one(OrderQueries.respond(id))
            try await events.publish(.urgent("order_responded", id))
            return try await own(id, user)
        }
    }

    /// Without an answer having been given, those who took it have their money back.
    func close(_ id: OrderID, by user: Int) async throws {
        try await changing(id) { order in
            try order.checkClient(user)
            try await users.refuseBlocked(user)
        } _: { order in
            try order.checkTakenAndActive()
            _ = try await database.one(
                OrderQueries.finish(id, .closedNoResponse, .clientClosed, refunding: order.respondedAt == nil))
            wake()
        }
    }

    /// - Parameter executor: who did the job, one of those who took it.
    func complete(_ id: OrderID, executor: Int?, by user: Int) async throws -> OrderView {
        try await changing(id) { order in
            try order.checkClient(user)
            try await users.refuseBlocked(user)
        } _: { order in
            try order.checkTakenAndActive()
            if let executor, !order.takers.contains(executor) {
                throw InvalidInput(field: "executor_id", code: "choice", message: "has not taken this order")
            }
            _ = try await database.one(OrderQueries.finish(id, .completed, .completed, refunding: false, chosen: executor))
            wake()
            return try await own(id, user)
        }
    }

    // MARK: Rules

    private func contact(_ text: String) throws -> Contact {
        guard let contact = Contact(text, by: terms.contacts) else {
            throw InvalidInput(
                field: "contact", code: "format", message: "must be @username or a Russian telephone number")
        }
        return contact
    }

    private func wake() { database.afterCommit { [events] in events.wakeSoon() } }
}
