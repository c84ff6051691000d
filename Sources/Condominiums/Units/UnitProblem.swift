import Service

/// Every expected refusal of a unit.
enum UnitProblem: String, ProblemKind, CaseIterable {
    case unitExists = "unit_exists"

    var status: Int { 409 }
    var detail: String { "There is a unit of this number in the house already." }
}
