/// Everything that is wrong with the settings, at once: an operator mends them in one go.
package struct SettingsError: Error, CustomStringConvertible {
    package let problems: [Problem]

    package struct Problem: Sendable, Equatable {
        package let name: String
        package let origin: SettingOrigin
        package let reason: String
    }

    package init(_ problems: [Problem]) { self.problems = problems }

    /// A value whose mistake shows only when it is used.
    package init(_ row: any SettingRow, of settings: Settings, reason: String) {
        problems = [Problem(name: row.environment, origin: settings.origin(of: row), reason: reason)]
    }

    package var description: String {
        problems.map { "\($0.name) (\($0.origin)): \($0.reason)" }.joined(separator: "\n")
    }
}

/// Where a value comes from. What operators have set while the program runs wins over the environment, that over the file,
/// the file over the default.
package enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// Set in `/admin/settings`.
    case operators
    case environment
    case file(String, line: Int)
    case command
    case fallback

    package var description: String {
        switch self {
        case .operators: "settings"
        case .environment: "environment"
        case .file(let path, let line): "\(path):\(line)"
        case .command: "command line"
        case .fallback: "default"
        }
    }
}
