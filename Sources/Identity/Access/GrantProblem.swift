import Service

/// Refusals around grants.
package enum GrantProblem: String, ProblemKind {
    case roleUnknown = "role_unknown"
    case roleNotGrantable = "role_not_grantable"
    case scopeUnknown = "scope_unknown"
    case codeUnknown = "code_unknown"
    case rankTooLow = "rank_too_low"
    case ownGrants = "own_grants"
    case lastSuperAdmin = "last_super_admin"
    case grantExists = "grant_exists"

    package var status: Int {
        switch self {
        case .roleUnknown, .roleNotGrantable, .scopeUnknown, .codeUnknown: 422
        case .rankTooLow, .ownGrants: 403
        case .lastSuperAdmin, .grantExists: 409
        }
    }

    package var detail: String {
        switch self {
        case .roleUnknown: "There is no such role."
        case .roleNotGrantable: "This role cannot be given or taken by hand, or not on such a scope."
        case .scopeUnknown: "There is no such scope."
        case .codeUnknown: "A permission is written resource:action, a denial with a leading minus."
        case .rankTooLow: "You cannot give, take or change what is above your own rank on this scope."
        case .ownGrants: "Nobody changes his own platform grants."
        case .lastSuperAdmin: "The last active super administrator stays."
        case .grantExists: "The user has this role on this scope already."
        }
    }
}
