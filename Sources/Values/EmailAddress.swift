/// An e-mail address in the form in which it is stored and compared: trimmed and lower-cased.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Nil when it is no address one could send to: `local@domain` with a dotted domain, in ASCII, at most 254 bytes
    /// (RFC 5321, sections 4.1.2 and 4.5.3.1, without quoted local parts and address literals).
    package init?(_ input: some StringProtocol) {
        let bytes = Array(input.utf8).trimmed().map { (65...90).contains($0) ? $0 | 0x20 : $0 }
        guard bytes.count <= 254, let at = bytes.firstIndex(of: UInt8(ascii: "@")),
            Self.isLocalPart(bytes[..<at]), Self.isDomain(bytes[(at + 1)...])
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    package var description: String { text }

    /// `Dot-string = Atom *("." Atom)`, at most 64 bytes.
    private static func isLocalPart(_ part: ArraySlice<UInt8>) -> Bool {
        part.count <= 64 && atoms(of: part) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
            }
        }
    }

    /// Letters, digits and inner hyphens, labels of at most 63 bytes, two of them at least.
    private static func isDomain(_ part: ArraySlice<UInt8>) -> Bool {
        let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, last.contains(where: { $0 > UInt8(ascii: "9") }) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }

    private static func atoms(of part: ArraySlice<UInt8>, _ allowed: (UInt8) -> Bool) -> Bool {
        part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(allowed) }
    }
}

extension [UInt8] {
    /// Without ASCII spaces, tabs and line ends around it.
    fileprivate func trimmed() -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return []
        }
        return self[first...last]
    }
}
