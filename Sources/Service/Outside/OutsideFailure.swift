import HTTP

/// Why an outside service gave no answer that can be used. What it refuses of our wishes is an answer and none of these.
package enum OutsideFailure: Error, Equatable, CustomStringConvertible {
    /// It has failed too often within a minute and is left alone; nothing was sent.
    case resting
    /// Nothing was sent: no name, no connection, no room.
    case unreachable(String)
    /// The request was sent, and no answer came: whether it was carried out is not known.
    case unanswered(String)
    /// 5xx or 429.
    case failing(Int)
    /// 401 or 403: our own credentials do not hold there.
    case rejectingUs(Int)
    /// It answered what its protocol does not know: whether the request was carried out is not known.
    case incomprehensible(String)

    /// Whether it may have done what was asked. A server that fails may have failed afterwards.
    package var mayHaveActed: Bool {
        switch self {
        case .resting, .unreachable, .rejectingUs: false
        case .unanswered, .incomprehensible: true
        case .failing(let status): status != 429
        }
    }

    package init(_ error: ClientError) {
        self = error.mayHaveBeenSent ? .unanswered(error.description) : .unreachable(error.description)
    }

    package var description: String {
        switch self {
        case .resting: "left alone after failures"
        case .unreachable(let reason), .unanswered(let reason), .incomprehensible(let reason): reason
        case .failing(let status): "answered \(status)"
        case .rejectingUs(let status): "answered \(status) to our credentials"
        }
    }
}

/// A mistake of the program: what an outside service has done would not be undone with the transaction, and its connection
/// would be held until that service answers.
package struct AskedInTransaction: Error {
    package init() {}
}
