import Crypto
import JSON
import Values

/// What a Mini App is told at its start, proved to be Telegram's.
package struct InitData: Sendable {
    package let person: TelegramPerson
    /// When Telegram wrote it; it ages from then on.
    package let date: Instant
    /// What the link carried that opened the app.
    package let startParameter: String?
}

/// How init data is proved (INIT_DATA_VALIDATION).
package enum InitDataProof: String, CaseIterable, Sendable {
    /// By the bot's token.
    case hmac
    /// By Telegram's signature, where the token is kept elsewhere.
    case ed25519
    /// By the token, and by the signature where there is one.
    case both
}

/// Judges the init data of one bot's Mini Apps.
package struct InitDataVerifier: Sendable {
    private let key: HMACSHA256?
    private let signature: (prefix: String, key: Ed25519PublicKey)?
    private let proof: InitDataProof
    private let life: Duration

    /// - Parameters:
    ///   - token: the bot's.
    ///   - telegram: Telegram's public key; asked for by `ed25519` and `both`.
    ///   - life: how old the text may be.
    package init(token: String, proof: InitDataProof = .hmac, telegram: Ed25519PublicKey = .telegram, life: Duration) {
        // The constant is the key, the token the message.
        key = HMACSHA256(key: HMACSHA256.authenticate(token, key: "WebAppData"))
        signature = ("\(token.prefix { $0 != ":" }):WebAppData\n", telegram)
        self.proof = proof
        self.life = life
    }

    /// By Telegram's signature alone: whoever holds no token knows the bot's id.
    package init(botID: Int64, telegram: Ed25519PublicKey = .telegram, life: Duration) {
        key = nil
        signature = ("\(botID):WebAppData\n", telegram)
        proof = .ed25519
        self.life = life
    }

    /// Who it is. Throws for any text that Telegram did not give this bot's apps within the life of it.
    package func verify(_ text: String, at now: Instant) throws(TelegramProofFailure) -> InitData {
        guard let fields = SignedFields(text), let hash = fields.hash, isGenuine(fields, hash) else { throw .invalid }
        let date = try fields.checkDate(at: now, for: life)
        guard let user = fields["user"], let json = try? JSONValue.decode(json: Array(user.utf8)),
            let person = TelegramPerson(json: json)
        else { throw .invalid }
        return InitData(person: person, date: date, startParameter: fields["start_param"])
    }

    private func isGenuine(_ fields: SignedFields, _ hash: [UInt8]) -> Bool {
        if proof != .ed25519 {
            guard let key, key.verify(hash, of: fields.text(without: "hash")) else { return false }
            if proof == .hmac || fields["signature"] == nil { return true }
        }
        guard let signature, let bytes = fields["signature"].flatMap({ Base64.decodeURL($0) }) else { return false }
        return signature.key.verify(bytes, of: signature.prefix + fields.text(without: "hash", "signature"))
    }
}

extension Ed25519PublicKey {
    /// Telegram's, by which it signs for third parties.
    package static var telegram: Ed25519PublicKey {
        let hex = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
        guard let key = Hex.decode(hex).flatMap({ Ed25519PublicKey($0) }) else { preconditionFailure("32 bytes are a key") }
        return key
    }
}
