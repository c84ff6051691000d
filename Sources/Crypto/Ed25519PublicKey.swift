import COpenSSL

/// A key that verifies Ed25519 signatures (RFC 8032), as others hand them out.
package final class Ed25519PublicKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// Nil unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32, let key = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count) else {
            ERR_clear_error()
            return nil
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Whether `signature` (64 bytes) is this key's for `message`.
    package func verify(_ signature: [UInt8], of message: some ByteSource) -> Bool {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        must(EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil), "Ed25519 verification")
        // OpenSSL leaves the reason of a refusal in this thread's queue, where TLS would later take it for its own.
        defer { ERR_clear_error() }
        return message.withBytes { EVP_DigestVerify(context, signature, signature.count, $0.bytePointer, $0.count) } == 1
    }
}
