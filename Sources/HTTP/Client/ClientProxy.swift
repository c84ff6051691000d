/// A proxy for everything but the hosts named.
package struct ClientProxy: Sendable, Equatable {
    package var host: String
    package var port: UInt16
    /// The value of Proxy-Authorization, `Basic …`.
    package var authorization: String?
    /// Hosts reached directly; `.example.org` stands for all below it.
    package var except: [String]

    package init(host: String, port: UInt16, authorization: String? = nil, except: [String] = []) {
        self.host = host
        self.port = port
        self.authorization = authorization
        self.except = except.map { $0.lowercased() }
    }

    /// Reads `http://user:password@host:port`, as settings have it; user and password may be missing. Nil for anything
    /// else.
    package init?(_ text: String, except: [String] = []) {
        guard text.lowercased().hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(7)
        let at = rest.lastIndex(of: "@")
        let authority = at.map { rest[rest.index(after: $0)...] } ?? rest
        guard let url = ClientURL("http://\(authority)"), url.target == "/" else { return nil }
        self.init(
            host: url.host, port: url.port,
            authorization: at.map { "Basic " + Self.base64(Array(rest[..<$0].utf8)) }, except: except)
    }

    func serves(_ host: String) -> Bool {
        !except.contains { $0 == host || $0.hasPrefix(".") && host.hasSuffix($0) }
    }

    /// RFC 4648 section 4, for the credentials of RFC 7617.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for position in 0..<4 {
                text.append(position <= group.count ? alphabet[word >> (18 - 6 * position) & 63] : 0x3d)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
