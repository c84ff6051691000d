import JSON
import Realtime
import Service
import Values

/// The board's rooms, as the platform calls them and as the board's clients do.
enum NewsRoom {
    case orders
    case order(String)
    case user(Int)

    /// Begins with the board's name: no other protocol enters it.
    var name: String {
        switch self {
        case .orders: "urgent:orders"
        case .order(let id): "urgent:order:\(id)"
        case .user(let id): "urgent:user:\(id)"
        }
    }

    /// `orders`, `order:<id>`, `user:<id>`: the name without the board's.
    static func shown(_ name: String) -> Substring { name.dropFirst("urgent:".count) }
}

/// An event's name in a room. That of an order's says category and town too, so that whoever wants some of the feed need not
/// read the rest.
struct NewsName {
    let event: String
    var category: String?
    var city: String?

    var text: String { category.map { "\(event)\n\($0)\n\(city ?? "")" } ?? event }

    init(_ event: String, about order: Order? = nil) {
        self.event = event
        category = order?.category
        city = order?.city
    }

    init(text: String) {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        event = parts[0]
        if parts.count == 3 { (category, city) = (parts[1], parts[2]) }
    }
}

/// What sockets hear of the board, once it is committed (spec 5.7).
struct NewsRooms: Sendable {
    let events: RoomEvents
    let masksContacts: Bool

    /// The order as strangers see it.
    func changed(_ event: String, _ order: Order, toOrder: Bool) async throws {
        let view = OrderView(order, for: .guest, showsContact: false, masks: masksContacts)
        try await tell(event, to: [.orders] + (toOrder ? [.order(order.id.text)] : []), about: order, view)
    }

    func taken(_ order: Order, count: Int, at: Instant) async throws {
        let news: JSONValue = [
            "id": .string(order.id.text), "executor_count": .number("\(count)"), "taken_at": .string("\(at)"),
            "first_taken_at": order.takenAt.first.map { .string("\($0)") } ?? .null,
            "no_response_at": order.noResponseAt.map { .string("\($0)") } ?? .null,
        ]
        try await tell("order.taken", to: [.orders, .order(order.id.text), .user(order.client)], about: order, news)
    }

    func responded(_ order: Order) async throws {
        let news: JSONValue = [
            "id": .string(order.id.text),
            "customer_responded_at": order.respondedAt.map { .string("\($0)") } ?? .null,
        ]
        try await tell("order.responded", to: [.order(order.id.text)] + order.takers.map { .user($0) }, about: order, news)
    }

    func ended(_ event: String, _ order: Order) async throws {
        let news: JSONValue = [
            "id": .string(order.id.text), "status": .string(order.status.rawValue),
            "close_reason": order.reason.map { .string($0.rawValue) } ?? .null,
            "closed_at": order.closedAt.map { .string("\($0)") } ?? .null,
        ]
        try await tell(
            event, to: [.orders, .order(order.id.text), .user(order.client)] + order.takers.map { .user($0) }, about: order, news)
    }

    func balance(
        of user: Int, _ balance: Int, delta: Int, reason: String, order: String? = nil, payment: Int? = nil
    ) async throws {
        let news: JSONValue = [
            "balance": .number("\(balance)"), "delta": .number("\(delta)"), "reason": .string(reason),
            "order_id": order.map { .string($0) } ?? .null, "payment_id": payment.map { .number("\($0)") } ?? .null,
        ]
        try await events.pass("balance.updated", to: [NewsRoom.user(user).name], news)
    }

    func payment(of user: Int, _ id: Int, _ status: InvoiceStatus.Shown, amount: Int, balance: Int) async throws {
        let news: JSONValue = [
            "payment_id": .number("\(id)"), "status": .string(status.rawValue), "amount": .number("\(amount)"),
            "new_balance": status == .paid ? .number("\(balance)") : .null,
        ]
        try await events.pass("payment.updated", to: [NewsRoom.user(user).name], news)
    }

    /// `average` as text: two decimals.
    func review(of user: Int, order: String, rating: Int, average: String) async throws {
        let news: JSONValue = [
            "order_id": .string(order), "rating": .number("\(rating)"), "average_rating": .number(average),
        ]
        try await events.pass("review.received", to: [NewsRoom.user(user).name], news)
    }

    private func tell(
        _ event: String, to rooms: [NewsRoom], about order: Order, _ news: some JSONWritable
    ) async throws {
        try await events.pass(NewsName(event, about: order).text, to: rooms.map(\.name), news)
    }
}
