import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Makes of what has happened on the board what sockets hear, and leaves to jobs what people are told. Runs after the commit, on
/// events of the outbox, many at once, and may run again: a letter has a key and is sent once.
struct BoardNews: Sendable {
    let database: Database
    let rooms: NewsRooms
    let notices: BoardNotices
    let notifications: Notifications
    let jobs: Jobs
    let terms: UrgentTerms

    var handler: EventHandler {
        .ofMany(
            "urgent.news",
            on: Self.others.union(Self.payments).union([
                "urgent.order_created", "urgent.order_updated", "urgent.order_taken", "urgent.order_responded",
                "urgent.order_completed", "urgent.order_closed", "urgent.order_expired", "urgent.order_deleted",
                "urgent.order_refunded",
            ])
        ) { [self] events in try await hear(events) }
    }

    /// Events of the board that are not an order's.
    private static let others: Set = ["urgent.review_received", "urgent.balance_changed"]
    /// Events of all the platform's payments.
    private static let payments: Set = [
        "payment.succeeded", "payment.failed", "payment.cancelled", "payment.expired", "refund.succeeded",
    ]

    private func hear(_ events: [Event]) async throws {
        let payments = try events.map { Self.payments.contains($0.name) ? try Self.recharge($0) : nil }
        let invoices = try await invoices(Array(Set(payments.compactMap { $0 })))
        let news = try events.map {
            Self.others.contains($0.name) || Self.payments.contains($0.name) ? nil : try OrderNews($0)
        }
        let orders = try await orders(Array(Set(news.compactMap { $0?.order })))
        let chosen = try await chosen(zip(events, news).compactMap { $0.name == "urgent.order_completed" ? $1?.order : nil })
        var letters: [Letter] = []
        for (event, (news, payment)) in zip(events, zip(news, payments)) {
            if let news {
                guard let order = orders[news.order] else { continue }
                try await orderChanged(event.name, order, news, chosen: chosen[order.id], &letters)
                try await refunded(news, of: order, &letters)
            } else if event.name == "urgent.review_received" {
                try await reviewed(event, &letters)
            } else if event.name == "urgent.balance_changed" {
                try await balanceChanged(event, &letters)
            } else if let invoice = payment.flatMap({ invoices[$0] }) {
                try await paymentChanged(event.name, invoice, &letters)
            }
        }
        try await leave(letters)
        if events.contains(where: { $0.name == "urgent.order_created" }) {
            try await jobs.enqueue(NoticeJobs.notifyExecutors, Empty(), dedupe: "urgent:notify-executors")
        }
    }

    private func orders(_ ids: [OrderID]) async throws -> [OrderID: Order] {
        if ids.isEmpty { return [:] }
        let known = try await database.all(OrderQueries.each(ids))
        return Dictionary(known.map { ($0.output.id, $0.output) }) { first, _ in first }
    }

    /// The payment that an event tells of, if it fills a balance.
    private static func recharge(_ event: Event) throws -> UUID? {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard json["purpose"]?.string == RechargePurpose.name else { return nil }
        guard let id = json["purposeId"]?.string.flatMap({ UUID($0) }) else { throw UnreadableEvent(name: event.name) }
        return id
    }

    private func invoices(_ payments: [UUID]) async throws -> [UUID: InvoiceNews] {
        if payments.isEmpty { return [:] }
        let known = try await database.all(InvoiceQueries.news(of: payments))
        return Dictionary(known.map { ($0.payment, $0) }) { first, _ in first }
    }

    private func chosen(_ orders: [OrderID]) async throws -> [OrderID: Int] {
        if orders.isEmpty { return [:] }
        let known = try await database.all(NewsQueries.chosen(of: orders))
        return Dictionary(known.map { ($0.order, $0.executor) }) { first, _ in first }
    }

    // MARK: Orders

    private func orderChanged(
        _ event: String, _ order: Order, _ news: OrderNews, chosen: Int?, _ letters: inout [Letter]
    ) async throws {
        switch event {
        case "urgent.order_created": try await rooms.changed("order.created", order, toOrder: false)
        case "urgent.order_updated": try await rooms.changed("order.updated", order, toOrder: true)
        case "urgent.order_taken": try await taken(order, news, &letters)
        case "urgent.order_responded":
            try await rooms.responded(order)
            letters += order.takers.map { taker in Letter(taker) { notices.customerResponded(order, to: $0.id) } }
        case "urgent.order_completed":
            try await rooms.ended("order.completed", order)
            letters += order.takers.map { taker in
                Letter(taker) { notices.completed(order, isChosen: $0.id == chosen, to: $0.id) }
            }
        case "urgent.order_expired":
            try await rooms.ended("order.expired", order)
            letters.append(Letter(order.client) { _ in notices.expired(order) })
            letters += unrefunded(order, news)
        case "urgent.order_closed":
            try await rooms.ended("order.closed", order)
            letters += unrefunded(order, news)
        case "urgent.order_deleted": try await rooms.ended("order.deleted", order)
        default: break
        }
    }

