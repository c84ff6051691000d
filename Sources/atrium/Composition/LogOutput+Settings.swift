import Glibc
import Service
import Telemetry

extension LogOutput {
    /// Lines for a person where a person looks, else JSON.
    convenience init(_ settings: Settings, loops: Int) {
        let format: LogFormat =
            switch settings[GeneralSettings.logStyle] {
            case .json: .json
            case .text: .terminal
            case .auto: isatty(1) == 1 ? .terminal : .json
            }
        self.init(level: settings[GeneralSettings.logLevel], format: format, loops: loops)
    }
}
