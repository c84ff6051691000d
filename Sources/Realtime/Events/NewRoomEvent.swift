import JSON

/// Something to be told to a room.
struct NewRoomEvent: Sendable {
    let room: String
    let name: String
    let data: JSONText
}
