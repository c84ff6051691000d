import HTTP
import Service
import Values

/// A path where a product's own conversation is held.
package struct SocketContract: Sendable {
    let path: String
    let id: String
    let summary: String
    let tag: String
    /// Texts that may wait for a client.
    let queue: Int
    let limits: WebSocketLimits
    let pingInterval: Duration
    let declare: @Sendable (Operation) -> Operation
    let begin: @Sendable (any SocketLine) -> any SocketTalk

    /// - Parameters:
    ///   - frame: the largest of a client, in bytes.
    ///   - pingInterval: how often a client is asked for a sign of life.
    ///   - patience: how long after that it may be silent.
    ///   - declare: what the operation is besides.
    ///   - begin: makes the conversation of a socket, on its loop.
    package init(
        _ path: String, _ id: String, _ summary: String, tag: String, queue: Int, frame: Int, pingInterval: Duration,
        patience: Duration, declare: @escaping @Sendable (Operation) -> Operation = { $0 },
        begin: @escaping @Sendable (any SocketLine) -> any SocketTalk
    ) {
        self.path = path
        self.id = id
        self.summary = summary
        self.tag = tag
        self.queue = queue
        self.pingInterval = pingInterval
        self.declare = declare
        self.begin = begin
        var limits = WebSocketLimits()
        limits.frame = frame
        limits.message = frame
        limits.pong = patience
        self.limits = limits
    }
}

/// A module that holds such conversations.
package protocol Talking: Module {
    var contracts: [SocketContract] { get }
}
