import Service

/// Every expected refusal about a condo, its houses and entrances.
enum CondoProblem: String, ProblemKind, CaseIterable {
    case condoExists = "condo_exists"
    case buildingExists = "building_exists"
    case entranceExists = "entrance_exists"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .condoExists: "The company has a condo of this name already."
        case .buildingExists: "The condo has a house of this number already."
        case .entranceExists: "The house has an entrance of this number already."
        }
    }
}
