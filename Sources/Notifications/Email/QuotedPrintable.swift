/// Quoted-printable (RFC 2045, section 6.7): any text in lines of at most 76 ASCII characters, legible to people.
enum QuotedPrintable {
    private static let longest = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Line ends of any kind become CR LF.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + text.utf8.count / 8)
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            if number > 0 { output += [13, 10] }
            append(line, to: &output)
        }
        return output
    }

    private static func append(_ line: Substring.UTF8View, to output: inout [UInt8]) {
        var width = 0
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            line.formIndex(after: &index)
            let isLast = index == line.endIndex
            let isLiteral = (33...126).contains(byte) && byte != UInt8(ascii: "=") || (byte == 32 || byte == 9) && !isLast
            let cost = isLiteral ? 1 : 3
            // Room for the "=" of a soft line break, which only the last character of a line does without.
            if width + cost > (isLast ? longest : longest - 1) {
                output += [UInt8(ascii: "="), 13, 10]
                width = 0
            }
            output += isLiteral ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            width += cost
        }
    }
}
