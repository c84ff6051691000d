import Service
import Values

extension Call {
    /// The person who is signed in. API keys act for somebody, and are not he: they do not touch his own account.
    func person() throws -> Principal {
        _ = try caller.user()
        guard let principal = caller.principal, principal.kind == .user else { throw UserProblem.personRequired.problem }
        caller.decidedByOwnership()
        return principal
    }
}

extension Page {
    /// A page of a list that is small and whole in memory.
    init(sorted all: [Item], _ request: PageRequest, _ precedes: (Item, Item) -> Bool) {
        let ascending = all.sorted(by: precedes)
        let ordered = request.isDescending ? ascending.reversed() : ascending
        self.init(Array(ordered.dropFirst(request.offset).prefix(request.limit)), total: all.count)
    }
}

extension AuditActor {
    /// Whoever makes a call.
    package init(_ call: Call, _ roles: RoleBook) {
        let principal = call.caller.principal
        let kind: Kind =
            switch principal {
            case let principal? where principal.kind == .apiKey: .apiKey
            case let principal? where roles.isStaff(principal): .staff
            default: .user
            }
        self.init(
            id: principal?.userID, kind: kind, name: principal?.name ?? "guest", address: call.caller.address,
            client: call.userAgent, requestID: call.requestID)
    }
}
