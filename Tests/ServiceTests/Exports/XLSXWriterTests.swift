import CSystem
import JSON
import Support
import Testing

@testable import Service

@Suite struct XLSXWriterTests {
    private static func workbook(_ rows: [[String?]], numbers: Set<Int> = []) throws -> [UInt8] {
        let writer = try XLSXWriter()
        for row in rows {
            for (column, text) in row.enumerated() { writer.cell(text, isNumber: numbers.contains(column)) }
            try writer.endRow()
        }
        try writer.finish()
        return writer.bytes
    }

    /// The sheet of a workbook, found by the archive's directory and inflated.
    static func sheet(of bytes: [UInt8]) throws -> String {
        func number(_ place: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
        let end = bytes.count - 22
        try #require(number(end, 4) == 0x0605_4b50)
        #expect(number(end + 10, 2) == 5)
        var place = number(end + 16, 4)
        #expect(place + number(end + 12, 4) == end)
        for _ in 0..<5 {
            try #require(number(place, 4) == 0x0201_4b50)
            let (packed, size, names) = (number(place + 20, 4), number(place + 24, 4), number(place + 28, 2))
            let name = String(decoding: bytes[(place + 46)..<(place + 46 + names)], as: UTF8.self)
            let local = number(place + 42, 4)
            try #require(number(local, 4) == 0x0403_4b50)
            if name == "xl/worksheets/sheet1.xml" {
                let start = local + 30 + names
                let content = try inflated(Array(bytes[start..<(start + packed)]), size)
                let checksum = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
                #expect(Int(checksum) == number(place + 16, 4) && number(start + packed + 4, 4) == Int(checksum))
                return String(decoding: content, as: UTF8.self)
            }
            place += 46 + names
        }
        Issue.record("no sheet")
        return ""
    }

    private static func inflated(_ packed: [UInt8], _ size: Int) throws -> [UInt8] {
        var stream = z_stream()
        try #require(inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var (input, output) = (packed, [UInt8](repeating: 0, count: size))
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                return inflate(&stream, Z_FINISH)
            }
        }
        #expect(status == Z_STREAM_END && stream.avail_out == 0)
        return output
    }

    @Test func cellsAreTextsOrNumbersAndNeverFormulas() throws {
        let sheet = try Self.sheet(of: try Self.workbook([["name", "sum"], ["=1+1 <&>\u{1}", "12.50"], [nil, "x"], ["a", "12345678901234567"]], numbers: [1]))
        #expect(sheet.hasSuffix("</sheetData></worksheet>"))
        #expect(sheet.contains("<c r=\"A2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1 &lt;&amp;&gt;</t></is></c><c r=\"B2\"><v>12.50</v></c>"))
        #expect(sheet.contains("<row r=\"3\"><c r=\"B3\" t=\"inlineStr\">"))
        #expect(sheet.contains(">12345678901234567</t>") && !sheet.contains("<f>"))
    }

    /// What a spreadsheet would take for a character is written so that it reads the letters; what XML cannot hold goes.
    @Test(arguments: [
        ("_x0041_", "_x005F_x0041_"), ("_x004g_", "_x004g_"), ("_x0041", "_x0041"), ("__x000D_", "__x005F_x000D_"),
        ("a\u{fffe}b\u{ffff}c", "abc"), ("\u{fffd}ﷺ", "\u{fffd}ﷺ"), ("a\r\n\tb", "a&#13;\n\tb"), ("Счёт № 5 مرحبا 😀", "Счёт № 5 مرحبا 😀"),
    ]) func textsStayWhatTheyAre(text: String, written: String) throws {
        #expect(try Self.sheet(of: try Self.workbook([[text]])).contains(">\(written)</t>"))
    }

    @Test func aCellHasAnEnd() throws {
        func cell(_ text: String) throws -> Substring {
            let sheet = try Self.sheet(of: try Self.workbook([[text]]))
            return try #require(sheet.firstMatch(of: /preserve">(.*)<\/t>/)).1
        }
        let whole = String(repeating: "ж", count: 32_767)
        #expect(try cell(whole) == whole)
        #expect(try cell(whole + "ж") == whole.dropLast() + "…")
        #expect(try cell(String(repeating: "😀", count: 20_000)).unicodeScalars.count == 16_384)
    }

    @Test func manyRowsAreOneSheetAndTheSameBytesEachTime() throws {
        let rows = (0..<5_000).map { ["row \($0)", "\($0)"] }
        let bytes = try Self.workbook(rows, numbers: [1])
        #expect(bytes == (try Self.workbook(rows, numbers: [1])))
        let sheet = try Self.sheet(of: bytes)
        #expect(sheet.contains("<row r=\"5000\"><c r=\"A5000\"") && sheet.contains("<c r=\"B5000\"><v>4999</v></c>"))
        #expect(bytes.count < sheet.utf8.count / 4)
    }

    @Test(arguments: [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA")])
    func columnsHaveLetters(column: Int, letters: String) { #expect(XLSXWriter.letters(column) == letters) }
}
