import Values

/// A sign-in that has just begun or gone on: what the client gets.
struct SignedIn: Sendable {
    let user: User
    let grants: [GrantRecord]
    let accessToken: String
    let refreshToken: String
    let expiresIn: Int
    let refreshExpiresIn: Int
}
