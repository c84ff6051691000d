/// How a WebSocket came to its end.
package enum WebSocketEnd: Equatable, Sendable {
    /// The client closed it, with a code or without.
    case closed(CloseCode?)
    /// We closed it: because we wanted to, or because the client broke a rule.
    case closing(CloseCode)
    /// More waited for the client than may wait, or none of it was taken for too long.
    case slow
    /// No sign of life after a ping.
    case silent
    /// The connection broke.
    case broken

    /// For metrics: what to call it.
    package var name: StaticString {
        switch self {
        case .closed: "client"
        case .closing(.goingAway): "going_away"
        case .closing: "server"
        case .slow: "slow"
        case .silent: "silent"
        case .broken: "broken"
        }
    }
}
