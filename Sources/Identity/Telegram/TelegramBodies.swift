import JSON
import Values

/// What Telegram says of who somebody is.
struct TelegramSignIn: Shaped {
    let bot: String
    let initData: String?
    let loginData: String?

    static let shape = Shape(
        "TelegramSignIn", Self.init,
        Field("bot", { $0.bot }, .length(1...40), doc: "By which of our bots: `condo`, `urgent`."),
        Field("initData", { $0.initData }, .verbatim, .length(1...8192), doc: "Of a Mini App, as it was received."),
        Field(
            "loginData", { $0.loginData }, .verbatim, .length(1...8192),
            doc: "Or of the sign-in button of a page: the query of the address that it led back to."),
        example: ["bot", "initData"], check: { $0.mistakes })

    private var mistakes: [FieldError] {
        if (initData == nil) != (loginData == nil) { return [] }
        let code = initData == nil ? "required" : "conflict"
        return [FieldError(field: "initData", code: code, message: "one of initData and loginData is required")]
    }
}

/// The bot that an account is to be linked by.
struct TelegramWish: Shaped {
    let bot: String

    static let shape = Shape(
        "TelegramWish", Self.init,
        Field("bot", { $0.bot }, .length(1...40), doc: "One of our bots: `condo`, `urgent`."))
}

/// Where to speak to the bot, so that it knows whose account this is.
struct TelegramLinkView: WireOutput {
    let deepLink: String
    let expiresAt: Instant

    static let shape = Shape<TelegramLinkView>(
        output: "TelegramLink", Field("deepLink", { $0.deepLink }, doc: "Opens the bot in Telegram; works once."),
        Field("expiresAt", { $0.expiresAt }))
}
