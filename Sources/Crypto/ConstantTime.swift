import COpenSSL

/// Comparison whose duration tells nothing of where two secrets differ. Their lengths are not secret.
package enum ConstantTime {
    package static func equal(_ one: some ByteSource, _ other: some ByteSource) -> Bool {
        one.withBytes { one in
            other.withBytes { other in
                one.count == other.count && CRYPTO_memcmp(one.bytePointer, other.bytePointer, one.count) == 0
            }
        }
    }
}
