import JSON
import Service

/// What an event of the board's says (`urgent.order_…`).
struct OrderNews {
    let order: OrderID
    /// Who took it, with what he paid and has left.
    let taker: Movement?
    /// What was given back, and to whom.
    let refunded: [Movement]

    /// Roubles that have moved a balance, and what it is now.
    struct Movement: Equatable {
        let executor: Int
        let amount: Int
        let balance: Int
        /// Who has that balance now; nobody where the account that paid has no Telegram any more.
        let holder: Int?

        init(_ json: JSONValue) throws {
            guard let executor = json["executor"]?.int, let amount = json["amount"]?.int, let balance = json["balance"]?.int else {
                throw UnreadableEvent(name: "movement")
            }
            self.executor = executor
            self.amount = amount
            self.balance = balance
            holder = json["holder"].map { $0.int } ?? executor
        }
    }

    init(_ event: Event) throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard let id = json["order"]?.string.flatMap(OrderID.init) else { throw UnreadableEvent(name: event.name) }
        order = id
        taker = json["executor"] == nil ? nil : try Movement(json)
        refunded = try (json["refunded"]?.array ?? []).map(Movement.init)
    }
}

/// What the board itself has written into an event and cannot read again: the outbox sets it aside, with an alarm.
struct UnreadableEvent: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) does not say what it should" }
}
