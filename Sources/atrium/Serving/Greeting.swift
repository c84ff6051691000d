import HTTP
import Service
import Telemetry

/// Where to look, for whoever started the server.
enum Greeting {
    static func print(_ program: Program, _ server: HTTPServer) {
        let port = server.address?.port ?? 0
        let address = "http://\(host(program.settings)):\(port)"
        program.log.info("listening", ["address": .text("\(address)")])
        var lines = ["", "Atrium \(Version.current) listens on \(address)", ""]
        lines.append("  API and its description   \(address)/docs")
        lines.append("  health, metrics           \(address)/health  \(address)/metrics")
        if let cluster = program.cluster { lines.append("  database                  its own, in \(cluster.folder)") }
        let given = program.settings.report(onlyGiven: true)
        if !given.isEmpty {
            lines += ["", "  settings given:"] + given.map { "    " + $0 }
        }
        Terminal.error(lines.joined(separator: "\n") + "\n")
    }

    private static func host(_ settings: Settings) -> String {
        let host = settings[ServerSettings.host]
        return host.contains(":") ? "[\(host)]" : host
    }
}
