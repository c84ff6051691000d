import COpenSSL

/// A request to become a WebSocket, checked (RFC 6455 section 4.2.1), and the answer to it.
package struct WebSocketHandshake: Sendable {
    /// Why a request cannot become a WebSocket.
    package enum Fault: Error, Sendable {
        /// It does not ask for that: 426 with Upgrade, where nothing else is offered.
        case noUpgrade
        /// Another version of the protocol: 426 with `Sec-WebSocket-Version: 13` (section 4.4).
        case otherVersion
        /// Sec-WebSocket-Key is not the base64 of 16 bytes: 400.
        case malformedKey
    }

    /// What the client would speak, in its order of preference.
    package let subprotocols: [String]
    let accept: String
    let deflate: DeflateTerms?

    /// - Parameter limits: whether compression is agreed to, and how.
    package init(_ x: Exchange, limits: WebSocketLimits) throws(Fault) {
        guard x.method == .get, !x.isHTTP10, Self.lists(x, "upgrade", "websocket"), Self.lists(x, "connection", "upgrade")
        else { throw .noUpgrade }
        guard let version = x.field("sec-websocket-version"), version.equals("13") else { throw .otherVersion }
        guard let key = x.field("sec-websocket-key"), Self.isKey(key) else { throw .malformedKey }
        accept = Self.accept(key)
        var subprotocols: [String] = []
        x.forEachMember(of: "sec-websocket-protocol") { subprotocols.append($0.text) }
        self.subprotocols = subprotocols
        deflate = limits.deflates ? DeflateTerms(x, keepsContext: limits.keepsContext) : nil
    }

    /// Whether a request wants to become a WebSocket, rightly or not.
    package static func isWanted(_ x: Exchange) -> Bool { lists(x, "upgrade", "websocket") }

    private static func lists(_ x: Exchange, _ name: StaticString, _ wanted: StaticString) -> Bool {
        var found = false
        x.forEachMember(of: name) { if $0.equals(ignoringCase: wanted) { found = true } }
        return found
    }

    /// 22 characters of base64, of which the last holds four bits that are zero, and two signs of padding.
    private static func isKey(_ key: UnsafeRawBufferPointer) -> Bool {
        guard key.count == 24, key[22] == UInt8(ascii: "="), key[23] == UInt8(ascii: "=") else { return false }
        switch key[21] {
        case UInt8(ascii: "A"), UInt8(ascii: "Q"), UInt8(ascii: "g"), UInt8(ascii: "w"): break
        default: return false
        }
        return key[..<21].allSatisfy { byte in
            Grammar.isDigit(byte) || byte | 0x20 &- 0x61 < 26 && byte & 0x40 != 0 || byte == 0x2b || byte == 0x2f
        }
    }

    /// "base64-encoded SHA-1 of the concatenation of the |Sec-WebSocket-Key| with the string
    /// 258EAFA5-E914-47DA-95CA-C5AB0DC85B11" (section 4.2.2).
    static func accept(_ key: UnsafeRawBufferPointer) -> String {
        let input = Array(key) + Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        SHA1(input, input.count, &digest)
        var text = [UInt8](repeating: 0, count: 29)
        EVP_EncodeBlock(&text, digest, Int32(digest.count))
        return String(decoding: text[..<28], as: UTF8.self)
    }

    func write(_ head: inout HeadWriter, subprotocol: String?) {
        head.field("Upgrade", "websocket")
        head.field("Connection", "Upgrade")
        head.field("Sec-WebSocket-Accept", accept)
        if let subprotocol { head.field("Sec-WebSocket-Protocol", subprotocol) }
        if let deflate { head.field("Sec-WebSocket-Extensions", deflate.answer) }
    }
}
