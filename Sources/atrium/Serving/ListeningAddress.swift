import Runtime
import Service

/// HOST and PORT as a socket address.
enum ListeningAddress {
    static func of(_ settings: Settings) throws(SettingsError) -> SocketAddress {
        let host = settings[ServerSettings.host]
        let numeric = host == "localhost" ? "127.0.0.1" : host
        guard let address = SocketAddress(ip: numeric, port: UInt16(settings[ServerSettings.port])) else {
            throw SettingsError(
                ServerSettings.host, of: settings,
                reason: "expected a numeric address such as 127.0.0.1, 0.0.0.0 or ::")
        }
        return address
    }
}
