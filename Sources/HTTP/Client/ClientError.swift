/// Why there is no response.
package enum ClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A field cannot be put on the wire.
    case malformedRequest
    case resolving(String)
    case connecting(String)
    /// The handshake failed; above all: the certificate is not one for this host that a trusted authority signed.
    case securing(String)
    /// The proxy answered CONNECT with this status.
    case proxy(Int)
    /// Too many requests wait for a connection to this host.
    case overloaded
    /// The time was over. `sent`: whether any byte of the request had left.
    case timeout(sent: Bool)
    /// The connection broke before the response was whole.
    case connectionLost(sent: Bool)
    case cancelled(sent: Bool)
    case malformedResponse
    case responseTooLarge

    /// Whether the other side may have acted on the request: then a repetition is only safe for what is idempotent.
    package var mayHaveBeenSent: Bool {
        switch self {
        case .malformedRequest, .resolving, .connecting, .securing, .proxy, .overloaded: false
        case .timeout(let sent), .connectionLost(let sent), .cancelled(let sent): sent
        case .malformedResponse, .responseTooLarge: true
        }
    }

    package var description: String {
        switch self {
        case .malformedRequest: "a field of the request cannot be sent"
        case .resolving(let reason): "cannot resolve: \(reason)"
        case .connecting(let reason): "cannot connect: \(reason)"
        case .securing(let reason): "TLS: \(reason)"
        case .proxy(let status): "the proxy answered \(status)"
        case .overloaded: "too many requests wait for this host"
        case .timeout(let sent): "timed out \(sent ? "after" : "before") sending"
        case .connectionLost(let sent): "connection lost \(sent ? "after" : "before") sending"
        case .cancelled(let sent): "cancelled \(sent ? "after" : "before") sending"
        case .malformedResponse: "malformed response"
        case .responseTooLarge: "response too large"
        }
    }
}
