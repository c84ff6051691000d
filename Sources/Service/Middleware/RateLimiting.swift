/// Counts calls per signed-in user, else per client address, and refuses what exceeds the operation's limit.
struct RateLimiting: Middleware {
    let limiter: RateLimiter
    /// The house's limit for operations without one of their own; nil when it is switched off.
    let standard: RateLimit?

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        guard operation.isRateLimited, let limit = standard == nil ? nil : operation.limit ?? standard else { return next }
        return { call in
            let caller = call.caller.userID?.description ?? call.caller.address
            let seconds = Double(call.now.microseconds) / 1_000_000
            let decision = limiter.count(limit, caller: caller, atSeconds: seconds)
            call.rateLimitFields = (limit, decision)
            if !decision.isAllowed { throw HouseProblem.rateLimited.retry(after: decision.resetSeconds) }
            return try await next(call)
        }
    }
}
