import COpenSSL

/// The public half of an RSA key with SHA-256 (RSASSA-PKCS1-v1_5, RFC 7518 section 3.3), as other services publish theirs.
package final class RS256PublicKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// The members `n` and `e` of a JSON Web Key (RFC 7518, section 6.3.1), decoded. Throws `badKey` for a modulus of less than
    /// 2048 bits or more than 8192, which would take long to verify with, and for an exponent that no such key has.
    package init(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
        let modulus = Array(modulus.drop { $0 == 0 }), exponent = Array(exponent.drop { $0 == 0 })
        guard (256...1024).contains(modulus.count), (1...8).contains(exponent.count), exponent.last.map({ $0 & 1 }) == 1,
            exponent != [1], let key = Self.load(modulus, exponent)
        else { throw .badKey }
        guard EVP_PKEY_get_bits(key) >= 2048 else {
            EVP_PKEY_free(key)
            throw .badKey
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Whether `signature` is this key's for `message`.
    package func verify(_ signature: [UInt8], of message: some ByteSource) -> Bool {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        must(EVP_DigestVerifyInit(context, nil, SHA256.algorithm, nil, key), "RS256 verification")
        // OpenSSL leaves the reason of a refusal in this thread's queue, where TLS would later take it for its own.
        defer { ERR_clear_error() }
        return message.withBytes { EVP_DigestVerify(context, signature, signature.count, $0.bytePointer, $0.count) } == 1
    }

    private static func load(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        defer { ERR_clear_error() }
        let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
        defer { EVP_PKEY_CTX_free(context) }
        must(EVP_PKEY_fromdata_init(context), "RSA key")
        // Numbers are handed over in the machine's own order of bytes (OSSL_PARAM(3)), which is the least first wherever this
        // runs; a JSON Web Key has the greatest first.
        let modulus = Array(modulus.reversed()), exponent = Array(exponent.reversed())
        let selection = OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS | OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS
            | OSSL_KEYMGMT_SELECT_PUBLIC_KEY
        var key: OpaquePointer?
        let loaded = modulus.withUnsafeBytes { modulus in
            exponent.withUnsafeBytes { exponent in
                var parameters = [OSSL_PARAM.number("n", modulus), .number("e", exponent), .end]
                return EVP_PKEY_fromdata(context, &key, selection, &parameters)
            }
        }
        return loaded == 1 ? key : nil
    }
}
