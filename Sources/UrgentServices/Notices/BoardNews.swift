import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Makes of what has happened on the board what sockets hear and what people are told. Runs after the commit, on events of
/// the outbox, and may run again: a notice has a key and is sent once.
struct BoardNews: Sendable {
    static let reminderAfter = Duration.minutes(10)

    let database: Database
    let rooms: NewsRooms
    let notices: BoardNotices
    let notifications: Notifications
    let jobs: Jobs
    let terms: UrgentTerms

    var handler: EventHandler {
        EventHandler(
            "urgent.news",
            on: [
                "urgent.order_created", "urgent.order_updated", "urgent.order_taken", "urgent.order_responded",
                "urgent.order_completed", "urgent.order_closed", "urgent.order_expired", "urgent.order_deleted",
                "urgent.order_refunded", "urgent.review_received", "urgent.balance_changed", "payment.succeeded",
                "payment.failed", "payment.cancelled", "payment.expired", "refund.succeeded",
            ]
        ) { [self] event in try await hear(event) }
    }

    private func hear(_ event: Event) async throws {
        switch event.name {
        case "urgent.review_received": try await reviewed(event)
        case "urgent.balance_changed": try await balanceChanged(event)
        case "payment.succeeded", "payment.failed", "payment.cancelled", "payment.expired", "refund.succeeded":
            try await paymentChanged(event)
        default:
            let news = try OrderNews(event)
            guard let order = try await database.first(OrderQueries.one(news.order)) else { return }
            try await orderChanged(event.name, order, news)
            try await refunded(news, of: order)
        }
    }

    // MARK: Orders

    private func orderChanged(_ event: String, _ order: Order, _ news: OrderNews) async throws {
        switch event {
        case "urgent.order_created":
            try await rooms.changed("order.created", order, toOrder: false)
            try await jobs.enqueue(NoticeJobs.notifyExecutors, Empty(), dedupe: "urgent:notify-executors")
        case "urgent.order_updated": try await rooms.changed("order.updated", order, toOrder: true)
        case "urgent.order_taken": try await taken(order, news)
        case "urgent.order_responded":
            try await rooms.responded(order)
            try await tell(order.takers) { notices.customerResponded(order, to: $0.id) }
        case "urgent.order_completed":
            try await rooms.ended("order.completed", order)
            let chosen = try await database.first(NewsQueries.chosen(order.id)) ?? nil
            try await tell(order.takers) { notices.completed(order, isChosen: $0.id == chosen, to: $0.id) }
        case "urgent.order_expired":
            try await rooms.ended("order.expired", order)
            try await tell([order.client]) { _ in notices.expired(order) }
            try await tellUnrefunded(order, news)
        case "urgent.order_closed":
            try await rooms.ended("order.closed", order)
            try await tellUnrefunded(order, news)
        case "urgent.order_deleted": try await rooms.ended("order.deleted", order)
        default: break
        }
    }

    /// The order may have been taken again since: each take has its own place and instant.
    private func taken(_ order: Order, _ news: OrderNews) async throws {
        guard let taker = news.taker, let index = order.takers.firstIndex(of: taker.executor) else { return }
        try await rooms.taken(order, count: index + 1, at: order.takenAt[index])
        if taker.amount > 0 {
            try await rooms.balance(
                of: taker.executor, taker.balance, delta: -taker.amount, reason: "order_take", order: order.id.text)
        }
        try await tell([order.client]) { _ in notices.taken(order, by: taker.executor, place: index + 1, of: terms.executors) }
        if index == 0, order.respondedAt == nil {
            try await jobs.enqueue(
                NoticeJobs.remindClient, RemindClient(order: order.id.text), at: order.takenAt[0] + Self.reminderAfter,
                dedupe: "urgent:remind:\(order.id)")
        }
    }

