import HTTP
import JSON
import Service
import Values

/// The instance at Clerk whose people sign in here: whose tokens they are, what is asked there, and what it signs.
package struct ClerkService: Sendable {
    let issuer: String
    /// Applications whose tokens are taken; empty for all of the instance.
    let parties: Set<String>
    let keys: ClerkKeys
    /// Nil where nobody has given us the right to ask.
    let people: ClerkPeople?
    /// Nil where no webhooks are taken.
    let webhooks: SvixSignature?

    /// Nil where no instance is named.
    package init?(_ settings: Settings, through parts: OutsideParts) {
        let host = settings[ClerkSettings.publishableKey].flatMap(ClerkSettings.host)
        guard let issuer = settings[ClerkSettings.issuer] ?? host.map({ "https://\($0)" }) else { return nil }
        // Whoever signs in waits for it.
        let parts = OutsideParts(
            client: parts.client, database: parts.database, clock: parts.clock, metrics: parts.metrics, log: parts.log,
            timeLimit: .seconds(5))
        self.issuer = issuer
        parties = Set(settings[ClerkSettings.parties])
        keys = ClerkKeys(
            OutsideHTTP("clerk_keys", base: settings[ClerkSettings.keysURL] ?? issuer + "/.well-known/jwks.json", through: parts),
            clock: parts.clock)
        people = settings[ClerkSettings.secretKey].map { secret in
            ClerkPeople(
                OutsideHTTP(
                    "clerk", base: settings[ClerkSettings.url], fields: [("Authorization", "Bearer \(secret)")], through: parts))
        }
        webhooks = settings[ClerkSettings.webhookSecret].flatMap { SvixSignature(secret: $0) }
    }
}

/// What Clerk is asked by its Backend API.
struct ClerkPeople: Sendable {
    private let service: OutsideHTTP

    init(_ service: OutsideHTTP) { self.service = service }

    /// Who somebody is; nil when Clerk knows nobody by that id. Throws `OutsideFailure`.
    func find(_ subject: String) async throws -> ClerkPerson? {
        let answer = try await service.send(.get, "/users/\(subject)")
        if answer.status == 404 { return nil }
        guard answer.status == 200, let json = try? JSONValue.decode(json: answer.body),
            let person = ClerkPerson(json: json), person.subject == subject
        else { throw OutsideFailure.incomprehensible("no person") }
        return person
    }

    /// Writes what everybody may read of somebody; other members of his metadata stay. False when Clerk knows nobody by that
    /// id. Throws `OutsideFailure`.
    func write(_ metadata: JSONValue, of subject: String) async throws -> Bool {
        let answer = try await service.send(
            .patch, "/users/\(subject)/metadata", body: .json(["public_metadata": metadata]))
        if answer.status == 404 { return false }
        guard answer.status == 200 else { throw OutsideFailure.incomprehensible("answered \(answer.status)") }
        return true
    }
}
