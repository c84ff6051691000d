import Values

/// What a code proves.
package enum CodePurpose: String, CaseIterable, Sendable {
    case signIn = "sign_in"
    case phone
    case twoFactor = "two_factor"
    /// Asked for by a product's tenant, of a phone that it will know.
    case scope
}

/// Whom a code is sent to: what it proves is that he reads there.
package enum CodeSubject: Hashable, Sendable {
    case email(EmailAddress)
    case phone(PhoneNumber)

    package var text: String {
        switch self {
        case .email(let email): email.text
        case .phone(let phone): phone.text
        }
    }
}

/// How long a code holds and how often it may be guessed (0-platform, 4.2).
struct CodeTerms: Equatable, Sendable {
    let life: Duration
    let attempts: Int

    init(life: Duration, attempts: Int) {
        self.life = life
        self.attempts = attempts
    }

    /// The text that is registered for India says ten minutes.
    init(_ subject: CodeSubject, _ purpose: CodePurpose) {
        if purpose == .twoFactor {
            (life, attempts) = (.minutes(10), 5)
        } else if case .phone(let phone) = subject, phone.text.hasPrefix("+91") {
            (life, attempts) = (.minutes(10), 5)
        } else {
            (life, attempts) = (.minutes(5), 3)
        }
    }
}
