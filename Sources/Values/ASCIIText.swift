/// A value with one canonical spelling in ASCII, read from and written into bytes without an intermediate `String`.
package protocol ASCIIText: LosslessStringConvertible, Sendable {
    /// An upper bound on what `writeText(to:)` writes.
    static var longestText: Int { get }

    /// Writes the canonical spelling at `start`, where `longestText` bytes are free, and returns its length.
    func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int

    /// Reads the whole of `ascii`; nil when it is not a spelling of this type.
    init?(ascii: UnsafeBufferPointer<UInt8>)
}

extension ASCIIText {
    package var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { writeText(to: $0.baseAddress!) }
    }

    package init?(_ description: String) {
        var text = description
        guard let value = text.withUTF8({ Self(ascii: $0) }) else { return nil }
        self = value
    }

    package init?(_ text: Substring) {
        var text = text
        guard let value = text.withUTF8({ Self(ascii: $0) }) else { return nil }
        self = value
    }
}
