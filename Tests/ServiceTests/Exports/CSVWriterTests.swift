import Testing

@testable import Service

@Suite struct CSVWriterTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("Müller; Юрий", "Müller; Юрий"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
        ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("=1", "'=1"), ("+7 900", "'+7 900"), ("-5", "'-5"), ("@x", "'@x"),
        ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("=A1,\"B\"", "\"'=A1,\"\"B\"\"\""), ("a=b", "a=b"), (" =1", " =1"),
    ] as [(String, String)])
    func aCell(_ text: String, _ written: String) {
        var writer = CSVWriter()
        writer.cell(text)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == written)
    }

    @Test func rowsHaveCommasAndLineEnds() {
        var writer = CSVWriter()
        for row in [["a", nil, "c"], [nil, "b", nil]] {
            for cell in row { writer.cell(cell) }
            writer.endRow()
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "a,,c\r\n,b,\r\n")
    }
}
