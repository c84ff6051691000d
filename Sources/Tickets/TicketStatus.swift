import JSON

/// Where a ticket stands.
package enum TicketStatus: String, WireEnum {
    case new
    case assigned
    case inProgress = "in_progress"
    /// For the requester.
    case waiting
    /// By whoever checks the work.
    case review
    case resolved
    case closed
    case cancelled

    /// Somebody still has to do something about it.
    package var isOpen: Bool {
        switch self {
        case .new, .assigned, .inProgress, .waiting, .review: true
        case .resolved, .closed, .cancelled: false
        }
    }
}

/// How soon it is wanted.
package enum TicketPriority: String, WireEnum, Comparable {
    case low
    case medium
    case high
    case critical

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: TicketPriority, right: TicketPriority) -> Bool { left.rank < right.rank }
}

/// In which part somebody acts on a ticket.
package enum TicketSide: String, WireEnum {
    case requester
    case assignee
    /// Staff who decide about tickets of the scope.
    case staff
    /// The jobs.
    case system
}
