import COpenSSL

/// A key for HMAC-SHA256 (RFC 2104, RFC 4231). The key is hashed into its two pads once; each message copies that state,
/// which costs less than half of keying anew.
package final class HMACSHA256: @unchecked Sendable {
    private nonisolated(unsafe) static let algorithm: OpaquePointer = EVP_MAC_fetch(nil, "HMAC", nil)

    /// Keyed and never fed: only ever copied, which OpenSSL allows from several threads at once.
    private let keyed: OpaquePointer

    package init(key: some ByteSource) {
        keyed = EVP_MAC_CTX_new(Self.algorithm)
        let parameters = [OSSL_PARAM.text("digest", "SHA256"), .end]
        key.withBytes { must(EVP_MAC_init(keyed, $0.bytePointer, $0.count, parameters), "HMAC key") }
    }

    deinit { EVP_MAC_CTX_free(keyed) }

    /// The 32 bytes that vouch for `message`.
    package func authenticate(_ message: some ByteSource) -> [UInt8] {
        let context = EVP_MAC_CTX_dup(keyed)
        defer { EVP_MAC_CTX_free(context) }
        message.withBytes { must(EVP_MAC_update(context, $0.bytePointer, $0.count), "HMAC") }
        return [UInt8](unsafeUninitializedCapacity: SHA256.size) { output, count in
            must(EVP_MAC_final(context, output.baseAddress, &count, SHA256.size), "HMAC")
        }
    }

    /// Whether `code` is what this key gives for `message`, in constant time.
    package func verify(_ code: some ByteSource, of message: some ByteSource) -> Bool {
        ConstantTime.equal(code, authenticate(message))
    }

    /// The code of one message under a key that is used once.
    package static func authenticate(_ message: some ByteSource, key: some ByteSource) -> [UInt8] {
        HMACSHA256(key: key).authenticate(message)
    }
}
