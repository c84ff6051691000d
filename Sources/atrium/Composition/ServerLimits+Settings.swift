import HTTP
import Service

extension ServerLimits {
    /// The bounds of the server as the settings have them; what has no setting keeps its default.
    init(_ settings: Settings) {
        self.init()
        head = HeadLimits(
            line: settings[LimitSettings.requestLine].bytes, fields: settings[LimitSettings.head].bytes,
            count: settings[LimitSettings.fields])
        firstByte = settings[LimitSettings.firstByte].duration
        headTime = settings[LimitSettings.headTime].duration
        bodyIdle = settings[LimitSettings.bodyIdle].duration
        bodyTime = settings[LimitSettings.bodyTime].duration
        idle = settings[LimitSettings.idle].duration
        writeStall = settings[LimitSettings.writeStall].duration
        unreadAnswer = settings[LimitSettings.unread].bytes
        handler = settings[LimitSettings.handler].duration
        connections = settings[LimitSettings.connections]
        connectionsPerAddress = settings[LimitSettings.connectionsPerAddress]
        inFlight = settings[LimitSettings.inFlight]
    }
}
