/// What stands behind a WebSocket. All calls come on the socket's loop and must not block.
package protocol WebSocketHandler: AnyObject {
    /// A whole message. The view holds during the call only.
    func received(_ message: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket)

    /// The socket has ended; called once, and nothing is sent any more. The socket lets go of its handler afterwards.
    func ended(_ socket: WebSocket, _ end: WebSocketEnd)
}
