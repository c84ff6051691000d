import Crypto

/// A browser's half of the encryption (RFC 8291): its public key, and a secret that only it and we know.
struct WebPushKey: Sendable {
    let key: ES256PublicKey
    let secret: [UInt8]

    /// Nil for what is no point on P-256 or no 16 bytes.
    init?(_ keys: WebPushKeys) {
        guard let point = Self.decoded(keys.p256dh), let key = try? ES256PublicKey(point: point),
            let secret = Self.decoded(keys.auth), secret.count == 16
        else { return nil }
        self.key = key
        self.secret = secret
    }

    /// Base64url; some browsers' libraries pad it.
    private static func decoded(_ text: String) -> [UInt8]? { Base64.decodeURL(String(text.prefix { $0 != "=" })) }

    /// One record of `aes128gcm` (RFC 8188) that only this browser can read.
    ///
    /// - Parameters:
    ///   - ours: a key for this message alone.
    ///   - salt: 16 random bytes.
    func encrypt(_ plain: [UInt8], ours: ES256PrivateKey = ES256PrivateKey(), salt: [UInt8] = SecureRandom.bytes(16)) -> [UInt8] {
        let info = Array("WebPush: info\0".utf8) + key.point + ours.publicKey.point
        let secret = HKDFSHA256.derive(ours.sharedSecret(with: key), salt: self.secret, info: info, count: 32)
        let content = HKDFSHA256.derive(secret, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8), count: 16)
        let nonce = HKDFSHA256.derive(secret, salt: salt, info: Array("Content-Encoding: nonce\0".utf8), count: 12)
        // The delimiter 2 says that this record is the last.
        let sealed = AES128GCM.encrypt(plain + [2], key: content, nonce: nonce)
        let size: [UInt8] = [0, 0, 0x10, 0]
        return salt + size + [UInt8(ours.publicKey.point.count)] + ours.publicKey.point + sealed
    }
}
