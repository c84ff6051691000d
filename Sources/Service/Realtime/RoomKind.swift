/// A kind of room that sockets may enter: `condo:{id}`, `queue`. Modules hand theirs over; whoever is in a room hears its
/// events.
package struct RoomKind: Sendable {
    package typealias Check = nonisolated(nonsending) @Sendable (Caller, String) async throws -> Bool

    /// What stands before the colon, or the whole name of the one room of its kind.
    package let name: String
    /// Whether the caller may enter the room with that id, which is empty for the one room of its kind. Asked at the entry,
    /// when the caller's rights change, and every minute. A room that does not exist is refused like a foreign one.
    package let admits: Check

    package init(_ name: String, admits: @escaping Check) {
        self.name = name
        self.admits = admits
    }
}

extension [RoomKind] {
    /// The kind of a room, and what its check is asked for; nil for what is no room's name.
    package func kind(of room: String) -> (kind: RoomKind, id: String)? {
        guard room.utf8.count <= 200 else { return nil }
        let parts = room.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = first(where: { $0.name.utf8.elementsEqual(parts[0].utf8) }) else { return nil }
        if parts.count == 2, parts[1].isEmpty { return nil }
        return (kind, parts.count == 2 ? String(parts[1]) : "")
    }
}
