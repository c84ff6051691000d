import JSON

/// Where an order stands.
enum OrderStatus: String, WireEnum, Sendable {
    case active, expired, deleted
    case closedNoResponse = "closed_no_response"
    case completed
}

/// Why an order is not active any more.
enum CloseReason: String, WireEnum, Sendable {
    case expired
    case noResponse = "no_response"
    case clientClosed = "client_closed"
    case clientDeleted = "client_deleted"
    case completed, moderated
}
