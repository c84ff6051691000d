import JSON
import Postgres
import Service
import Values

/// How orders end whose time has passed, and what staff end.
extension Orders {
    /// What a change of an order came to, once its transaction has been committed.
    private enum Change<Value: Sendable>: Sendable {
        case done(Value)
        case lapsed
    }

    /// Changes an order that has to be active, under the lock of its row. One whose time has passed is ended with what is given
    /// back, which is committed, and then refused with `order_not_active`.
    ///
    /// - Parameter check: who may do this, before anything is done or told of the order's state.
    func changing<Value: Sendable>(
        _ id: OrderID, check: (Order) async throws -> Void, _ body: (Order) async throws -> Value
    ) async throws -> Value {
        let change: Change<Value> = try await database.transaction { _ in
            let order = try await lock(id)
            try await check(order)
            guard order.isLapsed else { return .done(try await body(order)) }
            try await lapse(order)
            return .lapsed
        }
        switch change {
        case .done(let value): return value
        case .lapsed: throw UrgentProblem.orderNotActive
        }
    }

    /// For what may be done to an order whose time has passed, too: its end is written down first, and stands though the rest be
    /// refused.
    func endIfLapsed(_ id: OrderID, check: (Order) async throws -> Void) async throws {
        try await database.transaction { _ in
            let order = try await lock(id)
            try await check(order)
            if order.isLapsed { try await lapse(order) }
        }
    }

    /// What wants a contact for an active order. When an order has it whose time has passed, that one is ended, in a
    /// transaction of its own, and it is tried once more. Throws `contact_busy`.
    func freeing<Value>(_ contact: Contact?, _ body: () async throws -> Value) async throws -> Value {
        for attempt in 0..<2 {
            do { return try await body() } catch let error as DatabaseError where error.violates("orders_contact") {
                guard attempt == 0, let contact, try await endHolder(of: contact.key) else { throw UrgentProblem.contactBusy }
            }
        }
        throw UrgentProblem.contactBusy
    }

    private func endHolder(of key: String) async throws -> Bool {
        try await database.transaction { _ in
            guard let id = try await database.first(OrderQueries.lapsedHolder(of: key)) else { return false }
            try await lapse(try await lock(OrderID(stored: id)))
            return true
        }
    }

    /// Ends one order whose time has passed, in a transaction of its own.
    ///
    /// - Returns: the order's id, and nil when there is none that nobody else has at hand.
    func endDue(besides failed: [OrderID]) async throws -> OrderID? {
        var found: OrderID?
        do {
            try await database.transaction { _ in
                var due = try await database.first(OrderQueries.unanswered(besides: failed))
                if due == nil { due = try await database.first(OrderQueries.over(besides: failed)) }
                guard let id = due.map(OrderID.init(stored:)) else { return }
                found = id
                _ = try await database.one(OrderQueries.lapse(id))
                database.afterCommit { [events] in events.wakeSoon() }
            }
        } catch {
            // Whose it is decides what becomes of the rest.
            if let found { throw Unended(order: found, cause: error) }
            throw error
        }
        return found
    }

    /// One order that could not be ended.
    struct Unended: Error {
        let order: OrderID
        let cause: any Error
    }

    // MARK: Staff

    /// Ends active orders for staff, in the caller's transaction; those that are not active any more are passed over.
    ///
    /// - Returns: those that were ended.
    func moderate(_ ids: [OrderID], refunding: Bool) async throws -> [OrderID] {
        try await database.transaction { _ in try await moderate(try await hold(ids), refunding: refunding) }
    }

    /// Ends all active orders of a client for staff, in the caller's transaction. His row is locked, so that he makes none
    /// meanwhile.
    func moderateAll(of client: Int, refunding: Bool) async throws -> [OrderID] {
        try await database.transaction { _ in
            try await moderate(try await hold([], activeOf: client).filter { $0.client == client }, refunding: refunding)
        }
    }

    private func moderate(_ held: [Order], refunding: Bool) async throws -> [OrderID] {
        var ended: [OrderID] = []
        for order in held {
            if order.isLapsed {
                try await lapse(order)
            } else if try await database.one(
                OrderQueries.finish(order.id, .closedNoResponse, .moderated, refunding: refunding))
            {
                ended.append(order.id)
            }
        }
        database.afterCommit { [events] in events.wakeSoon() }
        return ended
    }

    /// Locks orders by id, then the accounts that giving their takes back moves, by id: whoever gives back of more than one order
    /// does this before he gives back of the first, so that nobody waits for another in a circle. Inside a transaction.
    ///
    /// - Parameter client: whose active orders are locked, too.
    @discardableResult
    func hold(_ ids: [OrderID], activeOf client: Int? = nil) async throws -> [Order] {
        let held = try await database.all(OrderQueries.hold(ids, activeOf: client))
        try await database.execute(OrderQueries.holdAccounts(of: held.map(\.id)))
        return held
    }

    /// Gives back what takes of an order have cost, of one executor or all, in the caller's transaction; what was given back
    /// before is not given again.
    func refund(_ id: OrderID, executor: Int? = nil) async throws -> [Refunded] {
        try await database.transaction { _ in
            _ = try await lock(id)
            let text = try await database.one(OrderQueries.refund(id, executor: executor))
            let refunded = try [Refunded].decode(json: text.bytes)
            if !refunded.isEmpty {
                try await events.publish(.urgent("order_refunded", id, [("refunded", JSONValue(encoding: refunded))]))
            }
            return refunded
        }
    }

    /// Throws `order_not_found`.
    func lock(_ id: OrderID) async throws -> Order {
        guard let order = try await database.first(OrderQueries.lock(id)) else { throw UrgentProblem.orderNotFound }
        return order
    }

    private func lapse(_ order: Order) async throws {
        _ = try await database.one(OrderQueries.lapse(order.id))
        database.afterCommit { [events] in events.wakeSoon() }
    }
}

/// What somebody has had back of what a take cost him, in whole roubles.
struct Refunded: Shaped {
    let executor: Int
    let amount: Int
    let balance: Int
    /// Who has that balance now; nobody where the account that paid has no Telegram any more.
    let holder: Int?

    static let shape = Shape<Self>(
        "UrgentRefunded", Self.init, Field("executor", { $0.executor }), Field("amount", { $0.amount }),
        Field("balance", { $0.balance }), Field("holder", { $0.holder }))
}

extension Event {
    /// Something that has happened to an order; its id is no UUID and stands in the data.
    static func urgent(_ name: String, _ order: OrderID, _ more: [(name: String, value: JSONValue)] = []) -> Event {
        Event(
            "urgent.\(name)", "urgent_order", nil,
            data: JSONText(encoding: JSONValue.object([("order", .string(order.text))] + more)))
    }
}
