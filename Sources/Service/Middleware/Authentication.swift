import HTTP
import Values

/// Finds out who calls, and refuses guests where somebody must be signed in.
///
/// A token that proves nothing is 401 where credentials are needed, and makes a guest elsewhere, so that an expired
/// token does not keep anybody from signing in again.
struct Authentication: Middleware {
    let authenticator: any Authenticator

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        let needsUser: Bool
        switch operation.access {
        case .anyone: needsUser = false
        case .signedIn, .permission: needsUser = true
        case .provider: return next
        }
        let ignoresLocks = operation.isOpenWhenLocked
        let isReading = operation.method == .get
        return { call in
            var principal: Principal?
            if let token = call.bearerToken {
                let now = call.now
                principal = authenticator.known(token, on: call.loop, at: now)
                if principal == nil {
                    let text = String(decoding: token, as: UTF8.self)
                    principal = try await authenticator.authenticate(text, on: call.loop, at: now)
                }
            }
            if needsUser, principal == nil { throw HouseProblem.unauthorized.problem }
            call.caller.identify(principal, ignoresLocks: ignoresLocks, isReading: isReading)
            return try await next(call)
        }
    }
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
