import COpenSSL

/// SHA-256 (FIPS 180-4), in one call or piece by piece.
package struct SHA256: ~Copyable {
    /// Bytes in a digest.
    package static let size = 32

    /// Fetched once: OpenSSL 3 otherwise searches its providers at every digest.
    nonisolated(unsafe) static let algorithm: OpaquePointer = EVP_MD_fetch(nil, "SHA256", nil)

    private let context: OpaquePointer

    /// An empty message, to be fed.
    package init() {
        context = EVP_MD_CTX_new()
        must(EVP_DigestInit_ex2(context, Self.algorithm, nil), "SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Appends to the message.
    package mutating func update(_ bytes: some ByteSource) {
        bytes.withBytes { must(EVP_DigestUpdate(context, $0.bytePointer, $0.count), "SHA-256") }
    }

    /// The digest of everything fed.
    package consuming func finish() -> [UInt8] {
        let context = context
        discard self
        defer { EVP_MD_CTX_free(context) }
        return [UInt8](unsafeUninitializedCapacity: Self.size) { output, count in
            must(EVP_DigestFinal_ex(context, output.baseAddress, nil), "SHA-256")
            count = Self.size
        }
    }

    /// The digest of one message.
    package static func digest(of bytes: some ByteSource) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { output, count in
            bytes.withBytes {
                must(EVP_Digest($0.bytePointer, $0.count, output.baseAddress, nil, algorithm, nil), "SHA-256")
            }
            count = size
        }
    }
}
