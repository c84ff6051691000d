import HTTP
import Runtime
import Service

/// Which addresses a request may go to whose URL somebody else has chosen: public ones, so that nobody reaches by us what
/// only we reach (0-platform 5.3 and 7, 16).
package struct AddressGuard: Sendable {
    /// Networks of ours in which endpoints may lie all the same, without TLS too.
    let exceptions: [Network]

    package init(exceptions: [Network] = []) { self.exceptions = exceptions }

    func admits(_ address: SocketAddress) -> Bool {
        guard address.family != .unix else { return false }
        return isException(address) || Self.isPublic(address)
    }

    func isException(_ address: SocketAddress) -> Bool { exceptions.contains { $0.contains(address) } }

    /// Globally reachable by the registries of IANA for special-purpose addresses (RFC 6890), and not a way around them:
    /// an address of IPv4 within one of IPv6 is judged by itself.
    static func isPublic(_ address: SocketAddress) -> Bool {
        if let inner = embedded(in: address) { return isPublic(inner) }
        if address.family == .v4 { return !special4.contains { $0.contains(address) } }
        return global6.contains(address) && !special6.contains { $0.contains(address) }
    }

    /// The address of IPv4 that one of IPv6 stands for: mapped (RFC 4291, 2.5.5.2), or to be translated (NAT64, RFC 6052,
    /// 2.1).
    private static func embedded(in address: SocketAddress) -> SocketAddress? {
        guard address.family == .v6 else { return nil }
        let bytes = Array(address.addressBytes)
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        let isTranslated = bytes[..<4].elementsEqual([0, 0x64, 0xff, 0x9b]) && bytes[4..<12].allSatisfy { $0 == 0 }
        guard isMapped || isTranslated else { return nil }
        let text = bytes[12...].map(String.init).joined(separator: ".")
        return SocketAddress(ip: text, port: address.port)
    }

    private static let special4: [Network] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ].map { Network($0)! }

    /// What is handed out to networks of the internet; all else is local, multicast, or for protocols.
    private static let global6 = Network("2000::/3")!

    /// Protocol assignments and Teredo, documentation, 6to4 (which holds an address of IPv4), direct delegation.
    private static let special6: [Network] = [
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    ].map { Network($0)! }
}

extension AddressGuard {
    /// What can be told of a URL before its name is looked up; nil where nothing is against it.
    func refusal(of text: String) -> WebhookProblem? {
        guard let url = ClientURL(text) else { return .urlInvalid }
        // Also a number in another spelling, which the system's look-up would take for an address: only dotted names with
        // a letter in their last part are names (RFC 3696, 2), and addresses are written plainly.
        guard let address = SocketAddress(ip: url.host, port: url.port) else {
            guard url.isSecure else { return .urlInsecure }
            let labels = url.host.split(separator: ".", omittingEmptySubsequences: false)
            let isName = labels.count >= 2 && labels.last?.first?.isLetter == true
            let isLocal = ["localhost", "local", "internal", "localdomain", "home", "lan"].contains(labels.last.map(String.init) ?? "")
            return isName && !isLocal ? nil : .urlNotPublic
        }
        guard admits(address) else { return .urlNotPublic }
        return url.isSecure || isException(address) ? nil : .urlInsecure
    }
}
