import Values

/// What the platform's staff changes of an account; nil leaves a member as it is.
struct StaffChange: Sendable {
    var email: EmailAddress?
    var phone: Patch<PhoneNumber?> = .absent
    var firstName: String?
    var middleName: Patch<String?> = .absent
    var lastName: String?
    var department: Patch<Department?> = .absent
    var role: String?
    var codes: [String]?

    func apply(to user: inout User) {
        if let email, email.text != user.email {
            user.email = email.text
            user.emailVerifiedAt = nil
        }
        if case .set(let phone) = phone, phone?.text != user.phone {
            user.phone = phone?.text
            user.phoneVerifiedAt = nil
        }
        user.firstName = firstName ?? user.firstName
        user.middleName = middleName.value(or: user.middleName)
        user.lastName = lastName ?? user.lastName
        user.department = department.value(or: user.department)
    }
}
