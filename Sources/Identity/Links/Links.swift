import Crypto
import Postgres
import Values

/// The door to links: 32 random bytes, stored hashed, used once, the newest of a purpose only.
struct Links: Sendable {
    let database: Database
    let postman: any Postman
    let clock: Clock
    /// Where the app's pages are.
    let appURL: String

    /// Makes a link and hands the letter with it over, in the caller's transaction.
    func send(_ purpose: LinkPurpose, to user: User, at address: String) async throws {
        let token = try await make(purpose, for: user.id, email: address).token
        guard let letter = purpose.letter(appURL, token.base64URL) else { return }
        try await postman.post(letter, to: user, at: address)
    }

    /// Invites whoever an account was made for to choose a password, in the caller's transaction.
    func invite(_ user: User, at address: String, by inviter: String) async throws {
        let token = try await make(.setPassword, for: user.id, email: address).token
        let link = LinkPurpose.choice(appURL, token.base64URL)
        try await postman.post(.invitation(link: link, by: inviter), to: user, at: address)
    }

    /// Makes a link; an older one of its purpose works no more.
    func make(_ purpose: LinkPurpose, for user: ID<User>, email: String?) async throws -> (token: Token, end: Instant) {
        let token = Token.random()
        let end = clock.now() + purpose.life
        try await database.execute(LinkQueries.make(token.digest, purpose, for: user, email: email, until: end))
        return (token, end)
    }

    /// Whom an open link belongs to, without using it.
    func look(_ text: String, for purposes: [LinkPurpose]) async throws -> LinkRow? {
        guard let token = Token(base64URL: text) else { return nil }
        return try await database.first(LinkQueries.find(token.digest, purposes, at: clock.now()))
    }

    func use(_ text: String, for purposes: [LinkPurpose]) async throws -> LinkRow? {
        guard let token = Token(base64URL: text) else { return nil }
        return try await database.first(LinkQueries.use(token.digest, purposes, at: clock.now()))
    }
}
