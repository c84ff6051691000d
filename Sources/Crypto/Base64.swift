/// Base 64 (RFC 4648 section 4) with padding, and its URL-safe alphabet (section 5) without.
///
/// Decoding accepts exactly what encoding writes. RFC 4648 section 3.5 lets a decoder refuse left-over bits that are not
/// zero; taking them would let one token be spelled in several ways.
package enum Base64 {
    package static func encode(_ bytes: some ByteSource) -> String { encode(bytes, alphabet: standard, padded: true) }
    package static func encodeURL(_ bytes: some ByteSource) -> String { encode(bytes, alphabet: url, padded: false) }
    package static func decode(_ text: some ByteSource) -> [UInt8]? { decode(text, values: standardValues, padded: true) }
    package static func decodeURL(_ text: some ByteSource) -> [UInt8]? { decode(text, values: urlValues, padded: false) }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((letters + "+/").utf8)
    private static let url = Array((letters + "-_").utf8)
    private static let standardValues = values(of: standard)
    private static let urlValues = values(of: url)
    private static let pad = UInt8(ascii: "=")
    private static let none: UInt8 = 0xff

    private static func values(of alphabet: [UInt8]) -> [UInt8] {
        var values = [UInt8](repeating: none, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }

    private static func encode(_ bytes: some ByteSource, alphabet: [UInt8], padded: Bool) -> String {
        bytes.withBytes { bytes in
            let exact = (bytes.count * 4 + 2) / 3
            let length = padded ? (bytes.count + 2) / 3 * 4 : exact
            return String(unsafeUninitializedCapacity: length) { output in
                var written = 0
                var bits: UInt32 = 0
                var held: UInt32 = 0
                for byte in bytes {
                    bits = bits << 8 | UInt32(byte)
                    held += 8
                    while held >= 6 {
                        held -= 6
                        output[written] = alphabet[Int(bits >> held & 63)]
                        written += 1
                    }
                }
                if held > 0 {
                    output[written] = alphabet[Int(bits << (6 - held) & 63)]
                    written += 1
                }
                while written < length {
                    output[written] = pad
                    written += 1
                }
                return written
            }
        }
    }

    private static func decode(_ text: some ByteSource, values: [UInt8], padded: Bool) -> [UInt8]? {
        text.withBytes { text in
            var count = text.count
            if padded {
                guard count % 4 == 0 else { return nil }
                if count > 0, text[count - 1] == pad { count -= text[count - 2] == pad ? 2 : 1 }
            }
            guard count % 4 != 1 else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count * 3 / 4)
            var bits: UInt32 = 0
            var held: UInt32 = 0
            for index in 0..<count {
                let value = values[Int(text[index])]
                guard value != none else { return nil }
                bits = bits << 6 | UInt32(value)
                held += 6
                if held >= 8 {
                    held -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> held))
                }
            }
            guard bits & (1 << held - 1) == 0 else { return nil }
            return bytes
        }
    }
}
