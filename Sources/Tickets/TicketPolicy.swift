/// Which moves of a ticket who may make.
package struct TicketPolicy: Sendable {
    private struct Move: Hashable {
        let from: TicketStatus
        let to: TicketStatus
    }

    private var moves: [Move: Set<TicketSide>] = [:]

    package init() {}

    package func allows(_ from: TicketStatus, _ to: TicketStatus, by sides: Set<TicketSide>) -> Bool {
        moves[Move(from: from, to: to)].map { !$0.isDisjoint(with: sides) } ?? false
    }

    /// These sides may move from each of the first to each of the second.
    package func allowing(
        _ sides: Set<TicketSide>, from: Set<TicketStatus>, to: Set<TicketStatus>
    ) -> TicketPolicy {
        var policy = self
        for start in from {
            for end in to where end != start { policy.moves[Move(from: start, to: end), default: []].formUnion(sides) }
        }
        return policy
    }
}

extension TicketPolicy {
    /// The platform's (0-platform, 4.10).
    package static let platform: TicketPolicy = {
        let working: Set<TicketStatus> = [.assigned, .inProgress, .review, .waiting]
        return TicketPolicy()
            .allowing([.staff], from: [.new], to: [.assigned, .inProgress, .resolved, .closed, .cancelled])
            .allowing([.requester], from: [.new], to: [.cancelled])
            .allowing([.assignee, .staff], from: working, to: working.union([.resolved]))
            .allowing([.staff], from: working, to: [.new, .cancelled, .closed])
            .allowing([.requester], from: [.waiting], to: [.inProgress])
            .allowing([.system], from: [.waiting], to: [.resolved])
            .allowing([.requester, .staff], from: [.resolved], to: [.inProgress])
            .allowing([.staff, .system], from: [.resolved], to: [.closed])
            .allowing([.staff], from: [.closed], to: [.inProgress])
    }()
}
