import Service

/// Refusals around API keys.
package enum ApiKeyProblem: String, ProblemKind {
    case permissionLacking = "permission_lacking"
    case expiryTooFar = "expiry_too_far"
    case tooManyKeys = "too_many_keys"

    package var status: Int {
        switch self {
        case .permissionLacking: 403
        case .expiryTooFar: 422
        case .tooManyKeys: 409
        }
    }

    package var detail: String {
        switch self {
        case .permissionLacking: "A key cannot do what its owner may not do on that scope."
        case .expiryTooFar: "A key ends in the future, within a year."
        case .tooManyKeys: "There are too many keys; delete one first."
        }
    }
}
