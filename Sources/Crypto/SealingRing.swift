/// The keys for secrets at rest: new secrets are sealed with the first, old ones opened with whichever they name, so a key
/// can be replaced without touching every row at once.
package struct SealingRing: Sendable {
    private let current: SealingKey
    private let keys: [UInt32: SealingKey]

    package init(current: SealingKey, older: [SealingKey] = []) {
        self.current = current
        keys = Dictionary(([current] + older).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Seals bytes for one place. `context` names that place (table, column, row id); bytes copied to another do not open.
    package func seal(_ plain: some ByteSource, context: String) -> Sealed {
        let nonce = SecureRandom.bytes(AESGCM.nonceSize)
        let head = Sealed.head(keyID: current.id)
        let body = AESGCM.encrypt(plain, key: current.bytes, nonce: nonce, binding: head + context.utf8)
        return Sealed(bytes: head + nonce + body)
    }

    /// The bytes sealed for the same context.
    package func open(_ sealed: Sealed, context: String) throws(CryptoError) -> [UInt8] {
        guard let key = keys[try sealed.keyID] else { throw .unknownKey }
        let nonce = sealed.bytes[Sealed.headSize..<Sealed.headSize + AESGCM.nonceSize]
        let binding = sealed.bytes[..<Sealed.headSize] + context.utf8
        return try AESGCM.decrypt(sealed.bytes[nonce.endIndex...], key: key.bytes, nonce: nonce, binding: Array(binding))
    }

    /// The text sealed for the same context.
    package func openText(_ sealed: Sealed, context: String) throws(CryptoError) -> String {
        guard let text = String(validating: try open(sealed, context: context), as: UTF8.self) else { throw .malformed }
        return text
    }

    /// Whether the bytes wait to be sealed anew under the current key.
    package func isStale(_ sealed: Sealed) -> Bool {
        // Bytes too short to name a key are as stale as those of an old one.
        (try? sealed.keyID) != current.id
    }
}
