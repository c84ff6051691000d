/// Every bound of WebSockets. The defaults are those of the platform's specification (0-platform 5.3).
package struct WebSocketLimits: Sendable {
    /// Bytes of one frame; a longer one ends the socket with 1009.
    package var frame = 64 * 1024
    /// Bytes of one message, compressed or not; a longer one ends the socket with 1009.
    package var message = 1_000_000
    /// Bytes that may wait for a client to read them; beyond it the socket is dropped.
    package var unsent = 1024 * 1024
    /// How long they may wait without the client taking one.
    package var writeStall = Duration.seconds(30)
    /// From our close frame to the client's; then the socket is dropped.
    package var closing = Duration.seconds(5)
    /// From a ping to the next sign of life; beyond it the socket is dropped.
    package var pong = Duration.seconds(20)
    /// How often these times are looked at.
    package var tick = Duration.seconds(1)
    /// Whether permessage-deflate is agreed to.
    package var deflates = true
    /// Whether a socket may have a window of its own for it: up to 300 KB each.
    package var keepsContext = false
    /// Shorter messages are sent as they are: compressing them costs more than it saves.
    package var smallestDeflated = 1024

    package init() {}
}
