import COpenSSL

/// The public half of an ECDSA key on P-256 (RFC 7518 section 3.4).
package final class ES256PublicKey: @unchecked Sendable {
    /// The curve point, uncompressed: `04`, x, y.
    package let point: [UInt8]
    let key: OpaquePointer

    /// A point that lies on the curve.
    package init(point: [UInt8]) throws(CryptoError) {
        guard point.count == 65, point[0] == 4, let key = Self.load(point) else { throw .badKey }
        self.point = point
        self.key = key
    }

    /// `SubjectPublicKeyInfo` in DER (RFC 5480), as others hand out their keys: of a key on this curve it is a fixed head and
    /// the point.
    package convenience init(spki: [UInt8]) throws(CryptoError) {
        guard spki.starts(with: Self.spkiHead) else { throw .badKey }
        try self.init(point: Array(spki.dropFirst(Self.spkiHead.count)))
    }

    /// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING of 65 bytes.
    private static let spkiHead: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
        0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    /// `SubjectPublicKeyInfo` in DER.
    package var spki: [UInt8] { Self.spkiHead + point }

    deinit { EVP_PKEY_free(key) }

    /// Whether `signature` (r and s, 32 bytes each: RFC 7518 section 3.4, not DER) is this key's for `message`.
    package func verify(_ signature: some ByteSource, of message: some ByteSource) -> Bool {
        guard let der = signature.withBytes(ECDSASignature.der) else { return false }
        return verify(der: der, of: message)
    }

    /// Whether `der`, a sequence of r and s (RFC 3279 section 2.2.3), is this key's signature for `message`.
    package func verify(der: [UInt8], of message: some ByteSource) -> Bool {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        must(EVP_DigestVerifyInit(context, nil, SHA256.algorithm, nil, key), "ES256 verification")
        // OpenSSL leaves the reason of a refusal in this thread's queue, where TLS would later take it for its own.
        defer { ERR_clear_error() }
        return message.withBytes { EVP_DigestVerify(context, der, der.count, $0.bytePointer, $0.count) } == 1
    }

    private static func load(_ point: [UInt8]) -> OpaquePointer? {
        defer { ERR_clear_error() }
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        must(EVP_PKEY_fromdata_init(context), "EC key")
        var key: OpaquePointer?
        // Domain and other parameters with the public half, which Swift does not import as one name.
        let selection = OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS | OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS
            | OSSL_KEYMGMT_SELECT_PUBLIC_KEY
        let loaded = point.withUnsafeBytes { point in
            var parameters = [OSSL_PARAM.text("group", "P-256"), .octets("pub", point), .end]
            return EVP_PKEY_fromdata(context, &key, selection, &parameters)
        }
        return loaded == 1 ? key : nil
    }
}
