import Glibc
import Service
import UrgentServices

/// Where a command's settings come from: the environment, over the file of `--config` or, if it is there,
/// config/atrium.env of the folder the command was started in.
enum SettingsSource {
    static let usualFile = "config/atrium.env"

    static func read(_ arguments: Arguments) throws(SettingsError) -> Settings {
        try Settings(
            rows: Composition.settingRows, environment: environment(), aliases: UrgentSettings.aliases, file: file(arguments))
    }

    private static func file(_ arguments: Arguments) throws(SettingsError) -> SettingsFile? {
        if let path = arguments.value("--config") { return try SettingsFile.read(path: path) }
        return access(usualFile, R_OK) == 0 ? try SettingsFile.read(path: usualFile) : nil
    }

    private static func environment() -> [String: String] {
        var found: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return found
    }
}
