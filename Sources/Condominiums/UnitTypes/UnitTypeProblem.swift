import Service

/// Every expected refusal about a dictionary of types, of units and of meters.
enum UnitTypeProblem: String, ProblemKind, CaseIterable {
    case codeTaken = "code_taken"
    case typeInUse = "type_in_use"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .codeTaken: "There is a type with this code already."
        case .typeInUse: "Something is of this type, or is priced by its code."
        }
    }
}
