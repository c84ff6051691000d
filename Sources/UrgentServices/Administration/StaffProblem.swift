import Service

/// What staff are refused with a status of its own: the contract has the code with another one elsewhere.
enum StaffProblem: String, ProblemKind {
    /// What is given back for an order is decided when it has ended.
    case orderStillActive = "order_not_finished"
    case insufficientBalance = "insufficient_balance"

    var status: Int { 409 }

    var detail: String {
        switch self {
        case .orderStillActive: UrgentProblem.orderNotFinished.detail
        case .insufficientBalance: UrgentProblem.insufficientBalance.detail
        }
    }
}
