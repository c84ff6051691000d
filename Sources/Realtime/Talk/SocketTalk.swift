/// A product's own conversation on a WebSocket, over the rooms of everybody: what it hears, and what it makes of events.
/// Confined to the loop of its socket.
package protocol SocketTalk: AnyObject {
    /// The client has said something; valid during the call only.
    func heard(_ bytes: UnsafeRawBufferPointer, isText: Bool)
    /// A room has been told something that the socket is in.
    func told(_ event: RoomEvent)
    /// Events of a room are gone before they could be told.
    func missed(_ room: String)
    /// The socket is no more.
    func ended()
}
