import Values

/// What a link is good for.
enum LinkPurpose: String, CaseIterable, Sendable {
    case passwordReset = "password_reset"
    case setPassword = "set_password"
    case emailVerification = "email_verification"
    /// Followed in Telegram, not mailed.
    case telegramLink = "telegram_link"

    var life: Duration {
        switch self {
        case .passwordReset: .hours(1)
        case .setPassword: .hours(72)
        case .emailVerification: .hours(24)
        case .telegramLink: .minutes(15)
        }
    }

    /// The mail with a link to the page of the app that it opens; nil for what is not mailed.
    func letter(_ app: String, _ token: String) -> Letter? {
        switch self {
        case .passwordReset: .passwordReset(link: Self.choice(app, token))
        case .setPassword: .setPassword(link: Self.choice(app, token))
        case .emailVerification: .confirmation(link: "\(app)/email-verification?token=\(token)")
        case .telegramLink: nil
        }
    }

    /// The page of the app where a password is chosen.
    static func choice(_ app: String, _ token: String) -> String { "\(app)/password-reset?token=\(token)" }
}
