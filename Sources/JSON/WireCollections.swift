import Values

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}

extension Array: JSONReadable where Element: JSONReadable {
    package init(from reader: inout JSONReader) throws {
        try reader.beginArray()
        var elements: [Element] = []
        var count = 0
        let mark = reader.errors.count
        while try reader.nextElement(first: count == 0) {
            try reader.collecting(at: "[\(count)]") { elements.append(try Element(from: &$0)) }
            count += 1
        }
        guard reader.errors.count == mark else { throw Refused() }
        self = elements
    }
}

extension Array: SchemaDescribed where Element: SchemaDescribed {
    package typealias Checked = [Element]

    package static var schema: Schema { .array(of: Element.schema) }
}

extension Array: WireValue where Element: WireValue {
    /// Elements separated by commas.
    package init(parameter text: Substring) throws {
        self = try text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(Element.init(parameter:))
    }

    /// Elements obey the rules that always hold for their type, and there are at most 1,000 of them unless a rule says
    /// otherwise.
    package static func completed(_ rules: [Rule<[Element]>]) -> [Rule<[Element]>] {
        let each = rules.contains { $0.traits.contains(.each) } ? [] : [Rule<[Element]>.each()]
        let bounded = rules.contains { $0.traits.contains(.bounded) }
        return (bounded ? [] : [.count(0...1_000)]) + each + rules
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// In the order of the names, so that equal values are written equally.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in sorted(by: { $0.key < $1.key }) { writer.member(name: name, value) }
        writer.endObject()
    }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    package init(from reader: inout JSONReader) throws {
        var members: [String: Value] = [:]
        let mark = reader.errors.count
        try reader.object { name, reader in
            try reader.collecting(at: name) { members[name] = try Value(from: &$0) }
        }
        guard reader.errors.count == mark else { throw Refused() }
        self = members
    }
}

extension Dictionary: SchemaDescribed where Key == String, Value: SchemaDescribed {
    package typealias Checked = [String: Value]

    package static var schema: Schema { .map(of: Value.schema) }
}

extension Dictionary: WireValue where Key == String, Value: WireValue {
    /// Names are clean, values obey the rules that always hold for their type, and there are at most 100 of them unless a
    /// rule says otherwise.
    package static func completed(_ rules: [Rule<[String: Value]>]) -> [Rule<[String: Value]>] {
        let each = rules.contains { $0.traits.contains(.each) } ? [] : [Rule<[String: Value]>.each()]
        let bounded = rules.contains { $0.traits.contains(.bounded) }
        return (bounded ? [] : [.count(0...100)]) + [.cleanNames()] + each + rules
    }
}
