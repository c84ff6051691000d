import JSON
import Postgres
import Service
import Values

/// A question to the residents of a condo or of one entrance.
struct Poll: Sendable {
    var id: ID<Poll>
    var createdAt: Instant
    var updatedAt: Instant
    var condoId: ID<Condo>
    var companyId: ID<Company>
    /// Nil: the whole condo is asked.
    var entranceId: ID<Entrance>?
    var createdBy: PersonRef
    var status: PollStatus
    var draft: PollDraft
    /// Counted at the start: people, or units where each unit has one voice.
    var eligible: Int?
    var totalVotes = 0
    var abstainVotes = 0
    var startedAt: Instant?
    var closedAt: Instant?
    var cancelledAt: Instant?
    /// In the order in which they are shown.
    var options: [PollOption] = []

    /// Closed by its end, whether somebody has noted that already or not.
    func settled(at now: Instant) -> Poll {
        guard status == .active, draft.endsAt <= now else { return self }
        var poll = self
        poll.status = .closed
        poll.closedAt = draft.endsAt
        return poll
    }

    func isOpen(at now: Instant) -> Bool { status == .active && draft.startsAt <= now && now < draft.endsAt }

    /// Ballots × 100 ≥ percent × those who might vote (spec 4.9).
    var isQuorumReached: Bool {
        guard let eligible else { return false }
        return !draft.requiresQuorum || Int64(totalVotes) * Percent(100).raw >= draft.quorumPercent.raw * Int64(eligible)
    }

    mutating func activate(at now: Instant) throws {
        guard status == .draft, draft.endsAt > now else { throw PollProblem.invalidTransition }
        status = .active
    }

    mutating func close(at now: Instant) throws {
        guard status == .active else { throw PollProblem.invalidTransition }
        status = .closed
        closedAt = now
    }

    mutating func cancel(at now: Instant) throws {
        guard status == .draft || status == .active else { throw PollProblem.invalidTransition }
        status = .cancelled
        cancelledAt = now
    }
}

/// What is asked, and how: what managers write.
struct PollDraft: Sendable {
    var title: String
    var description: String?
    var type = PollType.simple
    var startsAt: Instant
    var endsAt: Instant
    var requiresQuorum = false
    var quorumPercent: Percent = 0
    var allowsMultipleChoices = false
    var allowsAbstention = true
    var isAnonymous = false
    var allowsVoteChange = false
    var allowsCustomOption = false
    var resultsVisibility = ResultsVisibility.always
}

/// One answer that can be given.
struct PollOption: Sendable, Equatable {
    let id: ID<PollOption>
    let text: String
    let displayOrder: Int
    let isCustom: Bool
    let votes: Int

    /// How many a poll may have, with those that voters add.
    static let most = 50
}

/// What a voice stands for: a person, or a unit at a meeting and over a budget.
enum PollType: String, WireEnum {
    case simple, meeting, budget
}

/// Where a poll stands.
enum PollStatus: String, WireEnum {
    case draft, active, closed, cancelled
}

/// When those who are asked see how it stands; staff always do.
enum ResultsVisibility: String, WireEnum {
    case always
    case afterClose = "after_close"
}
