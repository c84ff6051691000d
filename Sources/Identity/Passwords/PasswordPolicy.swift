import Values

/// Which passwords an account may have.
package struct PasswordPolicy: Sendable {
    /// The fewest characters; staff who choose a password for somebody else need more.
    package let minimum: Int

    package static let maximum = 128
    package static let minimumSetByStaff = 12

    package init(minimum: Int = 8) {
        self.minimum = minimum
    }

    /// The rule for a password chosen by platform staff on another's behalf.
    package var forStaff: PasswordPolicy { PasswordPolicy(minimum: max(minimum, Self.minimumSetByStaff)) }

    /// What is wrong with `password` for an account with these addresses, as errors of the member `field`.
    package func errors(in password: String, addresses: [String], field: String) -> [FieldError] {
        var errors: [FieldError] = []
        func refuse(_ code: String, _ message: String) {
            errors.append(FieldError(field: field, code: code, message: message))
        }
        if !(minimum...Self.maximum).contains(password.count) {
            refuse("length", "A password has \(minimum) to \(Self.maximum) characters.")
        }
        if !password.contains(where: \.isUppercase) { refuse("uppercase", "A password needs an upper-case letter.") }
        if !password.contains(where: \.isLowercase) { refuse("lowercase", "A password needs a lower-case letter.") }
        if !password.contains(where: { $0.isASCII && $0.isNumber }) { refuse("digit", "A password needs a digit.") }
        if CommonPasswords.contains(password) { refuse("common", "This password is among the first anybody tries.") }
        if isAddress(password, of: addresses) { refuse("address", "A password must not be the own address.") }
        return errors
    }

    /// Refuses with every reason at once.
    package func check(_ password: String, addresses: [String], field: String) throws {
        let errors = errors(in: password, addresses: addresses, field: field)
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    private func isAddress(_ password: String, of addresses: [String]) -> Bool {
        let password = password.lowercased()
        return addresses.contains { address in
            let address = address.lowercased()
            return password == address || password == address.prefix { $0 != "@" }
        }
    }
}
