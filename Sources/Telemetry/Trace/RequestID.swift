import Values

/// The name under which a request is found again in logs and problem reports: the caller's when it is harmless, else ours.
package struct RequestID: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// A new one.
    package init() { description = UUID.v7().description }

    /// The caller's: 8 to 128 letters, digits and `-._`, so that it can stand in headers, logs and shells as it is.
    package init?(_ text: UnsafeRawBufferPointer) {
        guard (8...128).contains(text.count), text.allSatisfy(Self.isHarmless) else { return nil }
        description = String(decoding: text, as: UTF8.self)
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
