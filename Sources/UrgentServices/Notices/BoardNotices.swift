import Notifications
import Service
import Values

/// What people of the board are told, in Russian as the board is: plain words, never with a contact.
struct BoardNotices: Sendable {
    /// The board's bot at Telegram; nil where nobody has said.
    let username: String?
    /// The same as the program calls it.
    let bot: String

    static let category: NoticeCategory = "urgent"
    /// What is urgent now is of no use to a browser that comes later (spec 5.8).
    private static let pushLife = Duration.minutes(10)

    // MARK: Executors

    /// What is open to an executor: one order as it is, of several their number and links.
    func digest(_ orders: [OpenOrder], to person: BoardPerson, claimed at: Instant) -> Notice? {
        guard let first = orders.first else { return nil }
        let key = "digest:\(person.id):\(at.microseconds)"
        if first.total == 1 {
            let text = "\(first.category), \(first.city)\nОсталось: \(first.minutesLeft) мин, свободных мест: \(first.free)"
            return notice("Новый срочный заказ", text, order: first.id, key: key)
        }
        let lines = orders.map { order in
            let place = "\(order.category), \(order.city) — \(order.minutesLeft) мин, мест: \(order.free)"
            return link(order.id).map { "\(place)\n\($0)" } ?? place
        }
        var notice = notice("Срочные заказы для вас: \(first.total)", lines.joined(separator: "\n\n"), order: nil, key: key)
        if username == nil { notice.body += "\n\nОткройте приложение, чтобы взять заказ." }
        return notice
    }

    func customerResponded(_ order: Order, to executor: Int) -> Notice {
        notice(
            "Заказчик ответил", "Заказчик отметил, что связался с исполнителями. \(Self.name(order))", order: order.id.text,
            key: "customer_responded:\(order.id):\(executor)")
    }

    func completed(_ order: Order, isChosen: Bool, to executor: Int) -> Notice {
        notice(
            "Заказ выполнен",
            isChosen
                ? "Заказчик завершил заказ и отметил вас исполнителем. \(Self.name(order))"
                : "Заказчик завершил заказ. \(Self.name(order))", order: order.id.text,
            key: "order_completed:\(order.id):\(executor)")
    }

    /// - Parameter movements: into one balance, the last one telling what is in it; more than one where its owner has taken the
    ///   order by two Telegrams.
    func refunded(_ order: Order, _ movements: [OrderNews.Movement]) -> Notice {
        let amount = movements.reduce(0) { $0 + $1.amount }
        let executors = movements.map { "\($0.executor)" }.joined(separator: "+")
        return notice(
            "Деньги возвращены",
            "Вам возвращено \(amount) ₽ за заказ: \(Self.name(order))\nБаланс: \(movements.last?.balance ?? 0) ₽",
            order: order.id.text, key: "order_closed_refund:\(order.id):\(executors)")
    }

    func closed(_ order: Order, to executor: Int) -> Notice {
        notice(
            order.status == .expired ? "Время заказа истекло" : "Заказ закрыт", Self.name(order), order: order.id.text,
            key: "order_closed:\(order.id):\(executor)")
    }

    func reviewed(_ rating: Int, order: String, review: Int) -> Notice {
        notice(
            "Новая оценка", "Заказчик оценил вашу работу: " + String(repeating: "★", count: rating)
                + String(repeating: "☆", count: 5 - rating), order: order, key: "review_received:\(review)")
    }

    // MARK: Customers

    /// - Parameter place: which of those who took it he is.
    func taken(_ order: Order, by executor: Int, place: Int, of places: Int) -> Notice {
        var text = "Ваш заказ взял исполнитель: \(place) из \(places). \(Self.name(order))"
        if order.respondedAt == nil, let end = order.noResponseAt {
            let minutes = max(0, Int(((min(end, order.expiresAt) - order.readAt).components.seconds + 59) / 60))
            text += "\nОтметьте, что вам ответили, иначе через \(minutes) мин заказ закроется сам."
        }
        return notice("Ваш заказ взяли", text, order: order.id.text, key: "order_taken:\(order.id):\(executor)")
    }

    func reminder(_ order: Order) -> Notice {
        let end = order.noResponseAt ?? order.expiresAt
        let minutes = max(0, Int(((min(end, order.expiresAt) - order.readAt).components.seconds + 59) / 60))
        return notice(
            "Исполнители ждут ответа",
            "Отметьте в заказе, что с вами связались: через \(minutes) мин он закроется сам. \(Self.name(order))",
            order: order.id.text, key: "respond_reminder:\(order.id)")
    }

    func expired(_ order: Order) -> Notice {
        notice(
            "Время заказа истекло",
            order.isTaken ? Self.name(order) : "Заказ можно обновить или удалить. \(Self.name(order))", order: order.id.text,
            key: "order_expired:\(order.id)")
    }

    // MARK: Payers

    func paid(_ amount: Int, balance: Int, payment: Int) -> Notice {
        notice(
            "Баланс пополнен", "Зачислено \(amount) ₽. Баланс: \(balance) ₽", order: nil, key: "payment_paid:\(payment)")
    }

    func paymentRefunded(_ amount: Int, balance: Int, payment: Int) -> Notice {
        notice(
            "Платёж возвращён", "Возвращено \(amount) ₽. Баланс: \(balance) ₽", order: nil, key: "payment_refunded:\(payment)")
    }

    // MARK: Parts

    /// Which order it is, without what somebody has written.
    private static func name(_ order: Order) -> String { "\(order.category), \(order.city)." }

    private func link(_ order: String) -> String? { username.map { "https://t.me/\($0)?startapp=order_\(order)" } }

    private func notice(_ title: String, _ text: String, order: String?, key: String) -> Notice {
        var notice = Notice(
            Self.category, subject: title, body: text, priority: .high, dedupeKey: "urgent:\(key)")
        notice.bot = bot
        // The board's client shows no list of notices.
        notice.isListed = false
        notice.actionURL = order.flatMap(link) ?? (order == nil ? username.map { "https://t.me/\($0)?startapp" } : nil)
        notice.browser = BrowserContent(
            ["url": notice.actionURL, "order_id": order].compactMapValues { $0 }, life: Self.pushLife)
        notice.actionTitle = notice.actionURL == nil ? nil : "Открыть"
        return notice
    }
}
