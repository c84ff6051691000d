/// What the fields of a part say (RFC 7578 section 4).
package struct MultipartHead: Equatable, Sendable {
    /// Of the form's field.
    package let name: String
    /// As the client calls the file; nil for a plain value. A name for people, never a path.
    package let filename: String?
    /// Its media type in lower case, without parameters; nil when it has none.
    package let type: String?

    /// Reads the lines between the delimiter's line end and the empty line. Nil when they are no fields, when the part has
    /// no name, or when its content is encoded in a way that RFC 7578 section 4.7 has done away with.
    init?(_ lines: UnsafeRawBufferPointer) {
        var name: String?
        var filename: String?
        var type: String?
        for line in lines.split(whereSeparator: { $0 == 0x0a }) {
            var line = UnsafeRawBufferPointer(rebasing: line)
            if line.last == 0x0d { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
            if line.isEmpty { continue }
            // No folded lines, no field without a name, no NUL or bare CR.
            guard let colon = line.firstIndex(of: 0x3a), colon > 0, !line.contains(where: { $0 == 0 || $0 == 0x0d }),
                !Grammar.isBlank(line[0])
            else { return nil }
            let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmed
            let field = UnsafeRawBufferPointer(rebasing: line[..<colon])
            if field.equals(ignoringCase: "content-disposition") {
                guard name == nil, let known = Self.disposition(value) else { return nil }
                (name, filename) = (known.name, known.filename)
            } else if field.equals(ignoringCase: "content-type") {
                type = Parameters(value).value
            } else if field.equals(ignoringCase: "content-transfer-encoding") {
                let plain: [StaticString] = ["7bit", "8bit", "binary"]
                guard plain.contains(where: { value.equals(ignoringCase: $0) }) else { return nil }
            }
        }
        guard let name else { return nil }
        self.name = name
        self.filename = filename
        self.type = type
    }

    private static func disposition(_ value: UnsafeRawBufferPointer) -> (name: String, filename: String?)? {
        var parameters = Parameters(value)
        guard parameters.value == "form-data" else { return nil }
        var name: String?
        var filename: String?
        while let (key, value) = parameters.next() {
            // filename* "MUST NOT be used" (RFC 7578 section 4.2) and is not looked at.
            if key == "name" {
                if name != nil { return nil }
                name = value
            } else if key == "filename" {
                if filename != nil { return nil }
                filename = value
            }
        }
        guard let name, !parameters.isMalformed else { return nil }
        return (name, filename)
    }

    /// value *( OWS ";" OWS name "=" ( token / quoted-string ) ), as media types and dispositions are written.
    struct Parameters {
        /// What stands before the first semicolon, in lower case.
        let value: String
        private(set) var isMalformed = false
        private var rest: UnsafeRawBufferPointer

        init(_ field: UnsafeRawBufferPointer) {
            let end = field.firstIndex(of: 0x3b) ?? field.count
            value = UnsafeRawBufferPointer(rebasing: field[..<end]).trimmed.text.lowercased()
            rest = UnsafeRawBufferPointer(rebasing: field[end...])
        }

        mutating func next() -> (name: String, value: String)? {
            rest = rest.trimmed
            if rest.isEmpty { return nil }
            guard rest[0] == 0x3b else { return fail() }
            rest = UnsafeRawBufferPointer(rebasing: rest[1...]).trimmed
            // "a=b;" ends with nothing.
            if rest.isEmpty { return nil }
            guard let equals = rest.firstIndex(of: 0x3d), equals > 0 else { return fail() }
            let name = UnsafeRawBufferPointer(rebasing: rest[..<equals]).trimmed.text.lowercased()
            rest = UnsafeRawBufferPointer(rebasing: rest[(equals + 1)...])
            guard let value = rest.first == 0x22 ? quoted() : token() else { return fail() }
            return (name, value)
        }

        private mutating func fail() -> (name: String, value: String)? {
            isMalformed = true
            rest = UnsafeRawBufferPointer(rebasing: rest[rest.count...])
            return nil
        }

        private mutating func token() -> String? {
            let end = rest.firstIndex(of: 0x3b) ?? rest.count
            let text = UnsafeRawBufferPointer(rebasing: rest[..<end]).trimmed
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
            return text.isEmpty ? nil : text.text
        }

        /// Browsers write a quote in a name as %22 (HTML, form submission); others escape it as in RFC 9110 section 5.6.4. A
        /// backslash before anything else is itself: old browsers send whole paths of Windows.
        private mutating func quoted() -> String? {
            var bytes: [UInt8] = []
            var index = 1
            while index < rest.count, rest[index] != 0x22 {
                if rest[index] == 0x5c, index + 1 < rest.count, rest[index + 1] == 0x22 || rest[index + 1] == 0x5c {
                    index += 1
                } else if rest[index] == 0x25, index + 2 < rest.count, rest[index + 1] == 0x32, rest[index + 2] == 0x32 {
                    bytes.append(0x22)
                    index += 3
                    continue
                }
                bytes.append(rest[index])
                index += 1
            }
            guard index < rest.count, let text = String(validating: bytes, as: UTF8.self) else { return nil }
            rest = UnsafeRawBufferPointer(rebasing: rest[(index + 1)...])
            return text
        }
    }
}
