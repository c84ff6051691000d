import Service

/// Why a socket is not opened.
enum RealtimeProblem: String, ProblemKind {
    case originRefused = "origin_refused"
    case upgradeRequired = "upgrade_required"
    case websocketKeyInvalid = "websocket_key_invalid"
    case subprotocolUnknown = "subprotocol_unknown"
    case socketsExhausted = "sockets_exhausted"

    var status: Int {
        switch self {
        case .originRefused: 403
        case .upgradeRequired: 426
        case .websocketKeyInvalid, .subprotocolUnknown: 400
        case .socketsExhausted: 503
        }
    }

    var detail: String {
        switch self {
        case .originRefused: "Pages of this origin may not open sockets; see CORS_ORIGINS."
        case .upgradeRequired: "This path speaks WebSocket, version 13, and nothing else."
        case .websocketKeyInvalid: "Sec-WebSocket-Key is not the base64 of 16 bytes."
        case .subprotocolUnknown: "The subprotocol that is spoken here is platform.v1."
        case .socketsExhausted: "There are as many sockets as this server bears; try again shortly."
        }
    }
}
