import Service

/// What only reviews refuse so: the contract has the code with another status elsewhere.
enum ReviewProblem: String, ProblemKind {
    case noExecutor = "no_executor"

    var status: Int { 400 }
    var detail: String { UrgentProblem.noExecutor.detail }
}
