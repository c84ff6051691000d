/// A message that goes to many sockets: framed once, and compressed once where no socket has a window of its own.
/// Confined to one loop.
package final class WebSocketMessage {
    let isText: Bool
    let payload: [UInt8]
    private var plain: [UInt8]?
    private var packed: [Int: [UInt8]?] = [:]

    package init(text: [UInt8]) {
        isText = true
        payload = text
    }

    package init(binary: [UInt8]) {
        isText = false
        payload = binary
    }

    /// The frame as it is.
    var frame: [UInt8] {
        if let plain { return plain }
        let frame = Self.framed(payload, isText: isText, isCompressed: false)
        plain = frame
        return frame
    }

    /// The frame compressed with a window of so many bits; nil where nothing is gained.
    func frame(bits: Int, _ deflater: Deflater?) -> [UInt8]? {
        if let known = packed[bits] { return known }
        let frame = payload.withUnsafeBytes { deflater?.deflate($0) }
            .map { Self.framed($0, isText: isText, isCompressed: true) }
        packed[bits] = .some(frame)
        return frame
    }

    private static func framed(_ payload: [UInt8], isText: Bool, isCompressed: Bool) -> [UInt8] {
        var out = OutgoingBytes()
        WebSocket.writeHead(isText ? .text : .binary, isCompressed: isCompressed, payload.count, to: &out)
        return Array(out.bytes) + payload
    }
}
