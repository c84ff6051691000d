/// What a product lets its bot say.
package struct BotVoice: Sendable {
    /// `urgent`
    package let bot: String
    /// What the bot is for, in a sentence or two.
    let purpose: BotText
    /// What stands on the button that opens the product's app in Telegram; nil where there is none.
    let opening: BotText?
    /// Where people turn to, about payments too; nil where the operator has not said.
    let support: String?

    package init(_ bot: String, purpose: BotText, opening: BotText? = nil, support: String? = nil) {
        self.bot = bot
        self.purpose = purpose
        self.opening = opening
        self.support = support
    }

    /// Of a bot that no product speaks for.
    static func silent(_ bot: String) -> BotVoice {
        BotVoice(
            bot,
            purpose: BotText(
                "This bot brings you your notices.", ru: "Этот бот приносит вам уведомления."))
    }
}
