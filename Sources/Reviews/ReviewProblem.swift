import Service

/// Every expected refusal of this module.
enum ReviewProblem: String, ProblemKind {
    case notEligible = "not_eligible"
    case alreadyReviewed = "already_reviewed"
    case ownReview = "own_review"
    case invalidState = "invalid_state"

    var status: Int {
        switch self {
        case .notEligible, .ownReview: 403
        case .alreadyReviewed, .invalidState: 409
        }
    }

    var detail: String {
        switch self {
        case .notEligible: "Only who has had to do with it may review it."
        case .alreadyReviewed: "You have reviewed this already; change your review instead."
        case .ownReview: "Nobody finds his own review helpful."
        case .invalidState: "The review is so already."
        }
    }
}
