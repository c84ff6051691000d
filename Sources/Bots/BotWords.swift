import Identity
import Notifications
import Service

/// What bots answer.
struct BotWords {
    let voice: BotVoice
    /// The bot's name at Telegram; nil where nobody has said.
    let username: String?
    /// Of the reader.
    let language: String?

    /// To `/start`: what the bot is for, and the way into the app, with what the link carried.
    func greeting(_ parameter: String?) -> Notice { notice(say(voice.purpose), opening: parameter) }

    /// To `/start` with a link of an account.
    var linked: Notice {
        notice(
            say(
                BotText(
                    "Your account is connected with Telegram. Notices come here from now on.",
                    ru: "Ваш аккаунт подключён к Telegram. Уведомления теперь приходят сюда.")))
    }

    /// The link did not do what it should.
    func refused(_ problem: Problem) -> Notice {
        let isTaken = problem.code == TelegramProblem.telegramTaken.rawValue
        return notice(
            say(
                isTaken
                    ? BotText(
                        "This Telegram belongs to another account already.", ru: "Этот Telegram уже подключён к другому аккаунту.")
                    : BotText(
                        "This link does not work, or not any more. Please ask for a new one in your account.",
                        ru: "Ссылка не действует или устарела. Запросите новую в своём аккаунте.")))
    }

    /// To `/paysupport`: bots that take Stars have to say where payers turn to.
    var paymentSupport: Notice {
        guard let support = voice.support else {
            return notice(
                say(
                    BotText(
                        "Write here what is wrong with your payment; the operator of this bot answers.",
                        ru: "Напишите здесь, что не так с платежом: вам ответит оператор бота.")))
        }
        return notice(
            say(BotText("Questions about payments and refunds:", ru: "Вопросы о платежах и возвратах:")) + " \(support)")
    }

    /// To `/help`.
    var help: Notice {
        let contact = voice.support.map { "\n\n" + say(BotText("Support:", ru: "Поддержка:")) + " \($0)" } ?? ""
        return notice(say(voice.purpose) + "\n\n/start\n/paysupport\n/help" + contact, opening: nil)
    }

    /// Letters, digits, `_` and `-`: what Telegram lets a link carry.
    private static func isOfParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func say(_ text: BotText) -> String { text.text(in: language) }

    private func notice(_ text: String) -> Notice { Notice(.system, subject: "", body: text, priority: .high) }

    /// With the button that opens the app where there is one.
    private func notice(_ text: String, opening parameter: String?) -> Notice {
        var notice = notice(text)
        guard let username, let title = voice.opening else { return notice }
        notice.actionTitle = say(title)
        // What somebody has typed himself is no parameter of Telegram's.
        let isOwn = parameter?.utf8.allSatisfy(Self.isOfParameter) == true
        notice.actionURL = "https://t.me/\(username)?startapp" + (isOwn ? parameter.map { "=\($0)" } ?? "" : "")
        return notice
    }
}
