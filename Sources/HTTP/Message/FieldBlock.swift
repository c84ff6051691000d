/// Field lines that many answers share, laid out once at start.
package struct FieldBlock: Sendable {
    let bytes: [UInt8]

    /// Traps when a name is no token or a value holds a control character: blocks are written by the program, at start.
    package init(_ fields: KeyValuePairs<String, String>) {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            precondition(!name.isEmpty && name.utf8.allSatisfy(Grammar.isToken), "field name \(name)")
            precondition(value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }, "value of field \(name)")
            bytes += Array("\(name): \(value)\r\n".utf8)
        }
        self.bytes = bytes
    }
}
