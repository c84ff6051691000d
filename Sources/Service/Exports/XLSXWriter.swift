import CSystem

/// Writes a workbook with one sheet (ECMA-376 part 1, SpreadsheetML) as it is made: the sheet is the last part of the
/// archive, compressed piece by piece, and what describes it follows it. The same rows make the same bytes.
///
/// Texts are inline and nothing is a formula, so no cell needs CSV's apostrophe. The first row stays in sight.
final class XLSXWriter {
    private(set) var bytes: [UInt8] = []
    private let archive: ZIPArchive
    /// Of the sheet, not compressed yet.
    private var sheet: [UInt8] = []
    private var row = 1
    private var column = 0

    private static let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    private static let piece = 16 * 1024
    private static let longest = 32_767

    init() throws {
        archive = ZIPArchive()
        for (name, content) in Self.parts { bytes += archive.stored(name, Array(content.utf8)) }
        bytes += try archive.begin("xl/worksheets/sheet1.xml")
        write(Self.head)
    }

    /// Nil leaves the cell out.
    func cell(_ text: String?, isNumber: Bool) {
        if column == 0 { write("<row r=\"\(row)\">") }
        column += 1
        guard let text else { return }
        let place = "\(Self.letters(column))\(row)"
        if isNumber, Self.isNumber(text) {
            write("<c r=\"\(place)\"><v>\(text)</v></c>")
        } else {
            write("<c r=\"\(place)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
            escape(text)
            write("</t></is></c>")
        }
    }

    func endRow() throws {
        if column > 0 { write("</row>") }
        row += 1
        column = 0
        if sheet.count >= Self.piece { try compress() }
    }

    func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// What is left, with the archive's directory.
    func finish() throws {
        write("</sheetData></worksheet>")
        try compress()
        bytes += try archive.end()
    }

    private func compress() throws {
        bytes += try archive.append(sheet)
        sheet.removeAll(keepingCapacity: true)
    }

    private func write(_ text: String) { sheet.append(contentsOf: text.utf8) }

    /// XML 1.0, 2.2 and 2.4: what markup would be is written as references, what no document may hold is left out.
    private func escape(_ text: String) {
        // A text has no more UTF-16 units than bytes of UTF-8.
        var text = text.utf8.count > Self.longest ? Self.cut(text) : text
        text.withUTF8 { bytes in
            var place = 0
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "&"): write("&amp;")
                case UInt8(ascii: "<"): write("&lt;")
                case UInt8(ascii: ">"): write("&gt;")
                case UInt8(ascii: "_") where Self.isEscape(bytes, at: place): write("_x005F_")
                case 13: write("&#13;")
                case 0..<9, 11, 12, 14..<32: break
                case 0xef where Self.isNoCharacter(bytes, at: place): place += 2
                default: sheet.append(bytes[place])
                }
                place += 1
            }
        }
    }

    /// A cell has at most 32,767 UTF-16 units; programs refuse the whole workbook for a longer one.
    private static func cut(_ text: String) -> String {
        if text.utf16.count <= longest { return text }
        var room = longest - 1
        let beginning = text.unicodeScalars.prefix { scalar in
            room -= UTF16.width(scalar)
            return room >= 0
        }
        return String(beginning) + "…"
    }

    /// `_x0041_` stands for a character (part 1, 22.9.2.19); where a text means these letters, its `_` is written so.
    private static func isEscape(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        guard place + 6 < bytes.count, bytes[place + 1] == UInt8(ascii: "x"), bytes[place + 6] == UInt8(ascii: "_") else {
            return false
        }
        return (place + 2..<place + 6).allSatisfy { Character(UnicodeScalar(bytes[$0])).isHexDigit }
    }

    /// U+FFFE and U+FFFF.
    private static func isNoCharacter(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        place + 2 < bytes.count && bytes[place + 1] == 0xbf && bytes[place + 2] >= 0xbe
    }

    /// Digits, perhaps with a sign and a point: what a cell of a number holds as it stands.
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        // A number has 15 digits at most in a spreadsheet; longer ones stay exact as texts.
        return (1...2).contains(parts.count) && digits.utf8.count <= 16
            && parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) } }
    }

    /// A, B, … Z, AA.
    static func letters(_ column: Int) -> String {
        var (rest, letters) = (column, "")
        while rest > 0 {
            letters = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + letters
            rest = (rest - 1) / 26
        }
        return letters
    }

    private static let head = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>\
        <sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>\
        </sheetViews><sheetData>
        """

    private static let parts: [(name: String, content: String)] = [
        (
            "[Content_Types].xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
            <Default Extension="xml" ContentType="application/xml"/>\
            <Override PartName="/xl/workbook.xml" ContentType="\(mediaType).main+xml"/>\
            <Override PartName="/xl/worksheets/sheet1.xml" \
            ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>
            """
        ),
        (
            "_rels/.rels",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
            Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
            Target="xl/workbook.xml"/></Relationships>
            """
        ),
        (
            "xl/workbook.xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
            xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
            <sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>
            """
        ),
        (
            "xl/_rels/workbook.xml.rels",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
            Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" \
            Target="worksheets/sheet1.xml"/></Relationships>
            """
        ),
    ]
}
