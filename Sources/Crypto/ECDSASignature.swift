import COpenSSL

/// The two spellings of a P-256 signature: OpenSSL's DER sequence, and r and s side by side as JOSE writes them.
enum ECDSASignature {
    static let rawSize = 64
    /// SEQUENCE of two INTEGERs of at most 33 bytes.
    static let largestDER = 72

    static func der(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
        guard raw.count == rawSize else { return nil }
        let signature = ECDSA_SIG_new()
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(raw.bytePointer, 32, nil)
        let s = BN_bin2bn(raw.bytePointer + 32, 32, nil)
        must(ECDSA_SIG_set0(signature, r, s), "signature")
        return [UInt8](unsafeUninitializedCapacity: largestDER) { output, count in
            var cursor = output.baseAddress
            count = Int(i2d_ECDSA_SIG(signature, &cursor))
        }
    }

    static func raw(_ der: [UInt8]) -> [UInt8] {
        let signature = der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &cursor, bytes.count)
        }
        defer { ECDSA_SIG_free(signature) }
        return [UInt8](unsafeUninitializedCapacity: rawSize) { output, count in
            precondition(BN_bn2binpad(ECDSA_SIG_get0_r(signature), output.baseAddress, 32) == 32)
            precondition(BN_bn2binpad(ECDSA_SIG_get0_s(signature), output.baseAddress! + 32, 32) == 32)
            count = rawSize
        }
    }
}
