import Runtime

/// A request to be sent to somebody else.
package struct ClientRequest: Sendable {
    package var method: Method
    package var url: ClientURL
    /// Fields in order. Host, Content-Length, Connection and Transfer-Encoding are the client's own.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    /// Sent instead of `body`, while it is read.
    package var source: ClientBody?
    /// From the call to the last byte of the answer; nil for the client's own limit. Where a body or an answer is passed on
    /// while it comes, the longest time without a byte of it.
    package var timeout: Duration?
    /// Where the URL's host is reached, whatever its name says by now; no other address is asked, and no proxy. Its name
    /// is what the certificate must be for. Nil for a look-up.
    package var addresses: [SocketAddress]?
    /// The largest body accepted; nil for the client's own limit.
    package var largestAnswer: Int?

    package init(
        _ method: Method, _ url: ClientURL, fields: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration? = nil, largestAnswer: Int? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.largestAnswer = largestAnswer
    }

    /// The request as it goes onto the wire, or nil when a field cannot be sent as it is.
    func bytes(viaProxy proxy: ClientProxy?) -> [UInt8]? {
        var text = "\(method.name) "
        // "When making a request to a proxy, other than a CONNECT or server-wide OPTIONS request, a client MUST send the
        // target URI in absolute-form" (RFC 9112 section 3.2.2).
        text += proxy != nil && !url.isSecure ? url.description : url.target
        text += " HTTP/1.1\r\nHost: \(url.authority)\r\n"
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(Grammar.isToken), !Self.isOwn(name),
                value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 })
            else { return nil }
            text += "\(name): \(value)\r\n"
        }
        if let proxy, !url.isSecure, let credentials = proxy.authorization { text += "Proxy-Authorization: \(credentials)\r\n" }
        let length = source?.length ?? body.count
        if length > 0 || method == .post || method == .put || method == .patch { text += "Content-Length: \(length)\r\n" }
        text += "\r\n"
        return source == nil ? Array(text.utf8) + body : Array(text.utf8)
    }

    private static func isOwn(_ name: String) -> Bool {
        ["host", "content-length", "transfer-encoding", "connection"].contains(name.lowercased())
    }
}
