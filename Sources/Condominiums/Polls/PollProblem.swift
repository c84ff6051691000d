import Service

/// Every expected refusal of a poll.
enum PollProblem: String, ProblemKind, CaseIterable {
    case pollNotEditable = "poll_not_editable"
    case pollHasVotes = "poll_has_votes"
    case invalidTransition = "invalid_transition"
    case pollNotOpen = "poll_not_open"
    case alreadyVoted = "already_voted"
    case resultsHidden = "results_hidden"
    case pollAnonymous = "poll_anonymous"
    case unitRequired = "unit_required"

    var status: Int {
        switch self {
        case .pollNotEditable, .pollHasVotes, .invalidTransition, .pollNotOpen, .alreadyVoted: 409
        case .resultsHidden, .pollAnonymous: 403
        case .unitRequired: 422
        }
    }

    var detail: String {
        switch self {
        case .pollNotEditable: "Of a poll that has begun, title and description can change, and its end to a later one."
        case .pollHasVotes: "Somebody has voted; cancel the poll instead."
        case .invalidTransition: "The poll's state does not allow this."
        case .pollNotOpen: "Votes are not taken now."
        case .alreadyVoted: "A vote has been cast already, and cannot be changed."
        case .resultsHidden: "The results are shown when the poll has closed."
        case .pollAnonymous: "Nobody is told who has voted for what in an anonymous poll."
        case .unitRequired: "Say for which of your units you vote."
        }
    }

    static let ofVotes: [PollProblem] = [.pollNotOpen, .alreadyVoted, .unitRequired]
}
