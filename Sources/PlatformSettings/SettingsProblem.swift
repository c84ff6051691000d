import Service

/// Refusals around what operators set.
package enum SettingsProblem: String, ProblemKind {
    case keyTaken = "key_taken"
    case limitTaken = "limit_taken"
    case operationUnknown = "operation_unknown"
    case roleUnknown = "role_unknown"
    case networkTaken = "network_taken"
    case tooManyRules = "too_many_rules"
    case ownAddress = "own_address"
    case basisUnknown = "basis_unknown"
    case productUnknown = "product_unknown"

    package var status: Int {
        switch self {
        case .keyTaken, .limitTaken, .networkTaken, .tooManyRules, .ownAddress: 409
        case .operationUnknown, .roleUnknown, .basisUnknown, .productUnknown: 422
        }
    }

    package var detail: String {
        switch self {
        case .keyTaken: "There is a flag of this key."
        case .limitTaken: "There is a limit for this operation and role."
        case .operationUnknown: "Nothing that the program offers begins so; write *, or a path with or without a method before it."
        case .roleUnknown: "There is no such role; * stands for everybody, guest for whoever is not signed in."
        case .networkTaken: "There is a rule for this network."
        case .tooManyRules: "There are too many; delete one first."
        case .ownAddress: "You would shut yourself out: your own address would be refused."
        case .basisUnknown: "The product has no such basis of commission."
        case .productUnknown: "The program does not offer this product."
        }
    }
}
