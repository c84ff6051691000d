import Values

/// Any JSON value, for documents whose shape is not ours to declare: audit values, job data, replies of providers. Numbers
/// keep their spelling, objects the order of their members.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(name: String, value: JSONValue)])
}

extension JSONValue: WireValue {
    package typealias Checked = JSONValue

    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.writeNull()
        case .bool(let value): writer.write(value)
        case .number(var text): text.withUTF8 { writer.write(raw: UnsafeRawBufferPointer($0)) }
        case .string(let text): writer.write(text)
        case .array(let elements): elements.write(to: &writer)
        case .object(let members):
            writer.beginObject()
            for member in members { writer.member(name: member.name, member.value) }
            writer.endObject()
        }
    }

    package init(from reader: inout JSONReader) throws {
        switch try reader.peek() {
        case .null:
            _ = try reader.readNull()
            self = .null
        case .bool: self = .bool(try reader.readBool())
        case .number: self = .number(String(decoding: try reader.readNumber(), as: UTF8.self))
        case .string: self = .string(try reader.readString())
        case .array:
            var elements: [JSONValue] = []
            try reader.array { elements.append(try JSONValue(from: &$0)) }
            self = .array(elements)
        case .object:
            var members: [(name: String, value: JSONValue)] = []
            try reader.object { members.append(($0, try JSONValue(from: &$1))) }
            self = .object(members)
        }
    }

    package static var schema: Schema { Schema(.any) }
}

extension JSONValue: Hashable {
    /// Members compare without regard to their order, numbers by their value where that can be told.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.number(let left), .number(let right)):
            left == right || DecimalNumber(left).map { $0 == DecimalNumber(right) } ?? false
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in
                    right.contains { $0.name == member.name && $0.value == member.value }
                }
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        // What is equal may be spelled or ordered differently.
        case .number: hasher.combine(1)
        case .object(let members): hasher.combine(members.count)
        }
    }
}
