import Telemetry

/// Counts calls per signed-in user, else per client address, and refuses what exceeds the operation's limit.
struct RateLimiting: Gate {
    let limiter: RateLimiter
    let board: RuleBoard
    let policy: Policy

    func check(for operation: Operation) -> Check? {
        guard operation.isRateLimited else { return nil }
        let own = policy.keepsOwnLimits ? operation.limit : nil
        let dialect = policy.keepsOwnLimits ? operation.dialect : nil
        let target = LimitTarget(operation)
        let hasHouses = operation.dialect == nil
        return { [limiter, board] call in
            let principal = call.caller.principal
            let own = own ?? (principal == nil ? dialect?.guestLimit : dialect?.userLimit)
            let found = board.limit(of: target, own: own, for: principal, on: call.loop, hasHouses: hasHouses)
            guard let limit = found else { return }
            let caller = principal?.userID.description ?? call.caller.address
            let decision = limiter.count(limit, caller: caller, atSeconds: call.now.seconds)
            call.rateLimitFields = (limit, decision)
            if !decision.isAllowed { throw HouseProblem.rateLimited.retry(after: decision.resetSeconds) }
        }
    }
}
