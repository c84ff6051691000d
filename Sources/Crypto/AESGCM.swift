import COpenSSL

/// AES in Galois/counter mode (NIST SP 800-38D) with 96-bit nonces and 128-bit tags: AES-256 for `Sealed`, which is
/// what others use, and AES-128 where a protocol prescribes it.
enum AESGCM {
    static let keySize = 32
    static let nonceSize = 12
    static let tagSize = 16

    private nonisolated(unsafe) static let cipher: OpaquePointer = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
    private nonisolated(unsafe) static let cipher128: OpaquePointer = EVP_CIPHER_fetch(nil, "AES-128-GCM", nil)

    /// The ciphertext followed by the tag.
    static func encrypt(_ plain: some ByteSource, key: [UInt8], nonce: [UInt8], binding: [UInt8]) -> [UInt8] {
        precondition((key.count == keySize || key.count == 16) && nonce.count == nonceSize)
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        must(EVP_EncryptInit_ex2(context, key.count == keySize ? cipher : cipher128, key, nonce, nil), "AES-GCM key")
        var moved: Int32 = 0
        must(EVP_EncryptUpdate(context, nil, &moved, binding, Int32(binding.count)), "AES-GCM binding")
        return plain.withBytes { plain in
            [UInt8](unsafeUninitializedCapacity: plain.count + tagSize) { output, count in
                let start = output.baseAddress!
                must(EVP_EncryptUpdate(context, start, &moved, plain.bytePointer, Int32(plain.count)), "AES-GCM")
                must(EVP_EncryptFinal_ex(context, start + plain.count, &moved), "AES-GCM")
                must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), start + plain.count), "AES-GCM tag")
                count = plain.count + tagSize
            }
        }
    }

    /// The plaintext, if and only if the tag belongs to it, the key, the nonce and the binding.
    static func decrypt(
        _ sealed: ArraySlice<UInt8>, key: [UInt8], nonce: ArraySlice<UInt8>, binding: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= tagSize, nonce.count == nonceSize else { throw .malformed }
        let length = sealed.count - tagSize
        var tag = Array(sealed.suffix(tagSize))
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        must(EVP_DecryptInit_ex2(context, cipher, key, Array(nonce), nil), "AES-GCM key")
        var moved: Int32 = 0
        must(EVP_DecryptUpdate(context, nil, &moved, binding, Int32(binding.count)), "AES-GCM binding")
        must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), &tag), "AES-GCM tag")
        var isAuthentic = false
        let plain = sealed.withBytes { sealed in
            // A byte of room even for an empty message: OpenSSL reads a NULL output as more bytes to bind.
            [UInt8](unsafeUninitializedCapacity: length + 1) { output, count in
                let start = output.baseAddress!
                must(EVP_DecryptUpdate(context, start, &moved, sealed.bytePointer, Int32(length)), "AES-GCM")
                isAuthentic = EVP_DecryptFinal_ex(context, start + length, &moved) == 1
                count = isAuthentic ? length : 0
            }
        }
        guard isAuthentic else { throw .notAuthentic }
        return plain
    }
}
