import Service
import Values

/// A bearer token that was verified in full, and whom it stands for, as one loop remembers it.
final class Session {
    let token: [UInt8]
    let principal: Principal
    /// The key the token is, when it is an API key.
    let apiKey: UUID?
    /// When it must be looked at anew at the latest.
    let knownUntil: Instant

    init(token: String, principal: Principal, apiKey: UUID?, knownUntil: Instant) {
        self.token = Array(token.utf8)
        self.principal = principal
        self.apiKey = apiKey
        self.knownUntil = knownUntil
    }
}
