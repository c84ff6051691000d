/// AES-128 in Galois/counter mode, for protocols that prescribe it. What we seal ourselves is `Sealed`.
package enum AES128GCM {
    /// The ciphertext followed by the tag; nothing else is bound to it. A key of 16 bytes, a nonce of 12, used once.
    package static func encrypt(_ plain: some ByteSource, key: [UInt8], nonce: [UInt8]) -> [UInt8] {
        AESGCM.encrypt(plain, key: key, nonce: nonce, binding: [])
    }
}
