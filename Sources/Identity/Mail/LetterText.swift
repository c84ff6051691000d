import Notifications
import Values

/// What a letter says, in Russian to those who read it, else in English.
struct LetterText {
    let subject: String
    let body: String

    init(_ letter: Letter, name: String, in locale: UserLocale) {
        let text = locale == .ru || locale == .be || locale == .kk ? Self.russian(letter) : Self.english(letter)
        let greeting = locale == .ru || locale == .be || locale == .kk ? "Здравствуйте" : "Hello"
        subject = text.subject
        body = (name.isEmpty ? "\(greeting)!" : "\(greeting), \(name)!") + "\n\n" + text.body
    }

    private static let link = Notice.secretMark

    private static func english(_ letter: Letter) -> (subject: String, body: String) {
        switch letter {
        case .confirmation:
            ("Confirm your e-mail address", "Follow this link within 24 hours:\n\(link)")
        case .passwordReset:
            (
                "Choose a new password",
                "Follow this link within an hour:\n\(link)\n\nIf you did not ask for it, nothing has to be done."
            )
        case .setPassword:
            ("An account was made for you", "Choose a password within 72 hours:\n\(link)")
        case .passwordChanged:
            ("Your password was changed", "If it was not you, choose a new one at once and tell us.")
        case .suspended(let reason, let until):
            (
                "Your account is suspended",
                "Reason: \(reason)" + (until.map { "\nUntil: \($0.day)" } ?? "")
            )
        case .reactivated:
            ("Your account is open again", "You can sign in as before.")
        }
    }

    private static func russian(_ letter: Letter) -> (subject: String, body: String) {
        switch letter {
        case .confirmation:
            ("Подтвердите адрес почты", "Перейдите по ссылке в течение 24 часов:\n\(link)")
        case .passwordReset:
            (
                "Новый пароль",
                "Перейдите по ссылке в течение часа:\n\(link)\n\nЕсли вы этого не просили, ничего делать не нужно."
            )
        case .setPassword:
            ("Для вас создана учётная запись", "Придумайте пароль в течение 72 часов:\n\(link)")
        case .passwordChanged:
            ("Пароль изменён", "Если это были не вы, сразу смените пароль и сообщите нам.")
        case .suspended(let reason, let until):
            (
                "Учётная запись приостановлена",
                "Причина: \(reason)" + (until.map { "\nДо: \($0.day)" } ?? "")
            )
        case .reactivated:
            ("Учётная запись снова открыта", "Вы можете войти, как прежде.")
        }
    }
}
