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
struct Authentication {
    let authenticator: any Authenticator
    let limiter: RateLimiter
    let board: RuleBoard
    let policy: Policy

    /// Who may call an operation, as far as its declaration says.
    struct Demand {
        let needsUser: Bool
        let needsOwnPassword: Bool
        let ignoresLocks: Bool
        let isReading: Bool
        let isLimited: Bool
        /// Empty where callers come from anywhere.
        let networks: [Network]
        /// Whose word says who calls.
        let authenticator: any Authenticator
        /// The contract's own limit of credentials that prove nothing; nil for the house's.
        let failureLimit: RateLimit?
    }

    /// Nil for an operation that finds out itself who calls: a provider.
    func demand(of operation: Operation) -> Demand? {
        let needsUser: Bool
        switch operation.access {
        case .anyone: needsUser = false
        case .signedIn, .permission: needsUser = true
        case .provider: return nil
        }
        return Demand(
            needsUser: needsUser, needsOwnPassword: operation.needsOwnPassword, ignoresLocks: operation.isOpenWhenLocked,
            isReading: operation.method == .get, isLimited: operation.isRateLimited,
            networks: operation.isAdministrative ? policy.adminNetworks : [],
            authenticator: operation.dialect?.authenticator ?? authenticator, failureLimit: operation.dialect?.failureLimit)
    }

    /// Identifies the caller at once, as nearly every call can be.
    ///
    /// - Returns: false when the call has a token that is to be looked up: `lookUp`.
    func identify(_ call: Call, _ demand: Demand) throws -> Bool {
        if !demand.networks.isEmpty, !demand.networks.contains(ip: call.caller.address) {
            throw HouseProblem.networkRefused.problem
        }
        guard let token = call.bearerToken else {
            if demand.needsUser {
                let omissions = demand.isLimited ? limit("unsigned", call, demand) : nil
                try refuse(beyond: omissions, call)
                count(omissions, call)
            }
            try settle(nil, call, demand)
            return true
        }
        guard let principal = demand.authenticator.known(token, on: call.loop, at: call.now) else { return false }
        try settle(principal, call, demand)
        return true
    }

    func lookUp(_ call: Call, _ demand: Demand) async throws {
        guard let token = call.bearerToken else { return }
        let guesses = demand.isLimited ? limit("unproved", call, demand) : nil
        try refuse(beyond: guesses, call)
        let text = String(decoding: token, as: UTF8.self)
        do {
            let principal = try await demand.authenticator.authenticate(text, on: call.loop, at: call.now)
            if principal == nil { count(guesses, call) }
            try settle(principal, call, demand)
        } catch let refused as CredentialsRefused {
            count(guesses, call)
            if demand.needsUser { throw refused.problem }
            try settle(nil, call, demand)
        }
    }

    private func settle(_ principal: Principal?, _ call: Call, _ demand: Demand) throws {
        if demand.needsUser, principal == nil { throw HouseProblem.unauthorized.problem }
        if demand.needsOwnPassword, principal?.mustChangePassword == true {
            throw HouseProblem.passwordChangeRequired.problem
        }
        call.caller.identify(principal, ignoresLocks: demand.ignoresLocks, isReading: demand.isReading)
    }

    /// The contract's own quantity or the house's, counted for itself.
    private func limit(_ name: String, _ call: Call, _ demand: Demand) -> RateLimit? {
        if let own = demand.failureLimit, policy.keepsOwnLimits { return own }
        return board.rules(on: call.loop).defaultLimit.map { RateLimit(name, $0.quantity, perSeconds: $0.windowSeconds) }
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
    /// Of the platform's staff or a product's own, by its path.
    var isAdministrative: Bool { ["/api/v1/admin/", "/api/admin/", "/admin/"].contains { path.text.hasPrefix($0) } }
}

extension Instant {
    /// For windows of limits.
    var seconds: Double { Double(microseconds) / 1_000_000 }
}

extension Call {
    /// The credentials of `Authorization: Bearer` (RFC 6750, 2.1); the scheme's case does not matter.
    var bearerToken: UnsafeRawBufferPointer? {
        guard let field = exchange.field("authorization"), field.count > 7 else { return nil }
        let scheme: StaticString = "bearer "
        for index in 0..<7 {
            // Setting bit 5 lower-cases letters and leaves the space.
            if field[index] | 0x20 != scheme.utf8Start[index] { return nil }
        }
        return UnsafeRawBufferPointer(rebasing: field[7...])
    }
}
