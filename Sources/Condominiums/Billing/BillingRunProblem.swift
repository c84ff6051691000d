import Service

/// Every expected refusal of a generation.
enum BillingRunProblem: String, ProblemKind, CaseIterable {
    case runInProgress = "run_in_progress"
    case condoInactive = "condo_inactive"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .runInProgress: "A generation for this condo and month is under way."
        case .condoInactive: "The condo is inactive; nothing is charged there."
        }
    }
}
