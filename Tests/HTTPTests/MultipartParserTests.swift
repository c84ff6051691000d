import Testing

@testable import HTTP

/// RFC 7578 and RFC 2046 section 5.1, a piece of any size at a time.
@Suite struct MultipartParserTests {
    private struct Part: Equatable {
        let name: String
        var filename: String?
        var type: String?
        var text = ""
    }

    /// Reads a text whose lines end as they stand, with boundary `b`.
    private func read(_ text: String, by size: Int = .max) -> (parts: [Part], end: MultipartParser.Step) {
        var parser = MultipartParser(boundary: Array("b".utf8))
        var parts: [Part] = []
        var rest = Array(text.replacing("\n", with: "\r\n").utf8)[...]
        while true {
            switch parser.next() {
            case .part(let head): parts.append(Part(name: head.name, filename: head.filename, type: head.type))
            case .content(let bytes):
                #expect(!bytes.isEmpty)
                parts[parts.count - 1].text += String(decoding: bytes, as: UTF8.self)
            case .endOfPart: break
            case .needMore:
                if rest.isEmpty { return (parts, .needMore) }
                rest.prefix(size).withUnsafeBytes { parser.append($0) }
                rest = rest.dropFirst(size)
            case let end: return (parts, end)
            }
        }
    }

    private func part(_ fields: String, _ text: String) -> String { "--b\n\(fields)\n\n\(text)\n" }

    @Test(arguments: [1, 2, 3, 7, 64, Int.max])
    func aFormIsReadHoweverItComes(_ size: Int) {
        let text = part("Content-Disposition: form-data; name=\"purpose\"", "avatar")
            + part("Content-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\nContent-Type: Image/PNG; x=y", "1\n--\n--c\n-b")
            + part("content-disposition:form-data;name=empty", "") + "--b\nContent-Disposition: form-data; name=none\n\n--b--\nafter"
        let (parts, end) = read(text, by: size)
        #expect(end == .finished)
        #expect(
            parts == [
                Part(name: "purpose", text: "avatar"),
                Part(name: "file", filename: "a b.png", type: "image/png", text: "1\r\n--\r\n--c\r\n-b"),
                Part(name: "empty"), Part(name: "none"),
            ])
    }

    @Test(arguments: [
        ("name=\"a\\\"b\"", "a\"b"), ("name=\"a%22b\"", "a\"b"), ("name=\"C:\\x\\y\"", "C:\\x\\y"), ("name=\"a;b\"", "a;b"),
        ("name = x ", "x"), ("x=\"y\"; name=\"ü\"", "ü"), ("name=\"%2\"", "%2"),
    ])
    func namesAreReadAsClientsWriteThem(_ parameter: String, _ name: String) {
        let (parts, end) = read(part("Content-Disposition: form-data; \(parameter)", "v") + "--b--")
        #expect(end == .finished && parts == [Part(name: name, text: "v")])
    }

    @Test(arguments: [
        ("", MultipartFault.preamble), (String(repeating: "x", count: 5000), .preamble),
        ("--b\nContent-Disposition: form-data; name=\"x\"\n\nv\n--bxx", .delimiter), ("--bbb", .delimiter),
        ("--b\n\nv\n--b--", .fields), ("--b\nContent-Disposition: form-data\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: attachment; name=x\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: form-data; name=\"x\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: form-data; name=x; name=y\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: form-data; name=x\nContent-Disposition: form-data; name=y\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: form-data;\n name=x\n\nv\n--b--", .fields),
        ("--b\nContent-Disposition: form-data; name=x\nContent-Transfer-Encoding: base64\n\nv\n--b--", .fields),
        ("--b\nno colon\n\nv\n--b--", .fields),
        ("--b\nX: " + String(repeating: "x", count: 9000), .fields),
    ])
    func whatIsNoFormIsRefused(_ text: String, _ fault: MultipartFault) {
        for size in [1, 50, Int.max] {
            let (_, end) = read(text, by: size)
            #expect(end == (text.isEmpty ? .needMore : .refused(fault)), "\(text.prefix(60)) by \(size): \(end)")
        }
    }

    /// What stands at a limit is taken, and one byte more is not, in one piece as in many.
    @Test(arguments: [1, 2, 3, 7, 64, Int.max])
    func limitsHoldHoweverItComes(_ size: Int) {
        let form = part("Content-Disposition: form-data; name=n", "x") + "--b--"
        let field = "Content-Disposition: form-data; name=n\nX: "
        // The line end before each counts with it, and within the fields there is one more.
        for (more, isTaken) in [(0, true), (1, false)] {
            let preamble = String(repeating: "x", count: (4 << 10) - 2 + more)
            #expect(read(preamble + "\n" + form, by: size).end == (isTaken ? .finished : .refused(.preamble)))
            let fields = field + String(repeating: "x", count: (8 << 10) - 2 - field.count - 1 + more)
            #expect(read(part(fields, "x") + "--b--", by: size).end == (isTaken ? .finished : .refused(.fields)))
        }
    }

    @Test func partsAreCounted() {
        let one = part("Content-Disposition: form-data; name=x", "v")
        #expect(read(String(repeating: one, count: 20) + "--b--").parts.count == 20)
        let (parts, end) = read(String(repeating: one, count: 21) + "--b--")
        #expect(parts.count == 20 && end == .refused(.parts))
    }

    @Test func whatWaitsIsBounded() {
        var parser = MultipartParser(boundary: Array("b".utf8))
        Array("--b\r\nContent-Disposition: form-data; name=x\r\n\r\n".utf8).withUnsafeBytes { parser.append($0) }
        guard case .part = parser.next() else { return #expect(Bool(false)) }
        var total = 0
        let block = [UInt8](repeating: 0x0d, count: 4096)
        for _ in 0..<1000 {
            block.withUnsafeBytes { parser.append($0) }
            while case .content(let bytes) = parser.next() { total += bytes.count }
        }
        #expect(total >= 1000 * 4096 - 5)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"", "a b"),
        ("multipart/form-data; boundary=\"----x'()+_,-./:=?\"", "----x'()+_,-./:=?"),
        ("multipart/form-data", nil), ("multipart/mixed; boundary=abc", nil), ("multipart/form-data; boundary=", nil),
        ("multipart/form-data; boundary=\"a \"", nil), ("multipart/form-data; boundary=a; boundary=b", nil),
        ("multipart/form-data; boundary=a{b", nil), ("multipart/form-data; boundary=\"abc", nil),
        ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), nil),
        ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
    ] as [(String, String?)])
    func theBoundaryIsOfItsForm(_ type: String, _ boundary: String?) {
        let found = Array(type.utf8).withUnsafeBytes { MultipartParser.boundary(of: $0) }
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == boundary)
    }
}
