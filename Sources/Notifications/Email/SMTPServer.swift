import Service

/// The mail server that takes our mails, and how it is spoken to.
package struct SMTPServer: Sendable {
    /// How far the connection is protected.
    package enum Protection: String, SettingValue, CaseIterable {
        /// TLS from the first byte on port 465, STARTTLS on any other; no mail leaves without.
        case required
        /// In clear: for a server on this machine.
        case none
    }

    package let host: String
    package let port: UInt16
    package let protection: Protection
    package let credentials: Credentials?

    package struct Credentials: Sendable {
        package let user: String
        package let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package init(host: String, port: UInt16, protection: Protection = .required, credentials: Credentials? = nil) {
        self.host = host
        self.port = port
        self.protection = protection
        self.credentials = credentials
    }

    /// RFC 8314, section 3.3.
    var isSecureAtOnce: Bool { protection == .required && port == 465 }
}
