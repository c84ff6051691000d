import Values

/// Money in an answer: a JSON number with the currency's own number of decimals. The currency stands beside it, in a member
/// of its own.
package struct Amount: JSONWritable, SchemaDescribed, Hashable, Sendable {
    package let minor: Int64
    package let currency: Currency

    package init(_ minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    package init(_ money: Money) {
        self.init(money.minor, money.currency)
    }

    package func write(to writer: inout JSONWriter) {
        writer.separate()
        writer.append(atMost: 24) {
            DecimalText.write(mantissa: minor, scale: currency.exponent, trimmed: false, to: $0)
        }
    }

    package static var schema: Schema { Schema(.number) }
}
