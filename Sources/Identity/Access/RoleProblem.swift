import Service

/// Refusals around roles.
package enum RoleProblem: String, ProblemKind {
    case roleTaken = "role_taken"
    case roleOfSystem = "role_of_system"
    case roleInUse = "role_in_use"
    case permissionUnknown = "permission_unknown"
    case scopeTypeUnknown = "scope_type_unknown"

    package var status: Int {
        switch self {
        case .roleTaken, .roleOfSystem, .roleInUse: 409
        case .permissionUnknown, .scopeTypeUnknown: 422
        }
    }

    package var detail: String {
        switch self {
        case .roleTaken: "There is a role of this name."
        case .roleOfSystem: "This role comes with the program; make one of your own."
        case .roleInUse: "Somebody has this role; take it from him first."
        case .permissionUnknown: "The program asks for no such permission; see the list of permissions."
        case .scopeTypeUnknown: "Nothing of this type is there that a role could be given on."
        }
    }
}
