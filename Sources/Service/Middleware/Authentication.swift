import HTTP
import Values

/// Finds out who calls, and refuses guests where somebody must be signed in.
///
/// A token that proves nothing is 401 where credentials are needed, and makes a guest elsewhere, so that an expired
/// token does not keep anybody from signing in again. Such tokens are counted per client address: beyond the house's
/// limit unknown tokens of that address are not looked at any more, which is 429 everywhere, since whose they are is not
/// known. Requests without a token where one is needed have the same limit for themselves. Admin paths take callers from
/// the networks of the policy only. Whoever has to choose a new password is refused everything that is closed to guests,
/// but for what the operation declares open to him.
struct Authentication: Middleware {
    let authenticator: any Authenticator
    let limiter: RateLimiter
    let board: RuleBoard
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
        let isLimited = operation.isRateLimited
        return { call in
            if !networks.isEmpty, !networks.contains(ip: call.caller.address) { throw HouseProblem.networkRefused.problem }
            var principal: Principal?
            if let token = call.bearerToken {
                let now = call.now
                principal = authenticator.known(token, on: call.loop, at: now)
                if principal == nil {
                    let guesses = isLimited ? limit("unproved", call) : nil
                    try refuse(beyond: guesses, call)
                    let text = String(decoding: token, as: UTF8.self)
                    principal = try await authenticator.authenticate(text, on: call.loop, at: now)
                    if principal == nil { count(guesses, call) }
                }
            } else if needsUser {
                let omissions = isLimited ? limit("unsigned", call) : nil
                try refuse(beyond: omissions, call)
                count(omissions, call)
            }
            if needsUser, principal == nil { throw HouseProblem.unauthorized.problem }
            if needsOwnPassword, principal?.mustChangePassword == true {
                throw HouseProblem.passwordChangeRequired.problem
            }
            call.caller.identify(principal, ignoresLocks: ignoresLocks, isReading: isReading)
            return try await next(call)
        }
    }

    /// The house's own quantity, counted for itself.
    private func limit(_ name: String, _ call: Call) -> RateLimit? {
        board.rules(on: call.loop).defaultLimit.map { RateLimit(name, $0.quantity, perSeconds: $0.windowSeconds) }
    }

    private func refuse(beyond limit: RateLimit?, _ call: Call) throws {
        guard let limit else { return }
        if let seconds = limiter.wait(for: limit, caller: call.caller.address, atSeconds: call.now.seconds) {
            call.rateLimitFields = (limit, .init(isAllowed: false, remaining: 0, resetSeconds: seconds))
            throw HouseProblem.rateLimited.retry(after: seconds)
        }
    }

    private func count(_ limit: RateLimit?, _ call: Call) {
        guard let limit else { return }
        let decision = limiter.count(limit, caller: call.caller.address, atSeconds: call.now.seconds)
        // Told with the refusal; an operation that is open to guests counts for itself.
        call.rateLimitFields = (limit, decision)
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
