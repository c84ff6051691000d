import JSON
import Service

/// What Engine.IO tells a client whose request is of no use. The numbers are the protocol's.
enum EngineError: Int, Sendable {
    case unknownTransport = 0
    case unknownSession = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case unsupportedVersion = 5

    var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .unsupportedVersion: "Unsupported protocol version"
        }
    }

    var answer: Answer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("code", rawValue)
        writer.member("message", message)
        writer.endObject()
        return .json(writer.bytes, status: 400)
    }
}
