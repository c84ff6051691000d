/// The font of all documents, with the bold one beside it.
package struct Typeface: Sendable {
    package enum Weight: Sendable { case regular, bold }

    let folder: String
    package let family: String
    private let regular: FontFile
    private let bold: FontFile

    /// Nil where there is no such font. Reads two files: called off the loops.
    ///
    /// - Parameter path: of the regular one; the bold one is called the same with `-Bold`, or is drawn from the regular.
    package init?(path: String) {
        guard path.hasSuffix(".ttf"), let slash = path.lastIndex(of: "/"), let bytes = WholeFile.read(path),
            let regular = FontFile(bytes)
        else { return nil }
        folder = String(path[..<slash])
        family = regular.family
        self.regular = regular
        bold = WholeFile.read(String(path.dropLast(4)) + "-Bold.ttf").flatMap { FontFile($0) } ?? regular
    }

    func width(of text: some StringProtocol, size: Double, _ weight: Weight) -> Double {
        (weight == .bold ? bold : regular).width(of: text, size: size)
    }

    /// A text in lines no wider than so many points, broken between words; a word that is wider is broken where it has to be.
    /// An empty text is one empty line.
    package func lines(_ text: String, width: Double, size: Double, _ weight: Weight = .regular) -> [String] {
        let space = self.width(of: " ", size: size, weight)
        var lines: [String] = []
        var line = ""
        var used = 0.0
        func flush() {
            lines.append(line)
            (line, used) = ("", 0)
        }
        for word in text.split(whereSeparator: \.isWhitespace) {
            let needed = self.width(of: word, size: size, weight)
            if !line.isEmpty, used + space + needed > width { flush() }
            if line.isEmpty, needed > width {
                for character in word {
                    let more = self.width(of: String(character), size: size, weight)
                    if !line.isEmpty, used + more > width { flush() }
                    line.append(character)
                    used += more
                }
            } else {
                used += (line.isEmpty ? 0 : space) + needed
                line += line.isEmpty ? String(word) : " \(word)"
            }
        }
        if !line.isEmpty || lines.isEmpty { flush() }
        return lines
    }
}
