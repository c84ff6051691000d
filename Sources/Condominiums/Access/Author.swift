import Identity
import JSON
import Postgres
import Service
import Values

/// Who makes a change: what he may do, and how the trail names him.
struct Author: Sendable {
    let caller: Caller
    let trail: AuditActor

    init(caller: Caller, trail: AuditActor) {
        self.caller = caller
        self.trail = trail
    }

    init(of call: Call) {
        caller = call.caller
        let principal = call.caller.principal
        let isStaff = principal?.grants.contains { $0.scope.type != .unit } ?? false
        trail = AuditActor(
            id: principal?.userID, kind: principal?.kind == .apiKey ? .apiKey : isStaff ? .staff : .user,
            name: principal?.name ?? "guest", address: call.caller.address, client: call.userAgent,
            requestID: call.requestID)
    }

    var userID: UUID {
        get throws { try caller.user() }
    }
}
