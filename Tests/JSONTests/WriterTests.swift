import JSON
import Testing
import Values

@Suite struct WriterTests {
    @Test func putsCommasWhereTheyBelong() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", 1)
            writer.key("list")
            writer.array { writer in
                writer.write("x[")
                writer.write("{")
                writer.object { _ in }
                writer.array { _ in }
                writer.writeNull()
                writer.write(true)
                writer.write(1.5)
            }
            writer.member(name: "b\"", Day("2026-01-02"))
        }
        #expect(writer.string == #"{"a":1,"list":["x[","{",{},[],null,true,1.5],"b\"":"2026-01-02"}"#)
        writer.newline()
        writer.write(Int64.min)
        writer.newline()
        writer.write(UInt64.max)
        #expect(writer.string.hasSuffix("}\n-9223372036854775808\n18446744073709551615"))
    }

    @Test func escapesEveryByteThatNeedsIt() throws {
        for value in UInt8.min...0x7f {
            for padding in 0..<10 {
                let text = String(repeating: "x", count: padding) + String(Unicode.Scalar(value)) + "tail of the text"
                let bytes = text.jsonBytes
                #expect(try String.decode(json: bytes) == text)
                #expect(bytes.allSatisfy { $0 >= 0x20 })
            }
        }
        #expect("\u{8}\t\n\u{c}\r\u{1}\u{1f}/\u{7f}".jsonString == #""\b\t\n\f\r\u0001\u001f/"# + "\u{7f}\"")
    }

    @Test func growsAndForgets() {
        var writer = JSONWriter(capacity: 1)
        let long = String(repeating: "\u{1}", count: 100_000)
        writer.write(long)
        #expect(writer.count == 600_002)
        writer.reset(keepingCapacity: 1_000)
        #expect(writer.count == 0)
        writer.write(String(repeating: "ab", count: 50_000))
        #expect(writer.count == 100_002)
        writer.truncate(to: 3)
        #expect(writer.string == "\"ab")
    }

    @Test func passesEncodedJSONThrough() throws {
        let text = JSONText(encoding: ["a": 1])
        #expect([text, text].jsonString == #"[{"a":1},{"a":1}]"#)
        #expect(try JSONText.decode(json: " [ 1 ] ").string == "[ 1 ]")
    }

    @Test func repairsBytesFromOutside() {
        var writer = JSONWriter()
        ([0x61, 0xff, 0x22] as [UInt8]).withUnsafeBytes { writer.write(utf8: $0) }
        #expect(writer.string == "\"a\u{fffd}\\\"\"")
    }

    @Test func writesNumbersExactly() {
        #expect(Quantity("-0.001")!.jsonString == "-0.001")
        #expect(DecimalNumber("1e3")!.jsonString == "1000")
        #expect(Amount(5, .eur).jsonString == "0.05")
        #expect(Amount(-1_500, Currency("JPY")!).jsonString == "-1500")
        #expect(Double.infinity.jsonString == "null" && (1e300).jsonString == "1e+300")
        #expect([0, 9, 10, 99, 100, -1, .max, .min].jsonString == "[0,9,10,99,100,-1,9223372036854775807,-9223372036854775808]")
    }
}
