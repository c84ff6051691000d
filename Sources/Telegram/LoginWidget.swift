import Crypto
import Values

/// Judges what Telegram's sign-in button gives a page: the fields of a person with a hash, as the query of the address that
/// it leads back to.
package struct LoginWidget: Sendable {
    private let key: HMACSHA256
    private let life: Duration

    package init(token: String, life: Duration) {
        key = HMACSHA256(key: SHA256.digest(of: token))
        self.life = life
    }

    /// Who it is. Throws for any text that Telegram did not give for this bot within the life of it.
    package func verify(_ text: String, at now: Instant) throws(TelegramProofFailure) -> TelegramPerson {
        guard let fields = SignedFields(text), let hash = fields.hash, key.verify(hash, of: fields.text(without: "hash")) else {
            throw .invalid
        }
        _ = try fields.checkDate(at: now, for: life)
        guard let id = fields["id"].flatMap({ Int64($0) }).flatMap(TelegramPerson.id), let firstName = fields["first_name"]
        else { throw .invalid }
        return TelegramPerson(
            id: id, firstName: firstName, lastName: fields["last_name"], username: fields["username"])
    }
}
