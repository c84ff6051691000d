import CSystem
import Glibc
import JSON

/// A request as an emulated service has read it from its socket.
package struct EmulatedRequest: Sendable {
    package let method: String
    /// Without the query.
    package let path: String
    package let query: [(name: String, value: String)]
    /// Names in lower case.
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]

    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    package var json: JSONValue { JSONValue.parsed(body) ?? .null }
    package var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as a form has it.
    package var form: [(name: String, value: String)] { Self.pairs(text) }

    package func form(_ name: String) -> String? { form.first { $0.name == name }?.value }
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Nil when the connection ends first.
    init?(reading connection: Int32) {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(connection, &byte, 1, 0) == 1, head.count < 65536 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        method = String(words[0])
        let target = words[1].split(separator: "?", maxSplits: 1)
        path = String(target[0])
        query = target.count == 2 ? Self.pairs(String(target[1])) : []
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[colon...].dropFirst().drop { $0 == " " }.description)
        }
        var left = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        var body: [UInt8] = []
        while left > 0 {
            var space = [UInt8](repeating: 0, count: min(left, 65536))
            let count = recv(connection, &space, space.count, 0)
            guard count > 0 else { return nil }
            body += space[..<count]
            left -= count
        }
        self.body = body
    }

    private static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            if first == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(first == UInt8(ascii: "+") ? UInt8(ascii: " ") : first)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
