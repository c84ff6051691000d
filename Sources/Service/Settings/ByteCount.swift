/// A size in bytes, written plainly or with K or M for 1,024 and 1,048,576.
package struct ByteCount: SettingValue, Comparable, ExpressibleByIntegerLiteral {
    package let bytes: Int

    package init(integerLiteral value: Int) { bytes = value }

    package init?(setting text: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        guard let count = Int(unit == nil ? text[...] : text.dropLast()) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    package static var expectation: String { "a number of bytes such as 65536, 64K or 1M" }

    package var settingText: String {
        if bytes >= 1 << 20, bytes % (1 << 20) == 0 { return "\(bytes >> 20)M" }
        if bytes >= 1 << 10, bytes % (1 << 10) == 0 { return "\(bytes >> 10)K" }
        return bytes.description
    }

    package static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }
}
