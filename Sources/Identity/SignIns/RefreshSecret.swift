import Crypto
import Values

/// Makes the secrets of refresh tokens. A secret is the server key's HMAC of its family and sequence, so that the
/// successor can be handed out a second time without ever being stored.
package struct RefreshSecret: Sendable {
    private let key: HMACSHA256

    package init(key: HMACSHA256) {
        self.key = key
    }

    package func token(family: ID<RefreshToken.Family>, sequence: Int) -> Token {
        Token(bytes: key.authenticate("\(family.uuid)|\(sequence)"))
    }
}
