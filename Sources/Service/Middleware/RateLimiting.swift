/// Counts calls per signed-in user, else per client address, and refuses what exceeds the operation's limit.
struct RateLimiting: Middleware {
    let limiter: RateLimiter
    let policy: Policy

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        let own = policy.keepsOwnLimits ? operation.limit : nil
        guard operation.isRateLimited, let limit = own ?? policy.rateLimit else { return next }
        return { call in
            let caller = call.caller.userID?.description ?? call.caller.address
            let decision = limiter.count(limit, caller: caller, atSeconds: call.now.seconds)
            call.rateLimitFields = (limit, decision)
            if !decision.isAllowed { throw HouseProblem.rateLimited.retry(after: decision.resetSeconds) }
            return try await next(call)
        }
    }
}
