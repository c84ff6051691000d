import Telemetry

/// Counts calls per signed-in user, else per client address, and refuses what exceeds the operation's limit.
struct RateLimiting: Middleware {
    let limiter: RateLimiter
    let board: RuleBoard
    let policy: Policy

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard operation.isRateLimited else { return next }
        let own = policy.keepsOwnLimits ? operation.limit : nil
        return { [board] call in
            let principal = call.caller.principal
            guard let limit = board.limit(of: call.route.operation, own: own, for: principal, on: call.loop) else {
                return try await next(call)
            }
            let caller = principal?.userID.description ?? call.caller.address
            let decision = limiter.count(limit, caller: caller, atSeconds: call.now.seconds)
            call.rateLimitFields = (limit, decision)
            if !decision.isAllowed { throw HouseProblem.rateLimited.retry(after: decision.resetSeconds) }
            return try await next(call)
        }
    }
}
