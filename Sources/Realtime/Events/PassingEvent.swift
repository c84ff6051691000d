import JSON

/// Something told to those who are in some rooms just then, and kept for nobody.
struct PassingEvent: Sendable {
    let rooms: [String]
    let name: String
    let data: JSONText

    /// What a notification of PostgreSQL may carry is below 8000 bytes (manual, NOTIFY).
    static let largest = 7900

    /// Several in one notification each, in their order, and those that fit into none.
    static func packed(_ events: [PassingEvent]) -> (payloads: [String], tooLarge: [PassingEvent]) {
        var payloads: [String] = [], tooLarge: [PassingEvent] = []
        var payload: [UInt8] = []
        func close() {
            guard !payload.isEmpty else { return }
            payloads.append(String(decoding: payload + [UInt8(ascii: "]")], as: UTF8.self))
            payload = []
        }
        for event in events {
            var writer = JSONWriter()
            writer.beginArray()
            event.rooms.write(to: &writer)
            event.name.write(to: &writer)
            event.data.write(to: &writer)
            writer.endArray()
            let bytes = writer.bytes
            guard bytes.count + 2 <= largest else {
                tooLarge.append(event)
                continue
            }
            if payload.count + bytes.count + 2 > largest { close() }
            payload.append(payload.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
            payload += bytes
        }
        close()
        return (payloads, tooLarge)
    }

    /// What a notification has carried.
    static func unpacked(_ payload: String) throws -> [PassingEvent] {
        let json = try JSONValue.decode(json: Array(payload.utf8))
        return (json.array ?? []).compactMap { item in
            guard let parts = item.array, parts.count == 3, let rooms = parts[0].array, let name = parts[1].string else {
                return nil
            }
            return PassingEvent(rooms: rooms.compactMap(\.string), name: name, data: JSONText(encoding: parts[2]))
        }
    }
}