    private func tellUnrefunded(_ order: Order, _ news: OrderNews) async throws {
        let refunded = Set(news.refunded.map(\.executor))
        try await tell(order.takers.filter { !refunded.contains($0) }) { notices.closed(order, to: $0.id) }
    }

    private func refunded(_ news: OrderNews, of order: Order) async throws {
        for movement in news.refunded where movement.amount > 0 {
            guard let holder = movement.holder else { continue }
            try await rooms.balance(of: holder, movement.balance, delta: movement.amount, reason: "refund", order: order.id.text)
        }
        let held = news.refunded.compactMap { movement in movement.holder.map { ($0, [movement]) } }
        let movements = Dictionary(held, uniquingKeysWith: +)
        try await tell(Array(movements.keys)) { person in movements[person.id].map { notices.refunded(order, $0) } }
    }

    /// Tells some people something each, as far as anything reaches them; they are ten at the most.
    private func tell(_ people: [Int], _ notice: (BoardPerson) -> Notice?) async throws {
        if people.isEmpty { return }
        for person in try await database.all(NewsQueries.reachable(people)) {
            if let notice = notice(person) { try await notifications.send(notice, to: .user(person.account)) }
        }
    }

    // MARK: Clients who do not answer

    /// Ten minutes after the first take: once, and only while there is still something to be answered.
    func remind(_ id: OrderID) async throws {
        try await database.transaction { _ in
            guard let order = try await database.first(OrderQueries.one(id)), order.isActive, order.isTaken,
                order.respondedAt == nil
            else { return }
            try await tell([order.client]) { _ in notices.reminder(order) }
        }
    }

    // MARK: Executors and payers

    private func reviewed(_ event: Event) async throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard let order = json["order"]?.string,
            let review = json["review"]?.int, let executor = json["executor"]?.int, let rating = json["rating"]?.int
        else { throw UnreadableEvent(name: event.name) }
        let average = json["average_rating"]?.number.map { "\($0)" } ?? "\(rating)"
        try await rooms.review(of: executor, order: order, rating: rating, average: average)
        try await tell([executor]) { _ in notices.reviewed(rating, order: order, review: review) }
    }

    private func balanceChanged(_ event: Event) async throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard let user = json["user"]?.int,
            let delta = json["delta"]?.int, let balance = json["balance"]?.int, let reason = json["reason"]?.string
        else { throw UnreadableEvent(name: event.name) }
        let payment = json["payment"]?.int
        try await rooms.balance(
            of: user, balance, delta: delta, reason: reason, order: json["order"]?.string, payment: payment)
        // Money that a provider refuses to give back comes into the balance again: that is no news of a refund.
        if reason == MovementType.paymentRefund.rawValue, delta < 0, let payment {
            try await tell([user]) { _ in notices.paymentRefunded(-delta, balance: balance, payment: payment) }
        }
    }

    /// Of the platform's payments those that fill balances.
    private func paymentChanged(_ event: Event) async throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard json["purpose"]?.string == RechargePurpose.name else { return }
        guard let id = json["purposeId"]?.string.flatMap({ UUID($0) }) else { throw UnreadableEvent(name: event.name) }
        guard let invoice = try await database.first(InvoiceQueries.invoice(ofPayment: id)),
            let standing = try await database.first(InvoiceQueries.standing(invoice.id, of: invoice.userID))
        else { return }
        try await rooms.payment(
            of: invoice.userID, invoice.id, standing.status.shown, amount: invoice.amount, balance: standing.balance)
        // He may have got another account since he began to pay: the money is whoever's has that account.
        guard event.name == "payment.succeeded",
            let holder = try await database.first(InvoiceQueries.holder(ofPayment: id))
        else { return }
        try await rooms.balance(
            of: holder.id, holder.balance, delta: invoice.amount, reason: MovementType.recharge.rawValue, payment: invoice.id)
        try await tell([holder.id]) { _ in notices.paid(invoice.amount, balance: holder.balance, payment: invoice.id) }
    }
}
