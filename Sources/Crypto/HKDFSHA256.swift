/// Keys made of a secret (RFC 5869) with SHA-256, of at most one digest's length.
package enum HKDFSHA256 {
    package static func derive(_ secret: some ByteSource, salt: some ByteSource, info: [UInt8], count: Int) -> [UInt8] {
        precondition((1...SHA256.size).contains(count))
        let extracted = HMACSHA256.authenticate(secret, key: salt)
        return Array(HMACSHA256.authenticate(info + [1], key: extracted).prefix(count))
    }
}
