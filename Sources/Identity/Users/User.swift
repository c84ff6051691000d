import JSON
import Values

/// A person's account, one for every product.
///
/// pending → active once an address is confirmed; active ⇄ suspended; active or suspended → banned → active; any →
/// deleted, which erases everything personal. Whoever is neither suspended, banned nor deleted may sign in.
package struct User: Sendable {
    package let id: ID<User>
    package let createdAt: Instant
    package internal(set) var updatedAt: Instant
    package internal(set) var email: String?
    package internal(set) var emailVerifiedAt: Instant?
    package internal(set) var phone: String?
    package internal(set) var phoneVerifiedAt: Instant?
    package internal(set) var passwordHash: String?
    package internal(set) var firstName: String
    package internal(set) var middleName: String?
    package internal(set) var lastName: String
    package internal(set) var locale: UserLocale
    package internal(set) var timeZone: String?
    package internal(set) var avatarFileID: UUID?
    package internal(set) var birthOn: Day?
    package internal(set) var status: UserStatus
    package internal(set) var suspendedUntil: Instant?
    package internal(set) var statusReason: String?
    package internal(set) var department: Department?
    package internal(set) var mustChangePassword: Bool
    package internal(set) var twoFactor: TwoFactor
    package internal(set) var tokenVersion: Int
    package internal(set) var preferences: JSONText
    package internal(set) var source: String?
    package internal(set) var termsAcceptedAt: Instant?
    package internal(set) var lastLoginAt: Instant?
    package internal(set) var lastLoginAddress: String?
    package internal(set) var lastActiveAt: Instant?
    package internal(set) var deletedAt: Instant?

    /// The name as others see it.
    package var name: String {
        Self.name(first: firstName, middle: middleName, last: lastName, email: email, phone: phone)
    }

    /// An account made from an address alone shows the part before the `@`. The same in SQL is `identity.name_of`.
    static func name(first: String, middle: String?, last: String, email: String?, phone: String?) -> String {
        let names = [first, middle ?? "", last].filter { !$0.isEmpty }
        if !names.isEmpty { return names.joined(separator: " ") }
        return email.map { String($0.prefix { $0 != "@" }) } ?? phone ?? ""
    }

    package var addresses: [String] { [email, phone].compactMap { $0 } }
    package var maySignIn: Bool { status == .pending || status == .active }
}

extension User {
    /// Takes the right to sign in away for a while, or until it is given back.
    mutating func suspend(until: Instant?, reason: String) throws(UserProblem) {
        switch status {
        case .suspended: throw .alreadySuspended
        case .banned: throw .alreadyBanned
        case .deleted: throw .userDeleted
        case .pending, .active: break
        }
        status = .suspended
        suspendedUntil = until
        statusReason = reason
        tokenVersion += 1
    }

    /// Takes it away for good.
    mutating func ban(reason: String) throws(UserProblem) {
        if status == .banned { throw .alreadyBanned }
        if status == .deleted { throw .userDeleted }
        status = .banned
        suspendedUntil = nil
        statusReason = reason
        tokenVersion += 1
    }

    /// Gives it back.
    mutating func reactivate() throws(UserProblem) {
        guard status == .suspended || status == .banned else { throw .notSuspended }
        status = .active
        suspendedUntil = nil
        statusReason = nil
    }

    /// The address is proved to be the user's.
    mutating func confirmEmail(at now: Instant) {
        emailVerifiedAt = emailVerifiedAt ?? now
        if status == .pending { status = .active }
    }

    /// Erases the person; money, invoices and the audit trail keep only the id.
    mutating func delete(at now: Instant) throws(UserProblem) {
        if status == .deleted { throw .userDeleted }
        status = .deleted
        deletedAt = now
        (email, emailVerifiedAt, phone, phoneVerifiedAt) = (nil, nil, nil, nil)
        (firstName, middleName, lastName) = ("", nil, "")
        (passwordHash, birthOn, avatarFileID, timeZone, statusReason) = (nil, nil, nil, nil, nil)
        suspendedUntil = nil
        preferences = JSONText(trusted: Array("{}".utf8))
        (lastLoginAddress, department, source) = (nil, nil, nil)
        tokenVersion += 1
    }
}
