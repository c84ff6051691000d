import Runtime

/// A connection that has left HTTP (RFC 9110 section 7.8), WebSocket above all. The taker owns the descriptor.
package struct HandedOver: Sendable {
    package let fd: Int32
    package let loop: EventLoop
    package let peer: PeerAddress
    /// What had been received behind the request.
    package let received: [UInt8]
    /// What of the answer the kernel would not take yet; to be sent first.
    package let unsent: [UInt8]
    /// The connection counts as one of the server's for as long as this is held.
    let place: ConnectionPlace
}
