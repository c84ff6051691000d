import JSON
import Service

/// What all operations of the board's staff share.
enum StaffTag {
    static let name = "Urgent administration"
    static let problems: [any ProblemKind] = [UrgentProblem.staffOnly, UrgentProblem.userBlocked]
}

extension Call {
    /// A number in the path; what is none names nothing.
    func number(_ name: String = "id") throws -> Int {
        guard let number = Int(text: try text(name)[...]), number > 0 else { throw UrgentProblem.notFound }
        return number
    }
}
