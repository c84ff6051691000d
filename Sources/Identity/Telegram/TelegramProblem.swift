import Service

/// Refusals around Telegram.
package enum TelegramProblem: String, ProblemKind {
    case initDataInvalid = "init_data_invalid"
    case initDataExpired = "init_data_expired"
    case botUnknown = "bot_unknown"
    case telegramTaken = "telegram_taken"
    case notLinked = "not_linked"
    case lastWayIn = "last_way_in"

    package var status: Int {
        switch self {
        case .initDataInvalid, .initDataExpired: 401
        case .notLinked: 404
        case .telegramTaken, .lastWayIn: 409
        case .botUnknown: 422
        }
    }

    package var detail: String {
        switch self {
        case .initDataInvalid: "This proves nobody."
        case .initDataExpired: "This is too old; open the app in Telegram again."
        case .botUnknown: "There is no such bot here."
        case .telegramTaken: "This Telegram account belongs to another account here."
        case .notLinked: "The account is not linked to Telegram."
        case .lastWayIn: "Choose a password first, or confirm an address: without Telegram nobody could sign in any more."
        }
    }
}
