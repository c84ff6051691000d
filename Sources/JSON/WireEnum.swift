import Values

/// An enumeration spelled by its raw values: `enum Source: String, WireEnum { case manual, auto }`.
package protocol WireEnum: RawRepresentable, CaseIterable, WireValue, TextReadable, Hashable
where RawValue == String, Checked == Self {}

extension WireEnum {
    package func write(to writer: inout JSONWriter) { writer.write(rawValue) }

    package init(from reader: inout JSONReader) throws {
        guard let value = Self(rawValue: try reader.readString()) else {
            throw Refusal(code: "choice", message: "must be \(Self.schema.expectation)")
        }
        self = value
    }

    package init?(text: Substring) { self.init(rawValue: String(text)) }

    package init(parameter text: Substring) throws {
        guard let value = Self(text: text) else {
            throw Refusal(code: "choice", message: "must be \(Self.schema.expectation)")
        }
        self = value
    }

    package static var schema: Schema {
        var schema = Schema(.string)
        schema.cases = allCases.map(\.rawValue)
        return schema
    }
}
