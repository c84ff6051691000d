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

        init?(_ json: JSONValue) {
            guard let executor = json["executor"]?.int, let amount = json["amount"]?.int, let balance = json["balance"]?.int else {
                return nil
            }
            self.executor = executor
            self.amount = amount
            self.balance = balance
        }
    }

    /// Nil for what names no order.
    init?(_ event: Event) {
        guard let json = try? JSONValue.decode(json: event.data.bytes), let id = json["order"]?.string.flatMap(OrderID.init) else {
            return nil
        }
        order = id
        taker = Movement(json)
        refunded = (json["refunded"]?.array ?? []).compactMap(Movement.init)
    }
}
