import JSON
import Telemetry

/// Where the process runs and how it is known.
package enum GeneralSettings {
    package static let environment = Setting<Deployment>(
        "ENVIRONMENT", "general.environment", default: .development,
        meaning: "What this installation is for. In production secrets are required and sandboxes are refused.")
    package static let dataFolder = Setting<String>(
        "DATA_DIR", "general.dataFolder", default: ".data", .notEmpty,
        meaning: "Folder of the private database and of everything else that is kept on this machine.")
    package static let publicURL = Setting<String?>(
        "PUBLIC_URL", "general.publicURL", default: nil, .webAddress, requiredInProduction: true,
        meaning: "Address under which clients and payment providers reach this server. Left out: localhost and its PORT.")
    package static let appURL = Setting<String?>(
        "APP_URL", "general.appURL", default: nil, .webAddress,
        meaning: "Address of the web application, for links in messages.")
    package static let logLevel = Setting<LogLevel>(
        "LOG_LEVEL", "general.logLevel", default: .info, meaning: "The least important record that is written.")
    package static let logStyle = Setting<LogStyle>(
        "LOG_FORMAT", "general.logStyle", default: .auto,
        meaning: "JSON lines, text for people, or what suits the place that the log goes to.")

    package static let rows: [any SettingRow] = [
        environment, dataFolder, publicURL, appURL, logLevel, logStyle,
    ]
}

package enum Deployment: String, SettingValue, WireEnum {
    case development, test, production
}

package enum LogStyle: String, SettingValue, CaseIterable {
    case auto, json, text
}

extension LogLevel: SettingValue {}
