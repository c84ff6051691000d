import COpenSSL

/// HMAC-SHA1 (RFC 2104), for others' signatures that still use it. As a MAC it holds, though SHA-1 no longer resists collisions.
package enum HMACSHA1 {
    package static func authenticate(_ message: some ByteSource, key: some ByteSource) -> [UInt8] {
        message.withBytes { message in
            key.withBytes { key in
                [UInt8](unsafeUninitializedCapacity: 20) { output, count in
                    var written = 0
                    let result = EVP_Q_mac(
                        nil, "HMAC", nil, "SHA1", nil, key.baseAddress, key.count, message.bytePointer, message.count,
                        output.baseAddress, 20, &written)
                    precondition(result != nil, "HMAC-SHA1")
                    count = written
                }
            }
        }
    }
}
