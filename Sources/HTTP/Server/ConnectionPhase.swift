/// Where a connection is in its life. At most one request at a time is between `head` and `handling`.
enum ConnectionPhase: UInt8 {
    /// Accepted; no byte has come.
    case fresh
    /// Between two requests.
    case idle
    /// Part of a request head is there.
    case head
    /// The responder is deciding on a head.
    case admitting
    /// The body is being collected.
    case body
    /// The responder is at work.
    case handling
    /// Answered; the rest of the body is being thrown away.
    case discarding
    /// What is written is the last: it closes when all is sent.
    case closing
    /// Our half is closed; what still comes is thrown away for a while.
    case lingering
    case closed
}
