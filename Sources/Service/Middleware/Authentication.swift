import HTTP
import Values

/// Finds out who calls, and refuses guests where somebody must be signed in.
///
/// A token that proves nothing is 401 where credentials are needed, and makes a guest elsewhere, so that an expired
/// token does not keep anybody from signing in again. What is refused for that is counted per client address: beyond
/// the house's limit unknown tokens of that address are not looked at any more. Admin paths take callers from the
/// networks of the policy only. Whoever has to choose a new password is refused everything that is closed to guests, but
/// for what the operation declares open to him.
struct Authentication: Middleware {
    let authenticator: any Authenticator
    let limiter: RateLimiter
    let policy: Policy

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        let needsUser: Bool
        switch operation.access {
        case .anyone: needsUser = false
        case .signedIn, .permission: needsUser = true
        case .provider: return next
        }
        let ignoresLocks = operation.isOpenWhenLocked
        let isReading = operation.method == .get
        let needsOwnPassword = operation.needsOwnPassword
        let networks = operation.isAdministrative ? policy.adminNetworks : []
        let guesses =
            operation.isRateLimited
            ? policy.rateLimit.map { RateLimit("unproved", $0.quantity, perSeconds: $0.windowSeconds) } : nil
        return { call in
            if !networks.isEmpty, !networks.contains(ip: call.caller.address) { throw HouseProblem.networkRefused.problem }
            var principal: Principal?
            if let token = call.bearerToken {
                let now = call.now
                principal = authenticator.known(token, on: call.loop, at: now)
                if principal == nil, wait(guesses, call) == nil {
                    let text = String(decoding: token, as: UTF8.self)
                    principal = try await authenticator.authenticate(text, on: call.loop, at: now)
                    if principal == nil, !needsUser { count(guesses, call) }
                }
            }
            if needsUser, principal == nil {
                if let seconds = wait(guesses, call) { throw HouseProblem.rateLimited.retry(after: seconds) }
                count(guesses, call)
                throw HouseProblem.unauthorized.problem
            }
            if needsOwnPassword, principal?.mustChangePassword == true {
                throw HouseProblem.passwordChangeRequired.problem
            }
            call.caller.identify(principal, ignoresLocks: ignoresLocks, isReading: isReading)
            return try await next(call)
        }
    }

    private func wait(_ guesses: RateLimit?, _ call: Call) -> Int? {
        guesses.flatMap { limiter.wait(for: $0, caller: call.caller.address, atSeconds: call.now.seconds) }
    }

    private func count(_ guesses: RateLimit?, _ call: Call) {
        guard let guesses else { return }
        _ = limiter.count(guesses, caller: call.caller.address, atSeconds: call.now.seconds)
    }
}

extension Operation {
    /// Of the platform's staff, by its path.
    var isAdministrative: Bool { path.text.hasPrefix("/api/v1/admin/") || path.text.hasPrefix("/admin/") }
}

extension Instant {
    /// For windows of limits.
    var seconds: Double { Double(microseconds) / 1_000_000 }
}

extension Call {
    /// The credentials of `Authorization: Bearer` (RFC 6750, 2.1); the scheme's case does not matter.
    var bearerToken: UnsafeRawBufferPointer? {
        guard let field = exchange.field("authorization"), field.count > 7, field.count <= 4096 else { return nil }
        let scheme: StaticString = "bearer "
        for index in 0..<7 {
            // Setting bit 5 lower-cases letters and leaves the space.
            if field[index] | 0x20 != scheme.utf8Start[index] { return nil }
        }
        return UnsafeRawBufferPointer(rebasing: field[7...])
    }
}
