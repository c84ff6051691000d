import COpenSSL

extension ES256PrivateKey {
    /// A key by its number, 32 bytes, and its point: how VAPID keys are written.
    package convenience init(scalar: [UInt8], point: [UInt8]) throws(CryptoError) {
        guard scalar.count == 32, point.count == 65 else { throw .badKey }
        // ECPrivateKey (RFC 5915) on prime256v1.
        let head: [UInt8] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20]
        let middle: [UInt8] = [
            0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0xa1, 0x44, 0x03, 0x42, 0x00,
        ]
        try self.init(der: head + scalar + middle + point)
        // Of two halves that do not belong together nothing would verify.
        let probe: [UInt8] = [1]
        guard publicKey.verify(sign(probe), of: probe) else { throw .badKey }
    }

    /// What only the two holders of the keys know (ECDH, NIST SP 800-56A): 32 bytes, to be made into keys by HKDF.
    package func sharedSecret(with other: ES256PublicKey) -> [UInt8] {
        let context = EVP_PKEY_CTX_new(key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        must(EVP_PKEY_derive_init(context), "ECDH")
        must(EVP_PKEY_derive_set_peer(context, other.key), "ECDH peer")
        return [UInt8](unsafeUninitializedCapacity: 32) { output, count in
            count = 32
            must(EVP_PKEY_derive(context, output.baseAddress, &count), "ECDH")
        }
    }
}
