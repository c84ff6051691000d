import JSON
import Testing

/// What is JSON and what is not, after RFC 8259: each text must be read, or refused, by every way of reading.
@Suite struct SyntaxTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "-1", "123", "1.5", "-0.0", "1e5", "1E+5", "1e-5", "0e1", "0.1e10",
        "1000000000000000000000000000000", "1e999999", "-1.234567890123456789012345678901234567890", #""""#, #""a""#,
        #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9""#, #""\uD83D\uDE00""#, #""\udbff\udfff""#, #""\uE000""#,
        "\"é€😀\u{7f}\u{10ffff}\"", "\"\u{2028}\u{2029}\"", "[]", "{}", " [ ] ", "\t{\n}\r", "[1]", "[1 , 2,3]", "[[[]]]",
        #"{"a":1}"#, #"{ "a" : 1 , "b" : [ ] }"#, #"{"":0}"#, #"{"a":{"a":{"a":1}}}"#, #"{"\u0061":1,"b":1}"#,
        #"[null,true,false,0,"",[],{}]"#, #""12345678""#, #""1234567\n""#, #""12345678\n12345678""#,
    ])
    func reads(text: String) throws {
        let value = try JSONValue.decode(json: text)
        #expect(try JSONValue.decode(json: value.jsonBytes) == value)
        #expect(try JSONText.decode(json: text).string == text.trimmed)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "NULL", "True", "tru", "fals", "undefined", "NaN", "Infinity", "-Infinity", "-", "+1",
        "01", "-01", "00", "1.", ".5", "1.e1", "1e", "1e+", "1e1.5", "0x10", "1_000", "1a", "- 1", "1 2", "--1", "1-",
        #"""#, #""a"#, #"'a'"#, #""\""#, #""\x41""#, #""\u12""#, #""\u12G4""#, #""\u""#, #""\U0041""#, #""\ "#, #""\a""#,
        "\"a\nb\"", "\"a\tb\"", "\"\0\"", "\"\u{1f}\"", #""\uD800""#, #""\uDC00""#, #""\uD800\u0041""#, #""\uD800x""#,
        #""\uDE00\uD83D""#, #""\uD83D\uD83D""#, #""\uD83D\n""#, #""\uD83D"#,
        "[", "]", "[1", "[1,", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1]]", "[1}", "{", "}", "{]", "{,}", "{1:2}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a":1,,"b":2}"#, #"{a:1}"#,
        #"{'a':1}"#, #"{"a" 1}"#, #"{"a"::1}"#, #"{"a":1}}"#, #"{"a":1;"b":2}"#, "[1]x", "// c\n1", "/* */1", "#",
        "\u{feff}1", "\u{a0}1", "1\u{0}", "\u{c}1", "\u{b}1", "[\u{2003}]", "@", #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#,
        #"[{"b":{"a":1,"a":1}}]"#,
    ])
    func refuses(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.decode(json: text) }
        #expect(throws: JSONSyntaxError.self) { try JSONText.decode(json: text) }
    }

    /// Overlong forms, surrogates, code points above U+10FFFF, stray and missing continuation bytes.
    @Test(arguments: [
        [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc2, 0x41], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf],
        [0xe2, 0x82], [0xe2, 0x82, 0x41], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80],
        [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xfe], [0xff],
    ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        for padding in [0, 3, 7, 8, 13] {
            let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + bytes
            #expect(throws: JSONSyntaxError(.invalidUTF8, at: padding + 1)) {
                try JSONValue.decode(json: text + [0x22])
            }
            #expect(throws: JSONSyntaxError(.invalidUTF8, at: padding + 1)) { try JSONValue.decode(json: text) }
        }
    }

    @Test(arguments: [
        ("[1,x]", JSONSyntaxError(.unexpectedByte, at: 3)), (#"{"a":01}"#, JSONSyntaxError(.badNumber, at: 5)),
        (#"["ab\q"]"#, JSONSyntaxError(.badEscape, at: 4)), (#"["ab\ud800"]"#, JSONSyntaxError(.loneSurrogate, at: 4)),
        ("[\"a\u{1}\"]", JSONSyntaxError(.controlCharacter, at: 3)), ("[1", JSONSyntaxError(.endOfInput, at: 2)),
        ("1 1", JSONSyntaxError(.trailingBytes, at: 2)), (#"{"a":1,"a":1}"#, JSONSyntaxError(.duplicateName, at: 7)),
    ])
    func saysWhere(text: String, error: JSONSyntaxError) {
        #expect(throws: error) { try JSONValue.decode(json: text) }
    }

    @Test func boundsDepth() throws {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try JSONValue.decode(json: deep)
        #expect(throws: JSONSyntaxError(.tooDeep, at: 32)) { try JSONValue.decode(json: "[\(deep)]") }
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(throws: JSONSyntaxError(.tooDeep, at: 160)) { try JSONValue.decode(json: objects) }
        #expect(throws: JSONSyntaxError.self) { try JSONText.decode(json: String(repeating: "[", count: 1_000_000)) }
        // What is closed no longer counts.
        _ = try JSONValue.decode(json: "[" + String(repeating: "[],", count: 500) + "[]]")
    }

    @Test func boundsMembers() throws {
        let limits = JSONLimits(members: 10)
        _ = try JSONValue.decode(json: Array("[1,2,3,4,5,[1,2,3,4]]".utf8), limits: limits)
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue.decode(json: Array("[1,2,3,4,5,[1,2,3,4,5]]".utf8), limits: limits)
        }
        let members = (0...10_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(throws: JSONSyntaxError.self) { try JSONValue.decode(json: "{\(members)}") }
    }

    /// Every beginning of a document ends too early, at every place a read of eight bytes may start.
    @Test func refusesEveryTruncation() throws {
        let text = Array(#"{"id":"0189f7e2","list":[1.5e3,true,null,"é\u00e9\n"],"o":{}}"#.utf8)
        _ = try JSONValue.decode(json: text)
        for count in 0..<text.count {
            #expect(throws: JSONSyntaxError.self) { try JSONValue.decode(json: Array(text[..<count])) }
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        let space = " \t\n\r".unicodeScalars
        while let first = text.unicodeScalars.first, space.contains(first) { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, space.contains(last) { text.unicodeScalars.removeLast() }
        return String(text)
    }
}
