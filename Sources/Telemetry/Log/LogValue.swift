/// The value of a field.
package enum LogValue: Sendable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case flag(Bool)

    package init(_ value: some BinaryInteger) { self = .integer(Int64(clamping: value)) }
    package init(_ value: some CustomStringConvertible) { self = .text(value.description) }

    /// An error as the program describes it to its operators; never sent to a client.
    package static func error(_ error: any Error) -> LogValue { .text(String(describing: error)) }

    /// A duration in milliseconds.
    package static func milliseconds(_ duration: Duration) -> LogValue {
        let (seconds, attoseconds) = duration.components
        return .number(Double(seconds) * 1e3 + Double(attoseconds / 1_000_000_000_000) / 1e3)
    }
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}
