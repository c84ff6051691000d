import Service

/// Every expected refusal about residency.
enum ResidentProblem: String, ProblemKind, CaseIterable {
    case ownerExists = "owner_exists"
    case alreadyResident = "already_resident"
    case alreadyMovedOut = "already_moved_out"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .ownerExists: "The unit has an owner already."
        case .alreadyResident: "The person is a resident there already."
        case .alreadyMovedOut: "The resident has moved out already."
        }
    }
}
