import Service

/// Every expected refusal of this module.
enum ContentProblem: String, ProblemKind {
    case slugTaken = "slug_taken"
    case invalidState = "invalid_state"
    case premiumRequired = "premium_required"

    var status: Int {
        switch self {
        case .slugTaken, .invalidState: 409
        case .premiumRequired: 403
        }
    }

    var detail: String {
        switch self {
        case .slugTaken: "Another page of the product has this slug in this language."
        case .invalidState: "The page's status does not allow this."
        case .premiumRequired: "This template is for subscribers."
        }
    }
}
