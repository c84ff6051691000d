/// A secret as it is stored: format byte 1, key id (big-endian, 4 bytes), nonce (12), ciphertext, tag (16). The first five
/// bytes are authenticated together with the context given when sealing.
package struct Sealed: Hashable, Sendable {
    package let bytes: [UInt8]

    static let headSize = 5
    private static let format: UInt8 = 1

    /// Takes stored bytes as they are; opening them checks them.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether they look like something sealed.
    package var isRecognised: Bool { (try? keyID) != nil }

    /// The key that opens them.
    package var keyID: UInt32 {
        get throws(CryptoError) {
            guard bytes.count >= Self.headSize + AESGCM.nonceSize + AESGCM.tagSize, bytes[0] == Self.format else {
                throw .malformed
            }
            return bytes[1..<Self.headSize].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static func head(keyID: UInt32) -> [UInt8] {
        [format] + withUnsafeBytes(of: keyID.bigEndian, Array.init)
    }
}
