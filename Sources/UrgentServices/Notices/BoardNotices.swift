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
            return notice(BoardLetter("Новый срочный заказ", text, order: first.id, key: key))
        }
        let lines = orders.map { order in
            let place = "\(order.category), \(order.city) — \(order.minutesLeft) мин, мест: \(order.free)"
            return link(order.id).map { "\(place)\n\($0)" } ?? place
        }
        var text = lines.joined(separator: "\n\n")
        if username == nil { text += "\n\nОткройте приложение, чтобы взять заказ." }
        return notice(BoardLetter("Срочные заказы для вас: \(first.total)", text, order: nil, key: key))
    }

    func customerResponded(_ order: Order, to executor: Int) -> BoardLetter {
        BoardLetter(
            "Заказчик ответил", "Заказчик отметил, что связался с исполнителями. \(Self.name(order))", order: order.id.text,
            key: "customer_responded:\(order.id):\(executor)")
    }

    func completed(_ order: Order, isChosen: Bool, to executor: Int) -> BoardLetter {
        BoardLetter(
            "Заказ выполнен",
            isChosen
                ? "Заказчик завершил заказ и отметил вас исполнителем. \(Self.name(order))"
                : "Заказчик завершил заказ. \(Self.name(order))", order: order.id.text,
            key: "order_completed:\(order.id):\(executor)")
    }

    /// - Parameter movements: into one balance, the last one telling what is in it; more than one where its owner has taken the
    ///   order by two Telegrams.
    func refunded(_ order: Order, _ movements: [OrderNews.Movement]) -> BoardLetter {
        let amount = movements.reduce(0) { $0 + $1.amount }
        let executors = movements.map { "\($0.executor)" }.joined(separator: "+")
        return BoardLetter(
            "Деньги возвращены",
            "Вам возвращено \(amount) ₽ за заказ: \(Self.name(order))\nБаланс: \(movements.last?.balance ?? 0) ₽",
            order: order.id.text, key: "order_closed_refund:\(order.id):\(executors)")
    }

    func closed(_ order: Order, to executor: Int) -> BoardLetter {
        BoardLetter(
            order.status == .expired ? "Время заказа истекло" : "Заказ закрыт", Self.name(order), order: order.id.text,
            key: "order_closed:\(order.id):\(executor)")
    }

    func reviewed(_ rating: Int, order: String, review: Int) -> BoardLetter {
        BoardLetter(
            "Новая оценка", "Заказчик оценил вашу работу: " + String(repeating: "★", count: rating)
                + String(repeating: "☆", count: 5 - rating), order: order, key: "review_received:\(review)")
    }

    // MARK: Customers

    /// - Parameter place: which of those who took it he is.
    func taken(_ order: Order, by executor: Int, place: Int, of places: Int) -> BoardLetter {
        var text = "Ваш заказ взял исполнитель: \(place) из \(places). \(Self.name(order))"
        if order.respondedAt == nil, let end = order.noResponseAt {
            let minutes = max(0, Int(((min(end, order.expiresAt) - order.readAt).components.seconds + 59) / 60))
            text += "\nОтметьте, что вам ответили, иначе через \(minutes) мин заказ закроется сам."
        }
        return BoardLetter("Ваш заказ взяли", text, order: order.id.text, key: "order_taken:\(order.id):\(executor)")
    }

    func reminder(_ order: Order) -> BoardLetter {
        let end = order.noResponseAt ?? order.expiresAt
        let minutes = max(0, Int(((min(end, order.expiresAt) - order.readAt).components.seconds + 59) / 60))
        return BoardLetter(
            "Исполнители ждут ответа",
            "Отметьте в заказе, что с вами связались: через \(minutes) мин он закроется сам. \(Self.name(order))",
            order: order.id.text, key: "respond_reminder:\(order.id)")
    }

    func expired(_ order: Order) -> BoardLetter {
        BoardLetter(
            "Время заказа истекло",
            order.isTaken ? Self.name(order) : "Заказ можно обновить или удалить. \(Self.name(order))", order: order.id.text,
            key: "order_expired:\(order.id)")
    }

    // MARK: Payers

    func paid(_ amount: Int, balance: Int, payment: Int) -> BoardLetter {
        BoardLetter(
            "Баланс пополнен", "Зачислено \(amount) ₽. Баланс: \(balance) ₽", order: nil, key: "payment_paid:\(payment)")
    }

    func paymentRefunded(_ amount: Int, balance: Int, payment: Int) -> BoardLetter {
        BoardLetter(
            "Платёж возвращён", "Возвращено \(amount) ₽. Баланс: \(balance) ₽", order: nil, key: "payment_refunded:\(payment)")
    }

    // MARK: Parts

    /// Which order it is, without what somebody has written.
    private static func name(_ order: Order) -> String { "\(order.category), \(order.city)." }

    private func link(_ order: String) -> String? { username.map { "https://t.me/\($0)?startapp=order_\(order)" } }

    /// A letter as it is sent.
    func notice(_ letter: BoardLetter) -> Notice {
        let order = letter.order
        var notice = Notice(
            Self.category, subject: letter.title, body: letter.text, priority: .high, dedupeKey: "urgent:\(letter.key)")
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
