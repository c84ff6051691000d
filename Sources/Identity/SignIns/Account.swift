import Values

/// What a person types to say who he is.
enum Account: Hashable, Sendable {
    case email(EmailAddress)
    case phone(PhoneNumber)

    /// The key that failed attempts are counted under.
    var text: String {
        switch self {
        case .email(let email): email.text
        case .phone(let phone): phone.text
        }
    }

    /// One of the two addresses of a body, normalised.
    init(email: String?, phone: String?) throws {
        switch (email, phone) {
        case (let email?, nil):
            guard let email = EmailAddress(email) else {
                throw InvalidInput(field: "email", code: "email", message: "This is no e-mail address.")
            }
            self = .email(email)
        case (nil, let phone?):
            guard let phone = PhoneNumber(phone) else {
                throw InvalidInput(field: "phone", code: "phone", message: "This is no phone number.")
            }
            self = .phone(phone)
        case (nil, nil):
            throw InvalidInput(field: "email", code: "required", message: "Give an e-mail address or a phone number.")
        case (_?, _?):
            throw InvalidInput(field: "phone", code: "ambiguous", message: "Give one of e-mail and phone.")
        }
    }
}
