import COpenSSL

/// A signing key on P-256 with SHA-256 (RFC 7518 section 3.4).
package final class ES256PrivateKey: @unchecked Sendable {
    package let publicKey: ES256PublicKey
    let key: OpaquePointer

    /// A new key.
    package convenience init() {
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        must(EVP_PKEY_keygen_init(context), "EC key generation")
        must(EVP_PKEY_CTX_set_group_name(context, "P-256"), "EC group")
        must(EVP_PKEY_generate(context, &key), "EC key generation")
        // Refuses keys on other curves; this one was generated on P-256 just now.
        try! self.init(adopting: key!)
    }

    /// A key stored by `der`.
    package convenience init(der: [UInt8]) throws(CryptoError) {
        defer { ERR_clear_error() }
        let key = der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return d2i_AutoPrivateKey(nil, &cursor, bytes.count)
        }
        guard let key else { throw .badKey }
        try self.init(adopting: key)
    }

    private init(adopting key: OpaquePointer) throws(CryptoError) {
        self.key = key
        publicKey = try ES256PublicKey(point: Self.point(of: key))
    }

    deinit { EVP_PKEY_free(key) }

    /// SEC 1 ECPrivateKey in DER, to be sealed and stored.
    package var der: [UInt8] {
        let size = Int(i2d_PrivateKey(key, nil))
        precondition(size > 0)
        return [UInt8](unsafeUninitializedCapacity: size) { output, count in
            var cursor = output.baseAddress
            count = Int(i2d_PrivateKey(key, &cursor))
        }
    }

    /// r and s, 32 bytes each.
    package func sign(_ message: some ByteSource) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        must(EVP_DigestSignInit(context, nil, SHA256.algorithm, nil, key), "ES256 signing")
        let der = message.withBytes { message in
            [UInt8](unsafeUninitializedCapacity: ECDSASignature.largestDER) { output, count in
                count = ECDSASignature.largestDER
                must(EVP_DigestSign(context, output.baseAddress, &count, message.bytePointer, message.count), "ES256")
            }
        }
        return ECDSASignature.raw(der)
    }

    private static func point(of key: OpaquePointer) throws(CryptoError) -> [UInt8] {
        defer { ERR_clear_error() }
        var size = 0
        var point = [UInt8](repeating: 0, count: 133)
        guard EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", &point, point.count, &size) == 1 else { throw .badKey }
        return Array(point.prefix(size))
    }
}
