import HTTP
import Runtime
import Values

/// The socket of a conversation, as the product sees it. Confined to its loop; lives as long as the socket is open.
package protocol SocketLine: AnyObject {
    var address: String { get }
    var loop: EventLoop { get }
    var isOpen: Bool { get }
    /// How many rooms the socket is in.
    var roomCount: Int { get }

    /// Sends a text. A client that has more than `SocketContract.queue` of them to fetch is told to come again (1013).
    func say(_ text: [UInt8])
    func close(_ code: CloseCode, _ reason: String)
    /// Has `body` done after what was asked before.
    func perform(_ body: @escaping () async -> Void)
    /// Enters a room; whether it may is for the product to say. Throws when nobody can tell how far the room is.
    func enter(_ room: String) async throws
    func leave(_ room: String)
    func isIn(_ room: String) -> Bool
}
