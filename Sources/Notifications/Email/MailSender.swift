import Values

/// In whose name mails go out.
package struct MailSender: Sendable {
    package let address: EmailAddress
    /// What readers see beside the address; empty for none.
    package let name: String

    package init(_ address: EmailAddress, name: String = "") {
        self.address = address
        self.name = name
    }

    /// What stands behind the at sign.
    var domain: Substring { address.text.drop { $0 != "@" }.dropFirst() }
}
