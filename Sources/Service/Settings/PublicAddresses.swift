/// Under which addresses this installation is known.
package struct PublicAddresses: Sendable {
    package let server: String
    /// Where links in messages and payers' ways back lead; the server itself where there is no application.
    package let app: String
    /// Where the server is reached from its own machine.
    package let local: String

    package init(_ settings: Settings) {
        let port = settings[ServerSettings.port]
        let host = settings[ServerSettings.host]
        let own = ["0.0.0.0", "::", "localhost"].contains(host) ? "127.0.0.1" : host
        local = "http://\(own.contains(":") ? "[\(own)]" : own):\(port)"
        server = settings[GeneralSettings.publicURL] ?? "http://localhost:\(port)"
        app = settings[GeneralSettings.appURL] ?? server
    }
}
