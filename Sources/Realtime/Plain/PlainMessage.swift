import JSON

/// What a client of `/ws` sends.
struct PlainMessage {
    enum Kind: String { case auth, subscribe, unsubscribe, resume, ping }

    let kind: Kind
    let token: String?
    let room: String?
    let seq: Int?

    /// Nil for what is none of these.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue.decode(json: bytes), let type = value["type"]?.string,
            let kind = Kind(rawValue: type)
        else { return nil }
        self.kind = kind
        token = value["token"]?.string
        room = value["room"]?.string
        seq = value["seq"]?.int
    }
}
