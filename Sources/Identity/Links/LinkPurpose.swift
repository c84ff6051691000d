import Values

/// What a link in a mail is good for.
enum LinkPurpose: String, CaseIterable, Sendable {
    case passwordReset = "password_reset"
    case setPassword = "set_password"
    case emailVerification = "email_verification"

    var life: Duration {
        switch self {
        case .passwordReset: .hours(1)
        case .setPassword: .hours(72)
        case .emailVerification: .hours(24)
        }
    }

    /// The page of the app that the link opens.
    var page: String {
        switch self {
        case .passwordReset, .setPassword: "/password-reset"
        case .emailVerification: "/email-verification"
        }
    }
}
