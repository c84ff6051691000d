import JSON
import Service
import Values

/// A poll as one caller sees it: how it stands only where it is shown to him, his own vote to nobody else.
struct PollView: WireOutput {
    let poll: Poll
    let isOfStaff: Bool
    let hasVoted: Bool
    let ownOptions: [ID<PollOption>]
    var id: ID<Poll> { poll.id }

    /// - Parameter isOfStaff: whether the caller is shown results at any time.
    init(_ row: PollRow, isOfStaff: Bool, at now: Instant) {
        poll = row.poll.settled(at: now)
        self.isOfStaff = isOfStaff
        hasVoted = row.hasVoted
        ownOptions = row.ownOptions
    }

    /// For the trail.
    init(_ poll: Poll) {
        self.poll = poll
        isOfStaff = true
        hasVoted = false
        ownOptions = []
    }

    var showsResults: Bool { isOfStaff || poll.draft.resultsVisibility == .always || poll.status == .closed }

    private var options: [PollOptionView] {
        poll.options.map { PollOptionView(option: $0, votes: showsResults ? $0.votes : 0) }
    }

    static let shape = Shape<PollView>(
        output: "Poll",
        Field("id", { $0.poll.id }),
        Field("createdAt", { $0.poll.createdAt }),
        Field("updatedAt", { $0.poll.updatedAt }),
        Field("condoId", { $0.poll.condoId }),
        Field("entranceId", { $0.poll.entranceId }),
        Field("targetScope", { $0.poll.entranceId == nil ? PollScope.condo : .entrance }),
        Field("createdBy", { $0.poll.createdBy }),
        Field("title", { $0.poll.draft.title }),
        Field("description", { $0.poll.draft.description }),
        Field("pollType", { $0.poll.draft.type }),
        Field("status", { $0.poll.status }),
        Field("startsAt", { $0.poll.draft.startsAt }),
        Field("endsAt", { $0.poll.draft.endsAt }),
        Field("requiresQuorum", { $0.poll.draft.requiresQuorum }),
        Field("quorumPercent", { $0.poll.draft.quorumPercent }),
        Field("allowMultipleChoices", { $0.poll.draft.allowsMultipleChoices }),
        Field("allowAbstain", { $0.poll.draft.allowsAbstention }),
        Field("isAnonymous", { $0.poll.draft.isAnonymous }),
        Field("allowVoteChange", { $0.poll.draft.allowsVoteChange }),
        Field("allowCustomOption", { $0.poll.draft.allowsCustomOption }),
        Field("resultsVisibility", { $0.poll.draft.resultsVisibility }),
        Field("totalEligibleVoters", { $0.poll.eligible }, doc: "People, or units; null before the start."),
        Field("totalVotes", { $0.showsResults ? $0.poll.totalVotes : 0 }, doc: "0 while results are hidden."),
        Field("abstainVotes", { $0.showsResults ? $0.poll.abstainVotes : 0 }),
        Field("quorumReached", { $0.showsResults && $0.poll.isQuorumReached }),
        Field("startedAt", { $0.poll.startedAt }),
        Field("closedAt", { $0.poll.closedAt }),
        Field("cancelledAt", { $0.poll.cancelledAt }),
        Field("resultsVisible", { $0.showsResults }, doc: "Whether the figures are the true ones."),
        Field("hasVoted", { $0.hasVoted }, doc: "The caller, or where units have a voice somebody of his."),
        Field("myOptionIds", { $0.ownOptions }, doc: "What the caller himself has voted for."),
        Field("options", { $0.options }))
}

/// Who is asked.
enum PollScope: String, WireEnum {
    case condo, entrance
}

struct PollOptionView: WireOutput {
    let option: PollOption
    let votes: Int

    static let shape = Shape<PollOptionView>(
        output: "PollOption",
        Field("id", { $0.option.id }),
        Field("text", { $0.option.text }),
        Field("displayOrder", { $0.option.displayOrder }),
        Field("isCustom", { $0.option.isCustom }),
        Field("votes", { $0.votes }))
}

/// How a poll stands, or has ended.
struct PollResults: WireOutput {
    let poll: Poll

    static let shape = Shape<PollResults>(
        output: "PollResults",
        Field("status", { $0.poll.status }),
        Field("totalVotes", { $0.poll.totalVotes }),
        Field("abstainVotes", { $0.poll.abstainVotes }),
        Field("totalEligibleVoters", { $0.poll.eligible }),
        Field("turnoutPercent", { Percent(share: $0.poll.totalVotes, of: $0.poll.eligible ?? 0) }),
        Field("quorumReached", { $0.poll.isQuorumReached }),
        Field("options", { $0.options }))

    private var options: [PollOptionResult] {
        poll.options.map { PollOptionResult(option: $0, of: poll.votesForOptions) }
    }
}

struct PollOptionResult: WireOutput {
    let option: PollOption
    let of: Int

    static let shape = Shape<PollOptionResult>(
        output: "PollOptionResult",
        Field("id", { $0.option.id }),
        Field("text", { $0.option.text }),
        Field("votes", { $0.option.votes }),
        Field("percent", { Percent(share: $0.option.votes, of: $0.of) }, doc: "Of the ballots that are no abstentions."))
}

extension Poll {
    /// Ballots, less abstentions: these count for the turnout alone.
    fileprivate var votesForOptions: Int { totalVotes - abstainVotes }
}
