import Values

/// How many failed sign-ins one subject may have within a quarter of an hour before it is locked for another.
package struct AttemptLimit: Hashable, Sendable {
    package let key: String
    package let failures: Int

    package static let window = Duration.minutes(15)
    package static let lock = Duration.minutes(15)

    /// The limits that one sign-in counts against: this account from this network, the account, the network.
    ///
    /// Sorted, so that two sign-ins that share rows lock them in the same order.
    package static func all(account: String, network: String) -> [AttemptLimit] {
        [
            AttemptLimit(key: "account:\(account)", failures: 20),
            AttemptLimit(key: "both:\(network)|\(account)", failures: 5),
            AttemptLimit(key: "network:\(network)", failures: 50),
        ]
    }

    /// The network of a client address: the address itself for IPv4, the first 64 bits for IPv6, of which every
    /// household has more than it can use.
    package static func network(of address: String) -> String {
        guard address.contains(":") else { return address }
        // An IPv4 peer on a socket that speaks both: ::ffff:192.0.2.1.
        if let last = address.split(separator: ":").last, last.contains(".") { return String(last) }
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups = halves[0].split(separator: ":")
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":")
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}
