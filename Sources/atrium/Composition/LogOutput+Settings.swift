import Service
import Telemetry

extension LogOutput {
    /// Lines for a person where a person looks, else JSON.
    convenience init(_ settings: Settings, loops: Int) {
        let sink = DescriptorSink()
        let format: LogFormat =
            switch settings[GeneralSettings.logStyle] {
            case .json: .json
            case .text: .terminal
            case .auto: sink.isTerminal ? .terminal : .json
            }
        self.init(level: settings[GeneralSettings.logLevel], format: format, sink: sink, loops: loops)
    }
}
