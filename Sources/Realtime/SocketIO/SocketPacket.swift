import JSON

/// A packet of the Socket.IO protocol, revision 5: `<type>[<attachments>-][<namespace>,][<id>][<JSON>]`.
struct SocketPacket {
    enum Kind: UInt8 {
        case connect = 0x30
        case disconnect = 0x31
        case event = 0x32
        case ack = 0x33
        case connectError = 0x34
        case binaryEvent = 0x35
        case binaryAck = 0x36

        var isBinary: Bool { self == .binaryEvent || self == .binaryAck }
    }

    let kind: Kind
    /// Binary messages that follow.
    let attachments: Int
    let namespace: String
    /// What an acknowledgement is to name.
    let id: Int?
    let payload: JSONValue?

    static let mostAttachments = 16

    /// Nil for what is none.
    init?(_ bytes: [UInt8]) {
        guard let first = bytes.first, let kind = Kind(rawValue: first) else { return nil }
        var rest = bytes.dropFirst()
        func number() -> Int? {
            let digits = rest.prefix { $0 &- 0x30 < 10 }
            guard !digits.isEmpty, digits.count <= 15 else { return nil }
            rest = rest.dropFirst(digits.count)
            return Int(String(decoding: digits, as: UTF8.self))
        }
        var attachments = 0
        if kind.isBinary {
            guard let count = number(), 1...Self.mostAttachments ~= count, rest.popFirst() == UInt8(ascii: "-")
            else { return nil }
            attachments = count
        }
        var namespace = "/"
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            guard name.count <= 100 else { return nil }
            rest = rest.dropFirst(name.count + 1)
            // A query may follow the name, as older clients send it.
            namespace = String(decoding: name.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        }
        let id = number()
        var payload: JSONValue?
        if !rest.isEmpty {
            do { payload = try JSONValue.decode(json: Array(rest)) } catch { return nil }
        }
        self.kind = kind
        self.attachments = attachments
        self.namespace = namespace
        self.id = id
        self.payload = payload
    }

    // MARK: Writing

    static func event(_ namespace: String, _ name: String, _ arguments: [some JSONWritable]) -> [UInt8] {
        packet(.event, namespace) { writer in
            writer.beginArray()
            writer.write(name)
            for argument in arguments { argument.write(to: &writer) }
            writer.endArray()
        }
    }

    static func ack(_ namespace: String, id: Int, _ argument: JSONValue) -> [UInt8] {
        packet(.ack, namespace, id: id) { [argument].write(to: &$0) }
    }

    static func object(_ kind: Kind, _ namespace: String, _ members: JSONValue) -> [UInt8] {
        packet(kind, namespace) { members.write(to: &$0) }
    }

    static func bare(_ kind: Kind, _ namespace: String) -> [UInt8] { packet(kind, namespace) { _ in } }

    private static func packet(
        _ kind: Kind, _ namespace: String, id: Int? = nil, _ body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var bytes = [kind.rawValue]
        if namespace != "/" { bytes += Array(namespace.utf8) + [UInt8(ascii: ",")] }
        if let id { bytes += Array("\(id)".utf8) }
        var writer = JSONWriter()
        body(&writer)
        return bytes + writer.bytes
    }
}
