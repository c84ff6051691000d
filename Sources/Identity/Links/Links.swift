import Crypto
import Postgres
import Values

/// The door to the links in mails: 32 random bytes, stored hashed, used once, the newest of a purpose only.
struct Links: Sendable {
    let database: Database
    let postman: any Postman
    let clock: Clock
    /// Where the app's pages are.
    let appURL: String

    /// Makes a link and hands the letter with it over, in the caller's transaction.
    func send(_ purpose: LinkPurpose, to user: User, at address: String) async throws {
        let token = Token.random()
        let end = clock.now() + purpose.life
        try await database.execute(LinkQueries.make(token.digest, purpose, for: user.id, email: address, until: end))
        let link = "\(appURL)\(purpose.page)?token=\(token.base64URL)"
        let letter: Letter =
            switch purpose {
            case .passwordReset: .passwordReset(link: link)
            case .setPassword: .setPassword(link: link)
            case .emailVerification: .confirmation(link: link)
            }
        try await postman.post(letter, to: user, at: address)
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
