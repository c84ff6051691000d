import Values

/// The life of a ticket as a value.
package struct TicketState: Equatable, Sendable {
    package internal(set) var status: TicketStatus
    package internal(set) var assignee: UUID?
    package internal(set) var assignedAt: Instant?
    package internal(set) var isAutoAssigned: Bool
    /// When it came to its status.
    package internal(set) var movedAt: Instant
    package internal(set) var dueAt: Instant?
    package internal(set) var firstResponseAt: Instant?
    package internal(set) var breachedAt: Instant?
    package internal(set) var resolution: String?
    package internal(set) var resolvedAt: Instant?
    package internal(set) var closedAt: Instant?
    package internal(set) var reopenedCount: Int

    static func opened(at now: Instant, dueAt: Instant?) -> TicketState {
        TicketState(
            status: .new, assignee: nil, assignedAt: nil, isAutoAssigned: false, movedAt: now, dueAt: dueAt,
            firstResponseAt: nil, breachedAt: nil, resolution: nil, resolvedAt: nil, closedAt: nil, reopenedCount: 0)
    }

    /// Brings it to another status. Throws `invalid_transition` for a move that the policy does not give these sides, and
    /// where the time to reopen is over.
    package mutating func move(
        to next: TicketStatus, by sides: Set<TicketSide>, at now: Instant, under profile: TicketProfile
    ) throws(TicketProblem) {
        guard profile.policy.allows(status, next, by: sides), mayReopen(to: next, by: sides, at: now, profile) else {
            throw .invalidTransition
        }
        // Somebody has to have it; that is what assigning is for.
        if next == .assigned, assignee == nil { throw .invalidTransition }
        if !status.isOpen, next.isOpen {
            reopenedCount += 1
            (resolvedAt, closedAt) = (nil, nil)
        }
        status = next
        movedAt = now
        switch next {
        case .new: unassign()
        case .resolved:
            resolvedAt = now
            answered(by: sides, at: now, under: profile)
            if profile.measure == .resolution { noteBreach(at: now) }
        case .closed, .cancelled:
            closedAt = now
            if next == .closed { answered(by: sides, at: now, under: profile) }
        case .assigned, .inProgress, .waiting, .review: break
        }
    }

    private func mayReopen(
        to next: TicketStatus, by sides: Set<TicketSide>, at now: Instant, _ profile: TicketProfile
    ) -> Bool {
        guard next.isOpen else { return true }
        if status == .closed { return closedAt.map { now < $0 + .days(30) } ?? false }
        guard status == .resolved, !sides.contains(.staff) else { return true }
        return resolvedAt.map { now < $0 + .hours(profile.reopenHours) } ?? false
    }

    /// Gives it to somebody; whoever had it before has it no more.
    package mutating func assign(
        _ user: UUID, automatically: Bool, by sides: Set<TicketSide>, at now: Instant, under profile: TicketProfile
    ) throws(TicketProblem) {
        guard status == .assigned || profile.policy.allows(status, .assigned, by: sides) else { throw .invalidTransition }
        if status != .assigned { movedAt = now }
        status = .assigned
        assignee = user
        assignedAt = now
        isAutoAssigned = automatically
    }

    private mutating func unassign() {
        (assignee, assignedAt, isAutoAssigned) = (nil, nil, false)
    }

    /// Staff have said something that the requester reads.
    package mutating func respond(at now: Instant, under profile: TicketProfile) {
        answered(by: [.staff], at: now, under: profile)
    }

    private mutating func answered(by sides: Set<TicketSide>, at now: Instant, under profile: TicketProfile) {
        guard firstResponseAt == nil, !sides.isDisjoint(with: [.staff, .assignee]) else { return }
        firstResponseAt = now
        if profile.measure == .firstResponse { noteBreach(at: now) }
    }

    /// What came too late is a breach, also when the job has not looked since.
    private mutating func noteBreach(at now: Instant) {
        if let dueAt, dueAt < now, breachedAt == nil { breachedAt = now }
    }
}
