import JSON
import Values

/// An account to be made.
package struct NewUser: Sendable {
    package var email: EmailAddress?
    package var phone: PhoneNumber?
    package var firstName: String
    package var middleName: String?
    package var lastName: String
    package var locale: UserLocale
    package var timeZone: String?
    package var department: Department?
    /// Where the account comes from: `register`, `staff`, a product's name.
    package var source: String

    package init(
        email: EmailAddress? = nil, phone: PhoneNumber? = nil, firstName: String = "", middleName: String? = nil,
        lastName: String = "", locale: UserLocale = .ru, timeZone: String? = nil, department: Department? = nil,
        source: String
    ) {
        self.email = email
        self.phone = phone
        self.firstName = firstName
        self.middleName = middleName
        self.lastName = lastName
        self.locale = locale
        self.timeZone = timeZone
        self.department = department
        self.source = source
    }

    func user(status: UserStatus, passwordHash: String?, at now: Instant) -> User {
        User(
            id: .new(), createdAt: now, updatedAt: now, email: email?.text, emailVerifiedAt: nil, phone: phone?.text,
            phoneVerifiedAt: nil, passwordHash: passwordHash, firstName: firstName, middleName: middleName,
            lastName: lastName, locale: locale, timeZone: timeZone, avatarFileID: nil, birthOn: nil, status: status, suspendedUntil: nil,
            statusReason: nil, department: department, mustChangePassword: false, twoFactor: .none, tokenVersion: 0,
            preferences: JSONText(trusted: Array("{}".utf8)), source: source,
            termsAcceptedAt: nil, lastLoginAt: nil, lastLoginAddress: nil, lastActiveAt: nil, deletedAt: nil)
    }
}
