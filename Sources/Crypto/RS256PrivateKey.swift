import COpenSSL

/// A signing key of RSA with SHA-256 (RSASSA-PKCS1-v1_5, RFC 7518 section 3.3), as other services hand them out. We verify
/// nothing by it.
package final class RS256PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// PKCS #8 or PKCS #1 in PEM. Throws `badKey` for anything else, and for less than 2048 bits.
    package init(pem: String) throws(CryptoError) {
        defer { ERR_clear_error() }
        let bytes = Array(pem.utf8)
        let key = bytes.withUnsafeBytes { bytes -> OpaquePointer? in
            let source = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
            defer { BIO_free(source) }
            return PEM_read_bio_PrivateKey(source, nil, nil, nil)
        }
        guard let key else { throw .badKey }
        guard EVP_PKEY_is_a(key, "RSA") == 1, EVP_PKEY_get_bits(key) >= 2048 else {
            EVP_PKEY_free(key)
            throw .badKey
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    package func sign(_ message: some ByteSource) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        must(EVP_DigestSignInit(context, nil, SHA256.algorithm, nil, key), "RS256 signing")
        let size = Int(EVP_PKEY_get_size(key))
        return message.withBytes { message in
            [UInt8](unsafeUninitializedCapacity: size) { output, count in
                count = size
                must(EVP_DigestSign(context, output.baseAddress, &count, message.bytePointer, message.count), "RS256")
            }
        }
    }
}
