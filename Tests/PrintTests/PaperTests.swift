import Testing

@testable import Print

@Suite struct PaperTests {
    static let path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

    private func face() throws -> Typeface { try #require(Typeface(path: Self.path), "fonts-dejavu-core is not installed") }

    /// Advances as `fc-query` and other programs read them of DejaVu Sans 2.37: 2048 units an em.
    @Test func widthsAreTheFontsOwn() throws {
        let face = try face()
        #expect(face.family == "DejaVu Sans")
        for (text, units) in [("A", 1401), ("i", 569), (" ", 651), ("Ж", 2206), ("0", 1303), ("₹", 1303)] {
            #expect(face.width(of: text, size: 2048, .regular) == Double(units), "\(text)")
        }
        #expect(face.width(of: "A", size: 2048, .bold) > 1401)
        // Devanagari is another font's; it gets an em.
        #expect(face.width(of: "न", size: 10, .regular) == 10)
    }

    @Test(arguments: ["/nowhere.ttf", "/etc/passwd", "/usr/share/fonts/truetype/dejavu"])
    func whatIsNoFontIsRefused(path: String) { #expect(Typeface(path: path) == nil) }

    @Test func brokenFontsAreRefusedAndNotTrappedOn() throws {
        let bytes = try #require(WholeFile.read(Self.path))
        #expect(FontFile(bytes) != nil)
        for count in [0, 3, 11, 12, 100, 300, 1_000] { #expect(FontFile(Array(bytes.prefix(count))) == nil, "\(count)") }
        // Any byte of the directory changed: read as something else, or refused.
        for place in 0..<300 {
            var other = bytes
            other[place] ^= 0xff
            _ = FontFile(other)?.width(of: "Aж", size: 10)
        }
    }

    @Test func linesAreFullAndNoneIsWider() throws {
        let face = try face()
        let text = "Управляющая компания «Берёзовая роща» оказывает услуги по содержанию общего имущества собственников"
        let lines = face.lines(text, width: 150, size: 9)
        #expect(lines.joined(separator: " ") == text)
        #expect(lines.allSatisfy { face.width(of: $0, size: 9, .regular) <= 150 })
        #expect(zip(lines, lines.dropFirst()).allSatisfy { line, next in
            face.width(of: line + " " + (next.split(separator: " ").first ?? ""), size: 9, .regular) > 150
        })
        // A word that is wider than its column.
        let long = String(repeating: "Ж", count: 100)
        let parts = face.lines("Счёт \(long) тут", width: 100, size: 9)
        #expect(parts.joined().contains(long.prefix(5)) && parts.allSatisfy { face.width(of: $0, size: 9, .regular) <= 100 })
        #expect(parts.joined().filter { $0 == "Ж" }.count == 100)
        #expect(face.lines("", width: 100, size: 9) == [""])
        // Narrower than any letter: a letter a line, and an end.
        #expect(face.lines("abc", width: 0.1, size: 9) == ["a", "b", "c"])
    }

    @Test(arguments: [
        ("Invoice", false), ("فاتورة", true), ("2026 فاتورة", true), ("«فاتورة» ABC", true), ("ABC فاتورة", false), ("12.50 %", false),
        ("", false), ("שלום", true), ("٣٤٥ ABC", false),
    ]) func aParagraphIsReadAsItsFirstLetter(text: String, isRightToLeft: Bool) {
        #expect((Direction(of: text) == .rightToLeft) == isRightToLeft)
    }

    @Test func rowsGoOnOverPagesUnderTheirHead() throws {
        var paper = Paper(try face(), footer: "№ 7")
        func row(_ text: String) -> [Paper.Cell] { [Paper.Cell(text, at: 0, width: 100), Paper.Cell("1", at: 110, width: 50, .end)] }
        paper.table(row("Name"))
        for number in 0..<150 { paper.row(row("row \(number)")) }
        paper.endTable()
        let pages = paper.svg
        #expect(pages.count == 3)
        #expect(pages.allSatisfy { $0.contains(">Name</text>") && $0.contains(">№ 7</text>") })
        for (index, page) in pages.enumerated() { #expect(page.contains(">\(index + 1) / 3</text>")) }
        for number in 0..<150 { #expect(pages.filter { $0.contains(">row \(number)</text>") }.count == 1, "\(number)") }
        // No text below the bottom but the footer.
        let places = pages.flatMap { $0.matches(of: /\ y="([0-9.]+)"/).compactMap { Double($0.1) } }
        #expect(places.allSatisfy { $0 < Paper.height - 60 || $0 == Paper.height - 30 })
    }

    @Test func whatStandsBelowIsOneLine() throws {
        var paper = Paper(try face(), footer: String(repeating: "Управляющая компания ", count: 20))
        paper.text("x")
        let page = paper.svg[0]
        let below = try #require(page.firstMatch(of: />(Управляющая[^<]*) …<\/text>/)).1
        #expect(try face().width(of: below, size: 7, .regular) <= Paper.inner - 80 && page.contains(">1 / 1</text>"))
    }

    @Test func aRowThatAPageHoldsIsOnOnePage() throws {
        var paper = Paper(try face(), footer: "")
        for _ in 0..<51 { paper.row([Paper.Cell("filler", at: 0, width: 100)]) }
        paper.row([Paper.Cell("one two three four five six", at: 0, width: 30)])
        #expect(paper.svg.count == 2 && !paper.svg[0].contains(">one</text>") && paper.svg[1].contains(">six</text>"))
        // One that no page holds begins where it is, and loses nothing.
        var long = Paper(try face(), footer: "")
        long.row([Paper.Cell((0..<200).map { "w\($0)" }.joined(separator: " "), at: 0, width: 25)])
        #expect(long.svg.count > 1 && (0..<200).allSatisfy { number in long.svg.contains { $0.contains(">w\(number)</text>") } })
    }

    @Test func aDocumentHasAnEnd() throws {
        var paper = Paper(try face(), footer: "x")
        for _ in 0..<20_000 { paper.row([Paper.Cell("line", at: 0, width: 100)]) }
        #expect(paper.isFull && paper.svg.count == Paper.mostPages)
        #expect(paper.svg.last?.contains("200 / 200 …") == true)
    }

    @Test func mirroredPapersBeginAtTheRight() throws {
        var paper = Paper(try face(), footer: "", isMirrored: true)
        paper.row([
            Paper.Cell("فاتورة", at: 0, width: 200), Paper.Cell("Total", at: 0, width: 200), Paper.Cell("12", at: 415, width: 100, .end),
        ])
        let page = paper.svg[0]
        #expect(page.contains("<text x=\"555\" y=\"49\" font-size=\"9\" direction=\"rtl\">فاتورة</text>"))
        #expect(page.contains("<text x=\"555\" y=\"49\" font-size=\"9\" text-anchor=\"end\">Total</text>"))
        #expect(page.contains("<text x=\"40\" y=\"49\" font-size=\"9\">12</text>"))
    }

    @Test func nothingOfATextIsMarkup() throws {
        var paper = Paper(try face(), footer: "<&>")
        paper.text("</text><script>&\"\u{1}\u{202e}x\u{ffff}")
        #expect(paper.svg[0].contains(">&lt;/text&gt;&lt;script&gt;&amp;&quot; x</text>"))
        #expect(!paper.svg[0].contains("<script"))
    }
}
