import Values

extension String: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readString() }
    package static var schema: Schema { Schema(.string) }

    /// Text is cleaned before anything else looks at it, and never longer than 255 characters unless a rule says so.
    package static func completed(_ rules: [Rule<String>]) -> [Rule<String>] { TextCleaning.completed(rules) }
}

extension Bool: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readBool() }
    package static var schema: Schema { Schema(.boolean) }
}

extension Int: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(self) }
    package init(from reader: inout JSONReader) throws { self = Int(try reader.readInteger()) }
    package static var schema: Schema { Schema(.integer, format: "int64") }
}

extension Int64: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readInteger() }
    package static var schema: Schema { Schema(.integer, format: "int64") }
}

extension Int32: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(Int64(self)) }
    package init(from reader: inout JSONReader) throws {
        guard let value = Int32(exactly: try reader.readInteger()) else { throw Refusal.outOfRange }
        self = value
    }
    package static var schema: Schema { Schema(.integer, format: "int32") }
}

extension Double: WireValue {
    package func write(to writer: inout JSONWriter) { writer.write(self) }
    package init(from reader: inout JSONReader) throws {
        let text = String(decoding: try reader.readNumber(), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw Refusal.outOfRange }
        self = value
    }
    package static var schema: Schema { Schema(.number, format: "double") }
}

extension DecimalNumber: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeNumber(self) }
    package init(from reader: inout JSONReader) throws {
        self = try reader.readNumber(DecimalNumber.self, "a number")
    }
    package static var schema: Schema { Schema(.number) }
}

extension FixedPoint: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeNumber(mantissa: raw, scale: scale) }
    package init(from reader: inout JSONReader) throws {
        let number = try reader.readNumber(DecimalNumber.self, "a number")
        guard let fixed: FixedPoint<scale> = number.fixed() else {
            guard number.scale > scale else { throw Refusal.outOfRange }
            throw Refusal(code: "decimals", message: "must have at most \(scale) decimals")
        }
        self = fixed
    }
    package static var schema: Schema {
        var schema = Schema(.number)
        schema.multipleOf = DecimalNumber(mantissa: 1, scale: scale)
        return schema
    }
}

extension UUID: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readText(UUID.self, "a UUID") }
    package static var schema: Schema { Schema(.string, format: "uuid") }
}

extension ID: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(uuid) }
    package init(from reader: inout JSONReader) throws { self.init(try UUID(from: &reader)) }
    package static var schema: Schema { UUID.schema }
}

extension Instant: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(self) }
    package init(from reader: inout JSONReader) throws {
        self = try reader.readText(Instant.self, "an instant (RFC 3339)")
    }
    package static var schema: Schema { Schema(.string, format: "date-time") }
}

extension Day: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readText(Day.self, "a date (YYYY-MM-DD)") }
    package static var schema: Schema { Schema(.string, format: "date") }
}

extension Period: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(self) }
    package init(from reader: inout JSONReader) throws { self = try reader.readText(Period.self, "a month (YYYY-MM)") }
    package static var schema: Schema {
        var schema = Schema(.string)
        schema.pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"
        schema.specimen = "2026-01"
        return schema
    }
}

extension Currency: WireValue {
    package func write(to writer: inout JSONWriter) { writer.writeQuoted(self) }
    package init(from reader: inout JSONReader) throws {
        self = try reader.readText(Currency.self, "a currency code (ISO 4217)")
    }
    package static var schema: Schema {
        var schema = Schema(.string)
        schema.pattern = "^[A-Z]{3}$"
        schema.specimen = "EUR"
        return schema
    }
}
