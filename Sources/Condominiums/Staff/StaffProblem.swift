import Service

/// Every expected refusal about staff.
enum StaffProblem: String, ProblemKind, CaseIterable {
    case alreadyStaff = "already_staff"

    var status: Int { 409 }
    var detail: String { "The person works there already." }
}
