/// A key for secrets at rest, with the number by which sealed bytes name it.
package struct SealingKey: Sendable {
    package let id: UInt32
    let bytes: [UInt8]

    /// 32 bytes, or nothing.
    package init?(id: UInt32, bytes: [UInt8]) {
        guard bytes.count == AESGCM.keySize else { return nil }
        self.id = id
        self.bytes = bytes
    }

    /// A key as an operator writes it: `7:` and 32 bytes in base64url or hexadecimal.
    package init?(setting: String) {
        let parts = setting.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let id = UInt32(parts[0]) else { return nil }
        let bytes = parts[1].utf8.count == AESGCM.keySize * 2 ? Hex.decode(parts[1]) : Base64.decodeURL(parts[1])
        guard let bytes else { return nil }
        self.init(id: id, bytes: bytes)
    }

    package static func random(id: UInt32) -> SealingKey {
        SealingKey(id: id, bytes: SecureRandom.bytes(AESGCM.keySize))!
    }

    /// The text that `init(setting:)` reads.
    package var setting: String { "\(id):\(Base64.encodeURL(bytes))" }
}
