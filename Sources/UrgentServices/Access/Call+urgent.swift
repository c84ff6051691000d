import Service
import Values

/// Who looks at something of the board.
struct Viewer: Sendable, Hashable {
    /// Nil for somebody who has not proved who he is.
    let id: Int?
    let role: UrgentRole

    static let guest = Viewer(id: nil, role: .user)

    /// Moderators and administrators.
    var isStaff: Bool { role != .user }
}

extension Call {
    /// The caller's number on the board. Throws 401 for a guest.
    func urgentUser() throws -> Int {
        caller.decidedByOwnership()
        guard let id = caller.principal?.externalID else { throw UrgentProblem.notAuthenticated.problem }
        return Int(id)
    }

    /// The caller's account on the platform. Throws 401 for a guest.
    func urgentAccount() throws -> UUID {
        guard let principal = caller.principal else { throw UrgentProblem.notAuthenticated.problem }
        return principal.userID
    }

    var viewer: Viewer {
        guard let principal = caller.principal, let id = principal.externalID else { return .guest }
        let role = principal.grants.lazy.compactMap { UrgentRole(grantName: $0.role) }.first
        return Viewer(id: Int(id), role: role ?? .user)
    }

    /// The order that the path names. What cannot be the id of one names none: 404.
    func orderID(_ name: String = "id") throws -> OrderID {
        guard let id = OrderID(try text(name)) else { throw UrgentProblem.orderNotFound.problem }
        return id
    }
}