    /// The order may have been taken again since: each take has its own place and instant.
    private func taken(_ order: Order, _ news: OrderNews, _ letters: inout [Letter]) async throws {
        guard let taker = news.taker, let index = order.takers.firstIndex(of: taker.executor) else { return }
        try await rooms.taken(order, count: index + 1, at: order.takenAt[index])
        if taker.amount > 0 {
            try await rooms.balance(
                of: taker.executor, taker.balance, delta: -taker.amount, reason: "order_take", order: order.id.text)
        }
        letters.append(
            Letter(order.client) { _ in notices.taken(order, by: taker.executor, place: index + 1, of: terms.executors) })
    }

    private func unrefunded(_ order: Order, _ news: OrderNews) -> [Letter] {
        let refunded = Set(news.refunded.map(\.executor))
        return order.takers.filter { !refunded.contains($0) }
            .map { taker in Letter(taker) { notices.closed(order, to: $0.id) } }
    }

    private func refunded(_ news: OrderNews, of order: Order, _ letters: inout [Letter]) async throws {
        for movement in news.refunded where movement.amount > 0 {
            guard let holder = movement.holder else { continue }
            try await rooms.balance(of: holder, movement.balance, delta: movement.amount, reason: "refund", order: order.id.text)
        }
        let held = news.refunded.compactMap { movement in movement.holder.map { ($0, [movement]) } }
        letters += Dictionary(held, uniquingKeysWith: +)
            .map { holder, movements in Letter(holder) { _ in notices.refunded(order, movements) } }
    }

    /// What somebody is to be told, if anything reaches him.
    private struct Letter {
        let user: Int
        let words: (BoardPerson) -> BoardLetter

        init(_ user: Int, _ words: @escaping (BoardPerson) -> BoardLetter) {
            self.user = user
            self.words = words
        }
    }

    /// A job for each person whom anything reaches: what he is told is written there, so that it holds up nobody's events.
    private func leave(_ letters: [Letter]) async throws {
        if letters.isEmpty { return }
        let reachable = try await database.all(NewsQueries.reachable(Array(Set(letters.map(\.user)))))
        let people = Dictionary(reachable.map { ($0.id, $0) }) { first, _ in first }
        var told: [UUID: [BoardLetter]] = [:]
        for letter in letters {
            if let person = people[letter.user] { told[person.account, default: []].append(letter.words(person)) }
        }
        try await jobs.enqueue(
            NoticeJobs.sendLetters, all: told.map { SendLetters(account: $0.key, letters: $0.value) })
    }

    func send(_ job: SendLetters) async throws {
        try await database.transaction { _ in
            for letter in job.letters { try await notifications.send(notices.notice(letter), to: .user(job.account)) }
        }
    }

    // MARK: Clients who do not answer

    /// How many are reminded in one transaction.
    private static let remindedAtOnce = 200

    /// Ten minutes after the first take: once, and only while there is still something to be answered.
    func remind() async throws {
        var found: Int
        repeat {
            found = try await database.transaction { _ in
                let due = try await database.all(NewsQueries.claimReminders(limit: Self.remindedAtOnce))
                let orders = try await orders(due.map { OrderID(stored: $0) })
                try await leave(
                    orders.values.filter { $0.isActive && $0.isTaken && $0.respondedAt == nil }
                        .map { order in Letter(order.client) { _ in notices.reminder(order) } })
                return due.count
            }
        } while found == Self.remindedAtOnce
    }

    // MARK: Executors and payers

    private func reviewed(_ event: Event, _ letters: inout [Letter]) async throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard let order = json["order"]?.string,
            let review = json["review"]?.int, let executor = json["executor"]?.int, let rating = json["rating"]?.int
        else { throw UnreadableEvent(name: event.name) }
        let average = json["average_rating"]?.number.map { "\($0)" } ?? "\(rating)"
        try await rooms.review(of: executor, order: order, rating: rating, average: average)
        letters.append(Letter(executor) { _ in notices.reviewed(rating, order: order, review: review) })
    }

    private func balanceChanged(_ event: Event, _ letters: inout [Letter]) async throws {
        let json = try JSONValue.decode(json: event.data.bytes)
        guard let user = json["user"]?.int,
            let delta = json["delta"]?.int, let balance = json["balance"]?.int, let reason = json["reason"]?.string
        else { throw UnreadableEvent(name: event.name) }
        let payment = json["payment"]?.int
        try await rooms.balance(
            of: user, balance, delta: delta, reason: reason, order: json["order"]?.string, payment: payment)
        // Money that a provider refuses to give back comes into the balance again: that is no news of a refund.
        if reason == MovementType.paymentRefund.rawValue, delta < 0, let payment {
            letters.append(Letter(user) { _ in notices.paymentRefunded(-delta, balance: balance, payment: payment) })
        }
    }

    private func paymentChanged(_ event: String, _ invoice: InvoiceNews, _ letters: inout [Letter]) async throws {
        let standing = invoice.standing
        try await rooms.payment(
            of: invoice.user, standing.id, standing.status.shown, amount: standing.amount, balance: standing.balance)
        guard event == "payment.succeeded", let holder = invoice.holder else { return }
        try await rooms.balance(
            of: holder.id, holder.balance, delta: standing.amount, reason: MovementType.recharge.rawValue, payment: standing.id)
        letters.append(
            Letter(holder.id) { _ in notices.paid(standing.amount, balance: holder.balance, payment: standing.id) })
    }
}
