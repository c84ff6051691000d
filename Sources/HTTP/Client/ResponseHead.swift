/// The head of a response, and how its body is delimited (RFC 9112 sections 4 and 6.3). Pure.
struct ResponseHead: Equatable {
    enum Framing: Equatable { case none, length(Int), chunked, untilClose }
    enum Outcome: Equatable {
        case incomplete
        /// The head and the offset behind it.
        case complete(ResponseHead, length: Int)
        case malformed
    }

    var status: Int
    /// Names in lower case.
    var fields: [Field]
    var framing: Framing
    var keepsAlive: Bool

    struct Field: Equatable {
        var name: String
        var value: String
    }

    static let largest = 64 * 1024
    private static let mostFields = 200

    /// - Parameter toHead: the response answers HEAD and has no body whatever its fields say.
    static func parse(_ bytes: UnsafeRawBufferPointer, toHead: Bool) -> Outcome {
        var lines: [UnsafeRawBufferPointer] = []
        var start = 0
        while true {
            guard let feed = bytes[start...].firstIndex(of: 0x0a) else {
                return bytes.count > largest ? .malformed : .incomplete
            }
            guard feed > start, bytes[feed - 1] == 0x0d, feed < largest else { return .malformed }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<feed - 1])
            start = feed + 1
            if line.isEmpty { break }
            guard lines.count <= mostFields else { return .malformed }
            lines.append(line)
        }
        guard let first = lines.first, let head = read(first, lines.dropFirst(), toHead) else { return .malformed }
        return .complete(head, length: start)
    }

    /// status-line = HTTP-version SP status-code SP [ reason-phrase ]
    private static func read(
        _ line: UnsafeRawBufferPointer, _ rest: ArraySlice<UnsafeRawBufferPointer>, _ toHead: Bool
    ) -> ResponseHead? {
        guard line.count >= 12, UnsafeRawBufferPointer(rebasing: line[0..<7]).equals("HTTP/1."),
            line[7] == 0x31 || line[7] == 0x30, line[8] == 0x20, line.count == 12 || line[12] == 0x20,
            let status = UnsafeRawBufferPointer(rebasing: line[9..<12]).decimal, status >= 100
        else { return nil }
        var head = ResponseHead(status: status, fields: [], framing: .untilClose, keepsAlive: line[7] == 0x31)
        for line in rest {
            guard let field = field(line) else { return nil }
            head.fields.append(field)
        }
        guard head.decideFraming(toHead) else { return nil }
        return head
    }

    private static func field(_ line: UnsafeRawBufferPointer) -> Field? {
        guard let colon = line.firstIndex(of: 0x3a), colon > 0 else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmed
        guard name.allSatisfy(Grammar.isToken), value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }) else {
            return nil
        }
        return Field(name: name.text.lowercased(), value: value.text)
    }

    private mutating func decideFraming(_ toHead: Bool) -> Bool {
        let lengths = fields.filter { $0.name == "content-length" }.map(\.value)
        let codings = fields.filter { $0.name == "transfer-encoding" }.map { $0.value.lowercased() }
        for option in fields where option.name == "connection" {
            let options = option.value.lowercased().split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
            if options.contains("close") { keepsAlive = false }
        }
        // "If a Transfer-Encoding header field is present in a response and the chunked transfer coding is the final
        // encoding ..."; with both framings the message "ought to be handled as an error" (section 6.3).
        if !codings.isEmpty {
            guard codings == ["chunked"], lengths.isEmpty else { return false }
        }
        let sizes = lengths.map { text in Array(text.utf8).withUnsafeBytes { $0.decimal } }
        guard sizes.allSatisfy({ $0 != nil && $0 == sizes[0] }) else { return false }
        if toHead || status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if !codings.isEmpty {
            framing = .chunked
        } else if let size = sizes.first ?? nil {
            framing = .length(size)
        } else {
            framing = .untilClose
            keepsAlive = false
        }
        return true
    }
}
