import Condominiums
import HTTP
import Identity
import Service
import Telemetry
import Values

/// Where to look, for whoever started the server.
enum Greeting {
    static func print(_ program: Program, _ server: HTTPServer, _ composition: Composition) async throws {
        let port = server.address?.port ?? 0
        let address = "http://\(host(program.settings)):\(port)"
        program.log.info("listening", ["address": .text("\(address)")])
        var lines = ["", "Atrium \(Version.current) listens on \(address)", ""]
        lines.append("  API and its description   \(address)/docs")
        lines.append("  health, metrics           \(address)/health  \(address)/metrics")
        if let cluster = program.cluster { lines.append("  database                  its own, in \(cluster.folder)") }
        lines += try await demo(composition)
        let given = program.settings.report(onlyGiven: true)
        if !given.isEmpty {
            lines += ["", "  settings given:"] + given.map { "    " + $0 }
        }
        Terminal.error(lines.joined(separator: "\n") + "\n")
    }

    /// Who may sign in, where the demo is loaded.
    private static func demo(_ composition: Composition) async throws -> [String] {
        let accounts = CondominiumDemo.accounts
        guard composition.demo != nil, let first = accounts.first, let email = EmailAddress(first.email),
            try await composition.identity.users.find(email: email) != nil
        else { return [] }
        let width = accounts.map(\.email.count).max() ?? 0
        return ["", "  the demo's people, with the password \(first.password):"]
            + accounts.map { "    \($0.email)\(String(repeating: " ", count: width - $0.email.count))  \($0.role)" }
    }

    private static func host(_ settings: Settings) -> String {
        let host = settings[ServerSettings.host]
        return host.contains(":") ? "[\(host)]" : host
    }
}
