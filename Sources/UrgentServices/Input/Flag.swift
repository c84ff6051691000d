import JSON

/// A yes or no in a query: `true`, `false`, `1`, `0`.
struct Flag: Sendable, Hashable {
    let isSet: Bool

    static let no = Flag(isSet: false)
}

extension Flag: WireValue, TextReadable {
    init?(text: Substring) {
        switch text {
        case "true", "1": isSet = true
        case "false", "0": isSet = false
        default: return nil
        }
    }

    init(from reader: inout JSONReader) throws { isSet = try reader.readBool() }
    func write(to writer: inout JSONWriter) { writer.write(isSet) }
    static var schema: Schema { Schema(.boolean) }
}
